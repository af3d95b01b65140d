"""From asylum seekers' benefits to basic income support: the checklist of the change of legal domain."""

from tests.contract.stage import Stage

WHO = "Anja Berger"
PERSON = {
    "given_name": "Rahel", "family_name": "Tesfay", "birth_date": "1994-08-19", "sex": "w",
    "confirm_new": True,
}  # fmt: skip
BEFORE = {
    "strand": "livelihood", "legal_domain": "ASYLBLG", "valid_from": "2024-09-01",
    "valid_until": "2026-02-28",
}  # fmt: skip
AFTER = {"strand": "livelihood", "legal_domain": "SGB_II", "valid_from": "2026-03-09"}


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Changing, listing, settling, making a task."""
    who = {"client_id": (await stage.do(WHO, "create_client", PERSON))["id"]}
    opening = {"client_id": who["client_id"], "kind": "counselling", "access_route": "self"}
    case = {"case_id": (await stage.do(WHO, "open_case", opening))["id"]}
    for period in (BEFORE, AFTER):
        await stage.do(WHO, "add_legal_domain", period, **who)
    domain_change = (await stage.do(WHO, "list_domain_changes", **case))["items"][0]
    first, second = domain_change["items"][:2]
    there = {**case, "domain_change_id": domain_change["id"]}
    settled = {"state": "not_needed", "reason": "Aufenthaltserlaubnis liegt vor."}
    await stage.do(WHO, "settle_domain_change_item", settled, at=first, item_id=first["id"], **there)
    task = {"due_on": "2030-04-15"}
    await stage.do(WHO, "make_domain_change_task", task, item_id=second["id"], **there)
