"""Somebody hidden keeps a case manager: handed on, taken over, and named when nobody is left."""

from tests.contract.stage import Stage

ADMIN, LEAD = "Ina Conrads", "Sabine Reuter"
FIRST, SECOND, THIRD = "Lena Vogt", "Murat Aydin", "Anja Berger"
PERSON = {
    "given_name": "Samira", "family_name": "Nazari", "birth_date": "1991-07-30", "sex": "w",
    "is_restricted": True, "confirm_new": True,
}  # fmt: skip


async def play(stage: Stage, known: dict[str, str]) -> None:
    """The lead hands the case on, stands in for the new one, takes it over, and is away for a while."""
    client = await stage.do(FIRST, "create_client", PERSON)
    opening = {"client_id": client["id"], "kind": "case_management", "access_route": "self"}
    here = {"case_id": (await stage.do(FIRST, "open_case", opening))["id"]}
    await stage.do(FIRST, "hand_over_case", {"user_id": stage.given[SECOND]}, **here)
    term = {"user_id": stage.given[FIRST], "from": stage.day(0), "until": stage.day(14)}
    await stage.do(SECOND, "add_deputy", term, **here)
    await _leave(stage, SECOND)
    await stage.do(FIRST, "take_over_case", **here)
    back = {"role": "case_manager", "unit_id": stage.given["KI"]}
    await stage.do(ADMIN, "grant_membership", back, user_id=stage.given[SECOND])
    await _leave(stage, FIRST)
    due = await stage.do(LEAD, "read_work", query={"group": "cases_without_lead", "limit": 10})
    found = (each["target"] for each in due["groups"][0]["items"])
    vacancy = next(each["id"] for each in found if each["type"] == "vacancy")
    named = {
        "user_id": stage.given[THIRD],
        "reason": "Spricht Dari und hat Erfahrung mit Schutzeinrichtungen",
    }
    await stage.do(LEAD, "fill_vacancy", named, vacancy_id=vacancy)
    await stage.do(ADMIN, "grant_membership", back, user_id=stage.given[FIRST])


async def _leave(stage: Stage, name: str) -> None:
    who = {"user_id": stage.given[name]}
    user = await stage.do(ADMIN, "read_user", **who)
    membership = user["memberships"][0]["id"]
    await stage.do(ADMIN, "end_membership", membership_id=membership, **who)
