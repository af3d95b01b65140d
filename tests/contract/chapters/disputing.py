"""A client says that an entry is wrong; the mark stands until it is settled."""

from tests.contract.stage import Stage

WHO = "Anja Berger"
BIRTH = {
    "entry": "client", "field": "birth_date", "says": "Ich bin am 21. April geboren, so steht es im Pass.",
    "disputed_on": "2026-03-02",
}  # fmt: skip


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Disputing, reading, resolving."""
    who = {"client_id": known["client"]}
    dispute = await stage.do(WHO, "dispute_entry", BIRTH, **who)
    await stage.do(WHO, "list_disputes", **who)
    settled = {"outcome": "confirmed", "reason": "Im Pass steht der 12. April; gemeinsam angesehen."}
    await stage.do(WHO, "resolve_dispute", settled, dispute_id=dispute["id"], **who)
