"""A case manager looks for a person, registers her, and writes down how her life changes."""

from tests.contract.stage import Stage

WHO = "Anja Berger"
OKSANA = {
    "given_name": "Oksana",
    "family_name": "Kovalenko",
    "birth_date": "1989-04-12",
    "sex": "w",
    "nationalities": ["166"],
    "phone": "+49 151 2345678",
    "contact_channels": ["phone"],
    "contact_language": "ukr",
    "needs_interpreter": True,
    "languages": [{"language": "ukr", "is_native": True, "valid_from": "1989-04-12"}],
    "household_members": [{"name": "Daryna Kovalenko", "birth_year": 2015, "relation": "child"}],
    "legal_domains": [{"strand": "livelihood", "legal_domain": "ASYLBLG", "valid_from": "2022-05-01"}],
}
RESIDENCE = {
    "residence_status": "AE-24", "valid_from": "2022-05-01", "printed_end": "2025-03-04",
    "continued_effect": "ordinance",
}  # fmt: skip
SGB_II = {"strand": "livelihood", "legal_domain": "SGB_II", "valid_from": "2022-06-01", "ends_previous": True}
HOME = {
    "strand": "registered", "street": "Hafenstraße 12", "postcode": "46483", "town": "Wesel",
    "municipality": "05170048", "valid_from": "2023-08-01",
}  # fmt: skip
GERMAN = {"language": "deu", "overall": "A2", "evidence": "certificate", "valid_from": "2025-09-01"}
SCHOOL = {"school_step": "attending", "school": "Gesamtschule Auental", "valid_from": "2025-08-15"}


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Registering, finding, changing; the household."""
    twin = {key: OKSANA[key] for key in ("given_name", "family_name", "birth_date")}
    client = await stage.do(WHO, "create_client", OKSANA, headers={"Idempotency-Key": "client-2026-0001"})
    who = {"client_id": client["id"]}
    known["client"] = client["id"]
    await stage.do(WHO, "search_duplicates", twin)
    await stage.do(WHO, "search_clients", {"name": "kowalenko oxana"}, query={"limit": 2})
    await stage.do(WHO, "review_duplicates")
    await stage.do(WHO, "list_clients", query={"limit": 2})
    client = await stage.do(WHO, "change_client", {"contact_times": "vormittags"}, at=client, **who)
    both = {"nationalities": ["166", "152"]}
    await stage.do(WHO, "replace_nationalities", both, at=client, **who)

    brother = {"name": "Taras Kovalenko", "birth_year": 1992, "relation": "sibling"}
    await stage.do(WHO, "add_household_member", brother, **who)
    household = await stage.do(WHO, "read_household", **who)
    member = next(each for each in household["items"] if each["name"].startswith("Taras"))
    there = {**who, "member_id": member["id"]}
    change = {"birth_year": 1993}
    household = await stage.do(WHO, "change_household_member", change, at=member, **there)
    member = next(each for each in household["items"] if each["id"] == member["id"])
    await stage.do(WHO, "remove_household_member", at=member, **there)
    await stage.do(WHO, "read_client", **who)


async def play_histories(stage: Stage, known: dict[str, str]) -> None:
    """Residence, benefits, addresses, languages, schooling: added, corrected, ended, withdrawn."""
    who = {"client_id": known["client"]}
    histories = (
        ("add_residence_document", "correct_residence_document", "list_residence_documents",
         {**RESIDENCE, "continued_until": stage.day(100)}, {"printed_end": "2025-03-31"}),
        ("add_legal_domain", "correct_legal_domain", "list_legal_domains", SGB_II,
         {"valid_from": "2022-06-15"}),
        ("add_address", "correct_address", "list_addresses", HOME, {"street": "Hafenstraße 21"}),
        ("add_language_level", "correct_language_level", "list_languages", GERMAN, {"overall": "B1"}),
        ("add_schooling", "correct_schooling", "list_schooling", SCHOOL, {"valid_from": "2025-08-20"}),
    )  # fmt: skip
    for add, correct, read, period, change in histories:
        added = await stage.do(WHO, add, period, **who)
        corrected = {key: value for key, value in {**period, **change}.items() if key != "ends_previous"}
        now = await stage.do(WHO, correct, corrected, period_id=added["id"], **who)
        await stage.do(WHO, read, query={"superseded": "true"}, **who)
    where = {**who, "period_id": now["id"], "history": "schooling"}
    await stage.do(WHO, "end_period", {"valid_until": "2025-12-31"}, **where)
    again = await stage.do(WHO, "add_schooling", {**SCHOOL, "valid_from": "2026-01-01"}, **who)
    await stage.do(WHO, "withdraw_period", **{**where, "period_id": again["id"]})
