"""An unaccompanied minor of unknown age: taken into care first, then the office is the guardian."""

from tests.contract.stage import Stage

WHO = "Anja Berger"
MINOR = {
    "given_name": "Samir", "family_name": "Nazari", "sex": "m",
    "confirm_new": True,
}  # fmt: skip
CARE = {
    "kind": "taken_into_care", "name": "Jugendamt, Bereitschaft", "reachable": "0201 88-51000",
    "scope": ["custody"], "valid_from": "2026-01-05",
    "evidence": "Inobhutnahme nach § 42a SGB VIII, mündlich",
}  # fmt: skip
GUARDIAN = {
    "kind": "guardian", "name": "Jugendamt als Amtsvormund, Frau Thiel", "scope": ["custody"],
    "valid_from": "2026-02-16", "evidence": "Beschluss des Familiengerichts vom 16.02.2026",
}  # fmt: skip


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Recording, ending, listing."""
    who = {"client_id": (await stage.do(WHO, "create_client", MINOR))["id"]}
    care = await stage.do(WHO, "record_guardian", CARE, **who)
    there = {**who, "guardian_id": care["id"]}
    await stage.do(WHO, "change_guardian", {"valid_until": "2026-02-15"}, at=care, **there)
    await stage.do(WHO, "record_guardian", GUARDIAN, **who)
    await stage.do(WHO, "list_guardians", **who)
