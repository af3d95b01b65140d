"""A change of what a person lives on opens a checklist: who stops paying, who starts, what is missing."""

from typing import Any
from uuid import UUID

import pytest

from app.cases.domain_changes.checklists import items_of, pairs
from app.catalogues.check import vocabulary
from tests.cases.arrange import open_case
from tests.clients.arrange import add_period, new_client
from tests.world import Person, World

OLD = {"strand": "livelihood", "legal_domain": "ASYLBLG", "valid_from": "2024-01-01"}
NEW = {"strand": "livelihood", "legal_domain": "SGB_II", "valid_from": "2026-06-11"}


async def changed(person: Person, client_id: str, until: str = "2026-05-31", **new: Any) -> None:
    """Let asylum seekers' benefits end on a day and another benefit begin."""
    await add_period(person, client_id, "legal-domains", **OLD, valid_until=until)
    await add_period(person, client_id, "legal-domains", **{**NEW, **new})


async def domain_changes(person: Person, case_id: str) -> list[dict[str, Any]]:
    answer = await person.get(f"/v1/cases/{case_id}/domain-changes")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def settle(
    person: Person, case_id: str, domain_change: dict[str, Any], number: int, **body: Any
) -> Any:
    item = domain_change["items"][number]
    path = f"/v1/cases/{case_id}/domain-changes/{domain_change['id']}/items/{item['id']}"
    return await person.patch(path, body, if_match=f'"{item["version"]}"')


async def test_change_opens_the_checklist_of_its_pair_with_the_days_between(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await changed(manager, client_id)
    found = await domain_changes(manager, case_id)
    assert [(each["before"], each["after"], each["changed_on"], each["days_without"]) for each in found] == [
        ("ASYLBLG", "SGB_II", "2026-06-11", 10)
    ]
    assert {each["code"] for each in found[0]["items"]} >= {
        "residence_title", "stop_notice", "new_application", "health_insurance", "child_benefit", "account",
        "housing",
    }  # fmt: skip
    assert all(each["source"].startswith("§") and each["state"] == "open" for each in found[0]["items"])
    assert found[0]["open_items"] == len(found[0]["items"])
    assert found[0]["barrier_suggestion"] == {
        "effect": "benefit_gap", "from_legal_domain": "ASYLBLG", "to_legal_domain": "SGB_II", "days": 10,
    }  # fmt: skip


async def test_change_without_a_gap_suggests_no_barrier(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await changed(manager, client_id, until="2026-06-10")
    assert [
        (each["days_without"], each["barrier_suggestion"]) for each in await domain_changes(manager, case_id)
    ] == [(0, None)]


async def test_income_of_ones_own_is_a_change_and_no_interface_of_barriers(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    own = next(code for code, entry in vocabulary("livelihood").items() if entry)
    await changed(manager, client_id, legal_domain=None, livelihood=own)
    found = await domain_changes(manager, case_id)
    assert [(each["after"], each["barrier_suggestion"]) for each in found] == [(own, None)]


async def test_every_open_case_gets_it_and_a_closed_one_does_not(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    closed, own = await open_case(manager, client_id), await open_case(manager, client_id)
    shut = "UPDATE cases SET phase = 'closed', closed_on = '2026-01-01' WHERE id = $1"
    await world.admin.execute(shut, UUID(closed))
    await changed(manager, client_id)
    assert (len(await domain_changes(manager, own)), len(await domain_changes(manager, closed))) == (1, 0)


async def test_same_benefit_again_opens_nothing(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await changed(manager, client_id, legal_domain="ASYLBLG")
    assert await domain_changes(manager, case_id) == []


async def test_item_is_settled_with_a_reason_where_it_is_not_needed(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await changed(manager, client_id)
    one = (await domain_changes(manager, case_id))[0]
    assert (await settle(manager, case_id, one, 0, state="not_needed")).status_code == 422
    assert (await settle(manager, case_id, one, 0, state="done", reason="x")).status_code == 422
    left = await settle(manager, case_id, one, 0, state="not_needed", reason="Titel liegt vor")
    assert (left.status_code, left.json()["open_items"]) == (200, one["open_items"] - 1)
    assert (await settle(manager, case_id, one, 0, state="done")).status_code == 412
    again = await settle(manager, case_id, left.json(), 0, state="open")
    assert again.json()["open_items"] == one["open_items"]


async def test_item_becomes_one_task(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await changed(manager, client_id)
    one = (await domain_changes(manager, case_id))[0]
    path = f"/v1/cases/{case_id}/domain-changes/{one['id']}/items/{one['items'][0]['id']}/task"
    made = await manager.post(path, {"due_on": "2030-01-01"})
    assert made.status_code == 201, made.text
    tasks = (await manager.get(f"/v1/cases/{case_id}/tasks")).json()["items"]
    assert [(each["id"], each["title"]) for each in tasks] == [
        (made.json()["items"][0]["task_id"], one["items"][0]["label_de"])
    ]
    again = await manager.post(path, {"due_on": "2030-01-01"})
    assert (again.status_code, again.json()["code"]) == (409, "has_task")


async def test_it_stands_on_the_timeline_and_on_the_working_list_until_all_is_settled(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await changed(manager, client_id)
    told = (await manager.get(f"/v1/cases/{case_id}/timeline")).json()["items"]
    lines = [each for each in told if each["kind"] == "domain_change"]
    assert [each["details"]["days_without"] for each in lines] == [10]

    async def due() -> list[str]:
        groups = (await manager.get("/v1/me/work", group="domain_changes_open")).json()["groups"]
        return [each["reason"] for each in groups[0]["items"]]

    assert await due() == ["days_without_benefit"]
    one = (await domain_changes(manager, case_id))[0]
    for number, _ in enumerate(one["items"]):
        assert (await settle(manager, case_id, one, number, state="done")).status_code == 200
    assert await due() == []


async def test_colleague_without_the_case_sees_and_settles_nothing(world: World) -> None:
    manager, other = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    case_id = await open_case(manager, client_id)
    await changed(manager, client_id)
    one = (await domain_changes(manager, case_id))[0]
    assert (await other.get(f"/v1/cases/{case_id}/domain-changes")).status_code == 404
    assert (await settle(other, case_id, one, 0, state="done")).status_code == 404
    elsewhere = await open_case(manager, client_id)
    assert (await settle(manager, elsewhere, one, 0, state="done")).status_code == 404


@pytest.mark.parametrize("pair", pairs())
def test_every_checklist_names_domains_labels_and_law(pair: tuple[str, str]) -> None:
    assert set(pair) <= vocabulary("legal_domain").keys()
    items = items_of(*pair)
    assert len({each.code for each in items}) == len(items)
    assert {each.side for each in items} >= {"starts"}
    for each in items:
        assert all((each.label_de, each.label_en, each.version))
        assert each.source.startswith("§")


def test_pair_without_items_of_its_own_gets_what_every_change_needs() -> None:
    assert {each.code for each in items_of("BAFOEG", "SGB_II")} >= {"stop_notice", "new_application"}
