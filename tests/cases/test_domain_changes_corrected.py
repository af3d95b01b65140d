"""A period that was withdrawn or corrected takes the change with it that it had opened."""

from typing import Any

from tests.cases.arrange import open_case
from tests.cases.test_domain_changes import NEW, changed, domain_changes, settle
from tests.clients.arrange import add_period, new_client
from tests.world import Person, World


async def _period(person: Person, client_id: str, domain: str) -> str:
    seen = (await person.get(f"/v1/clients/{client_id}/legal-domains")).json()["items"]
    return str(next(each["id"] for each in seen if each["legal_domain"] == domain))


async def _changed(world: World) -> tuple[Person, str, str]:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await changed(manager, client_id)
    return manager, client_id, case_id


async def _correct(person: Person, client_id: str, **fields: Any) -> None:
    period = await _period(person, client_id, "SGB_II")
    path = f"/v1/clients/{client_id}/legal-domains/{period}/correct"
    answer = await person.post(path, {**NEW, **fields})
    assert answer.status_code in (200, 201), answer.text


async def _withdraw(person: Person, client_id: str) -> None:
    period = await _period(person, client_id, "SGB_II")
    answer = await person.post(f"/v1/clients/{client_id}/legal-domains/{period}/withdraw")
    assert answer.status_code == 200, answer.text


async def test_withdrawn_period_closes_the_change_that_it_opened(world: World) -> None:
    manager, client_id, case_id = await _changed(world)
    (one,) = await domain_changes(manager, case_id)
    assert (await settle(manager, case_id, one, 0, state="done")).status_code == 200
    await _withdraw(manager, client_id)
    (one,) = await domain_changes(manager, case_id)
    assert one["withdrawn_at"] is not None
    assert (one["open_items"], one["barrier_suggestion"]) == (0, None)
    assert [each["state"] for each in one["items"]].count("done") == 1
    told = {each["reason"] for each in one["items"] if each["state"] == "not_needed"}
    assert told == {"Der Zeitraum wurde zurückgenommen oder berichtigt"}
    groups = {each["group"]: each for each in (await manager.get("/v1/me/work")).json()["groups"]}
    assert groups["domain_changes_open"]["items"] == []


async def test_period_entered_again_has_one_change_that_runs(world: World) -> None:
    manager, client_id, case_id = await _changed(world)
    await _withdraw(manager, client_id)
    await add_period(manager, client_id, "legal-domains", **{**NEW, "valid_from": "2026-06-01"})
    running = [each for each in await domain_changes(manager, case_id) if each["withdrawn_at"] is None]
    assert [(each["changed_on"], each["days_without"]) for each in running] == [("2026-06-01", 0)]


async def test_correction_to_another_domain_opens_the_right_one(world: World) -> None:
    manager, client_id, case_id = await _changed(world)
    await _correct(manager, client_id, legal_domain="SGB_XII")
    found = {each["after"]: each for each in await domain_changes(manager, case_id)}
    assert (found["SGB_II"]["withdrawn_at"] is None, found["SGB_II"]["open_items"]) == (False, 0)
    assert (found["SGB_XII"]["withdrawn_at"], found["SGB_XII"]["days_without"]) == (None, 10)
    assert found["SGB_XII"]["open_items"] > 0


async def test_correction_of_the_first_day_moves_the_change_and_keeps_what_was_settled(world: World) -> None:
    manager, client_id, case_id = await _changed(world)
    (one,) = await domain_changes(manager, case_id)
    assert (await settle(manager, case_id, one, 0, state="done")).status_code == 200
    await _correct(manager, client_id, valid_from="2026-06-04")
    (moved,) = await domain_changes(manager, case_id)
    assert (moved["id"], moved["changed_on"], moved["days_without"]) == (one["id"], "2026-06-04", 3)
    assert (moved["withdrawn_at"], moved["items"][0]["state"]) == (None, "done")
    assert moved["barrier_suggestion"]["days"] == 3


async def test_correction_that_changes_neither_changes_nothing(world: World) -> None:
    manager, client_id, case_id = await _changed(world)
    before = await domain_changes(manager, case_id)
    await _correct(manager, client_id, valid_until="2027-05-31")
    assert await domain_changes(manager, case_id) == before


async def test_correction_to_what_there_was_before_leaves_no_change(world: World) -> None:
    manager, client_id, case_id = await _changed(world)
    await _correct(manager, client_id, legal_domain="ASYLBLG")
    (one,) = await domain_changes(manager, case_id)
    assert one["withdrawn_at"] is not None
