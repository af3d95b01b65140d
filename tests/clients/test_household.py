"""Households: seen from one client, linked only by who sees both, silent about who is not seen."""

from uuid import UUID

import pytest

from tests.cases.arrange import journal, pseudonym
from tests.clients.arrange import a_case, assign, etag_of, new_client
from tests.refusals import places
from tests.world import Person, World


async def members(person: Person, client_id: str) -> list[dict[str, object]]:
    answer = await person.get(f"/v1/clients/{client_id}/household")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


async def household_key(world: World, client_id: str) -> UUID:
    key: UUID = await world.admin.fetchval("SELECT household_key FROM clients WHERE id = $1", UUID(client_id))
    return key


async def test_member_who_is_no_client_has_a_name_and_a_year(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, household_type="family")
    body = {"name": "Sami Al-Hadi", "birth_year": 2015, "relation": "child", "is_kept_apart": True}
    answer = await manager.post(f"/v1/clients/{client_id}/household", body)
    assert (answer.status_code, answer.json()["household_type"]) == (201, "family")
    member = answer.json()["items"][0]
    assert {name: member[name] for name in body} == body
    assert member["client_id"] is None


async def test_two_clients_of_one_household_count_as_one_and_see_each_other(world: World) -> None:
    manager = await world.case_manager()
    mother = await new_client(manager, household_type="single_parent")
    child = await new_client(manager, given_name="Sami", birth_date="2015-03-02")
    await manager.post(f"/v1/clients/{mother}/household", {"client_id": child, "relation": "child"})
    seen, back = (await members(manager, mother))[0], (await members(manager, child))[0]
    assert (seen["client_id"], seen["name"], seen["birth_year"]) == (child, "Sami Al-Hadi", 2015)
    assert (back["client_id"], back["relation"]) == (mother, "parent")
    assert await household_key(world, mother) == await household_key(world, child)
    assert (await manager.get(f"/v1/clients/{child}")).json()["household_type"] == "single_parent"


async def test_client_is_in_a_household_once(world: World) -> None:
    manager = await world.case_manager()
    mother, child = await new_client(manager), await new_client(manager, given_name="Sami")
    path, body = f"/v1/clients/{mother}/household", {"client_id": child, "relation": "child"}
    assert (await manager.post(path, body)).status_code == 201
    again = await manager.post(path, body)
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")
    assert places(again) == [{"place": "body.client_id", "kind": "duplicate"}]
    assert len(await members(manager, mother)) == 1


async def test_name_and_year_of_birth_are_in_a_household_once(world: World) -> None:
    manager = await world.case_manager()
    mother = await new_client(manager)
    path, body = f"/v1/clients/{mother}/household", {"name": "Sami Al-Hadi", "birth_year": 2015}
    body = {**body, "relation": "child"}
    assert (await manager.post(path, body)).status_code == 201
    again = await manager.post(path, {**body, "name": "sami  AL-HADI"})
    assert (again.status_code, again.json()["code"]) == (409, "member_there")
    assert places(again) == [{"place": "body.name", "kind": "member_there"}]
    assert "Sami" not in again.text
    for other in ({"birth_year": 2016}, {"birth_year": None}, {"name": "Samir Al-Hadi"}):
        assert (await manager.post(path, {**body, **other})).status_code == 201


async def test_member_by_name_gives_way_before_the_same_person_is_linked_as_a_client(world: World) -> None:
    manager = await world.case_manager()
    mother = await new_client(manager)
    child = await new_client(manager, given_name="Sami", birth_date="2015-03-02")
    path = f"/v1/clients/{mother}/household"
    named = {"name": "Sami Al-Hadi", "birth_year": 2015, "relation": "child"}
    await manager.post(path, named)
    entry = (await members(manager, mother))[0]["id"]
    twice = await manager.post(path, {"client_id": child, "relation": "child"})
    assert places(twice) == [{"place": "body.client_id", "kind": "member_there"}]
    assert await household_key(world, mother) != await household_key(world, child)
    removed = await manager.delete(f"{path}/{entry}", if_match='"1"')
    assert removed.status_code < 300, removed.text
    assert (await manager.post(path, {"client_id": child, "relation": "child"})).status_code == 201
    back = await manager.post(path, named)
    assert (back.status_code, places(back)) == (409, [{"place": "body.name", "kind": "member_there"}])


async def test_refusal_of_a_name_tells_nothing_of_a_member_who_is_not_seen(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    husband = await new_client(manager, given_name="Karim")
    wife = await new_client(manager, given_name="Salma", birth_date="1991-02-03")
    await manager.post(f"/v1/clients/{husband}/household", {"client_id": wife, "relation": "spouse"})
    await assign(world, husband, await a_case(world, husband, manager), colleague, "member")
    path = f"/v1/clients/{husband}/household"
    guess = {"name": "Salma Al-Hadi", "birth_year": 1991, "relation": "spouse"}
    assert (await colleague.post(path, guess)).status_code == 201


async def test_ward_has_no_word_in_the_vocabulary_and_gets_no_inverse(world: World) -> None:
    manager = await world.case_manager()
    child, guardian = await new_client(manager), await new_client(manager, given_name="Lena")
    await manager.post(f"/v1/clients/{child}/household", {"client_id": guardian, "relation": "guardian"})
    assert (len(await members(manager, child)), await members(manager, guardian)) == (1, [])


async def test_who_sees_only_one_of_two_does_not_learn_of_the_other(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    husband, wife = await new_client(manager, given_name="Karim"), await new_client(manager)
    await manager.post(f"/v1/clients/{husband}/household", {"client_id": wife, "relation": "spouse"})
    await assign(world, husband, await a_case(world, husband, manager), colleague, "member")
    whole = (await colleague.get(f"/v1/clients/{husband}")).text
    assert await members(colleague, husband) == []
    assert "Amina" not in whole
    assert wife not in whole
    assert len(await members(manager, husband)) == 1


async def test_client_who_is_not_seen_cannot_be_linked(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    own, foreign = await new_client(manager), await new_client(colleague, given_name="Lena")
    key = await household_key(world, foreign)
    for client_id in (foreign, "00000000-0000-7000-8000-000000000000"):
        body = {"client_id": client_id, "relation": "spouse"}
        answer = await manager.post(f"/v1/clients/{own}/household", body)
        assert places(answer) == [{"place": "body.client_id", "kind": "unknown_reference"}]
    assert await household_key(world, foreign) == key


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"relation": "child"}, "body.name"),
        ({"relation": "enemy", "name": "Sami"}, "body.relation"),
    ],
)
async def test_member_must_be_somebody(world: World, body: dict[str, str], place: str) -> None:
    manager = await world.case_manager()
    answer = await manager.post(f"/v1/clients/{await new_client(manager)}/household", body)
    assert answer.json()["errors"][0]["place"] == place


async def test_person_is_no_member_of_themselves_nor_client_and_name_at_once(world: World) -> None:
    manager = await world.case_manager()
    client_id, other = await new_client(manager), await new_client(manager, given_name="Lena")
    path = f"/v1/clients/{client_id}/household"
    self = await manager.post(path, {"client_id": client_id, "relation": "sibling"})
    both = await manager.post(path, {"client_id": other, "name": "Lena", "relation": "sibling"})
    year = await manager.post(path, {"client_id": other, "birth_year": 1990, "relation": "sibling"})
    assert self.json()["errors"][0]["kind"] == "somebody_else"
    assert both.json()["errors"][0]["kind"] == year.json()["errors"][0]["kind"] == "one_of"


async def test_member_is_changed_and_removed_by_version(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    path = f"/v1/clients/{client_id}/household"
    made = await manager.post(path, {"name": "Sami", "relation": "child"})
    member = f"{path}/{made.json()['items'][0]['id']}"
    assert (await manager.patch(member, {"name": "Samir"}, if_match='"9"')).status_code == 412
    changed = await manager.patch(member, {"name": "Samir", "birth_year": 2016}, if_match='"1"')
    nameless = await manager.patch(member, {"name": None}, if_match='"2"')
    assert (changed.json()["items"][0]["name"], changed.json()["items"][0]["version"]) == ("Samir", 2)
    assert nameless.status_code == 422
    removed = await manager.delete(member, if_match='"2"')
    assert (removed.status_code, removed.json()["items"]) == (200, [])


async def test_name_of_a_member_who_is_a_client_is_changed_with_the_client(world: World) -> None:
    manager = await world.case_manager()
    mother, child = await new_client(manager), await new_client(manager, given_name="Sami")
    path = f"/v1/clients/{mother}/household"
    made = await manager.post(path, {"client_id": child, "relation": "child"})
    member = f"{path}/{made.json()['items'][0]['id']}"
    renamed = await manager.patch(member, {"name": "Samir"}, if_match='"1"')
    related = await manager.patch(member, {"relation": "sibling"}, if_match='"1"')
    elsewhere = await manager.patch(
        member.replace(mother, child), {"relation": "sibling"}, if_match=related.headers["etag"]
    )
    assert places(renamed) == [{"place": "body.name", "kind": "is_a_client"}]
    assert related.json()["items"][0]["relation"] == "sibling"
    assert elsewhere.status_code in (404, 412)


async def test_client_who_leaves_gets_a_household_of_their_own(world: World) -> None:
    manager = await world.case_manager()
    husband, wife = await new_client(manager, given_name="Karim"), await new_client(manager)
    path = f"/v1/clients/{husband}/household"
    made = await manager.post(path, {"client_id": wife, "relation": "spouse"})
    await manager.delete(f"{path}/{made.json()['items'][0]['id']}", if_match='"1"')
    assert await members(manager, wife) == []
    assert await household_key(world, husband) != await household_key(world, wife)


async def test_two_who_are_kept_apart_are_so_from_both_sides(world: World) -> None:
    manager = await world.case_manager()
    wife, husband = await new_client(manager), await new_client(manager, given_name="Karim")
    path = f"/v1/clients/{wife}/household"
    await manager.post(path, {"client_id": husband, "relation": "spouse"})
    page = await etag_of(manager, f"/v1/clients/{husband}")
    for apart in (True, False):
        entry = (await members(manager, wife))[0]
        version = f'"{entry["version"]}"'
        answer = await manager.patch(f"{path}/{entry['id']}", {"is_kept_apart": apart}, if_match=version)
        assert answer.status_code == 200, answer.text
        assert [(await members(manager, each))[0]["is_kept_apart"] for each in (wife, husband)] == [apart] * 2
    assert await etag_of(manager, f"/v1/clients/{husband}") != page
    both = {await pseudonym(world, wife), await pseudonym(world, husband)}
    for entry in await journal(world, "household.change"):
        assert {str(each) for each in entry["client_pseudonyms"]} == both


async def test_member_is_changed_again_with_the_etag_of_the_answer(world: World) -> None:
    manager = await world.case_manager()
    path = f"/v1/clients/{await new_client(manager)}/household"
    made = await manager.post(path, {"name": "Sami", "relation": "child"})
    member = f"{path}/{made.json()['items'][0]['id']}"
    seen = '"1"'
    for name in ("Samir", "Samira", "Samuel"):
        answer = await manager.patch(member, {"name": name}, if_match=seen)
        assert answer.status_code == 200, answer.text
        seen = answer.headers["etag"]
        assert seen == f'"{answer.json()["items"][0]["version"]}"'
    stale = await manager.patch(member, {"name": "Sam"}, if_match='"1"')
    assert (stale.status_code, stale.headers["etag"]) == (412, seen)
