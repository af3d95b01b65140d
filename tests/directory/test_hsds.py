"""The directory as the Human Services Data Specification has it: valid, paged, complete, and nothing more."""

from typing import Any
from uuid import uuid4

import pytest

from app.access.roles import Role
from tests.directory.hsds_standard import faults
from tests.directory.test_offers import a_site, an_offer
from tests.world import Person, World

KINDS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


async def a_directory(world: World) -> tuple[Person, dict[str, Any]]:
    """Return who reads, and a course at a site, beside an offer of which hardly anything is known."""
    coordinator = await world.person(Role.COORDINATOR)
    institution = str(await world.institution("vhs", "Volkshochschule Wesel"))
    site = await a_site(coordinator, institution, phone="+49 281 99")
    course = await an_offer(world, coordinator, institution_id=institution, site_ids=[site["id"]])
    await coordinator.post(f"/v1/offers/{course['id']}/capacity", {"free_places": 3, "places": 18})
    bare = {"institution_id": str(await world.institution("schule")), "name": "AG", "topics": ["school"]}
    assert (await coordinator.post("/v1/offers", bare)).status_code == 201
    return await world.person(Role.PARTNER_USER), course


async def contents(reader: Person, kind: str, **asked: Any) -> list[dict[str, Any]]:
    """Return what a list holds."""
    answer = await reader.get(f"/v1/hsds/{kind}", **asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["contents"]
    return items


async def test_root_says_which_version_this_is(world: World) -> None:
    root = (await (await world.case_manager()).get("/v1/hsds")).json()
    assert root["version"] == "3.0"
    assert root["openapi_url"].startswith(("http://", "https://"))
    assert root["openapi_url"].endswith("/openapi.json")


@pytest.mark.parametrize("kind", KINDS)
async def test_lists_and_single_objects_are_valid(world: World, kind: str) -> None:
    reader, _ = await a_directory(world)
    listed = await contents(reader, kind, per_page=200)
    assert listed
    assert [fault for each in listed for fault in faults(KINDS[kind], each)] == []
    for each in listed[:20]:
        one = await reader.get(f"/v1/hsds/{kind}/{each['id']}")
        assert one.status_code == 200
        assert list(faults(KINDS[kind], one.json())) == []
    assert (await reader.get(f"/v1/hsds/{kind}/{uuid4()}")).status_code == 404


def test_what_is_not_as_the_standard_has_it_is_noticed() -> None:
    broken = {
        "id": "7", "name": None, "status": "open", "phones": [{"number": "1"}], "assured_date": "gestern",
        "price": "3 EUR",
    }  # fmt: skip
    assert sorted(faults("service", broken)) == [
        "phone lacks id",
        "service.assured_date cannot be 'gestern'",
        "service.id cannot be '7'",
        "service.name cannot be None",
        "service.price cannot be '3 EUR'",
        "service.status cannot be 'open'",
    ]


async def test_service_is_whole_with_everything_that_belongs_to_it(world: World) -> None:
    reader, course = await a_directory(world)
    service = (await reader.get(f"/v1/hsds/services/{course['id']}")).json()
    assert service["organization"]["name"] == "Volkshochschule Wesel"
    assert [each["code"] for each in service["languages"]] == ["ara", "ukr"]
    (schedule,) = service["schedules"]
    assert (schedule["byday"], schedule["opens_at"], schedule["closes_at"]) == ("MO,TU", "08:30", "12:45")
    (at,) = service["service_at_locations"]
    (address,) = at["location"]["addresses"]
    assert (address["city"], address["postal_code"], address["country"]) == ("Wesel", "46483", "DE")
    assert {each["taxonomy_term"]["code"] for each in service["attributes"]} == {"language", "child_care"}
    (capacity,) = service["capacities"]
    assert (capacity["available"], capacity["maximum"]) == (3, 18)
    assert service["funding"][0]["source"] == "Integrationskurse nach § 43 AufenthG, bis 31.12.2027"
    again = (await reader.get(f"/v1/hsds/services/{course['id']}")).json()
    assert again == service
    (place,) = await contents(reader, "service_at_locations", service_id=course["id"])
    assert place["id"] == at["id"]
    assert place["service"]["id"] == course["id"]


async def test_list_is_brief_full_or_minimal(world: World) -> None:
    reader, course = await a_directory(world)
    _, brief = await contents(reader, "services")
    assert brief["organization"]["id"] == course["institution_id"]
    assert "languages" not in brief
    _, full = await contents(reader, "services", full="true")
    assert full == (await reader.get(f"/v1/hsds/services/{course['id']}")).json()
    _, minimal = await contents(reader, "services", minimal="true")
    assert set(minimal) == {"id", "modified_date"}


async def test_services_are_found_by_words_topic_organization_and_change(world: World) -> None:
    reader, course = await a_directory(world)
    (attribute, *_) = (await reader.get(f"/v1/hsds/services/{course['id']}")).json()["attributes"]
    term = attribute["taxonomy_term"]
    moment = (await reader.get(f"/v1/hsds/services/{course['id']}")).json()["last_modified"]
    for asked in (
        {"search": "ALPHABETISIERUNG"},
        {"search": "volkshochschule"},
        {"taxonomy_term_id": term["id"]},
        {"organization_id": course["institution_id"]},
    ):
        assert [each["id"] for each in await contents(reader, "services", **asked)] == [course["id"]], asked
    assert len(await contents(reader, "services", taxonomy_id=term["taxonomy_detail"]["id"])) == 2
    assert [each["name"] for each in await contents(reader, "services", modified_after=moment)] == ["AG"]
    assert await contents(reader, "services", search="%") == []


async def test_pages_are_counted(world: World) -> None:
    reader, _ = await a_directory(world)
    first = (await reader.get("/v1/hsds/services", per_page=1)).json()
    second = (await reader.get("/v1/hsds/services", per_page=1, page=2)).json()
    beyond = (await reader.get("/v1/hsds/services", per_page=1, page=3)).json()
    facts = ("total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty")
    assert [first[name] for name in facts] == [2, 2, 1, 1, True, False, False]
    assert [second[name] for name in facts] == [2, 2, 2, 1, False, True, False]
    assert [beyond[name] for name in facts] == [2, 2, 3, 0, False, True, True]
    assert first["contents"] != second["contents"]
    for wrong in ({"page": 0}, {"per_page": 201}, {"page": 10**9}, {"format": "xml"}):
        assert (await reader.get("/v1/hsds/services", **wrong)).status_code == 422


async def test_what_has_ended_and_who_is_inactive_is_left_out(world: World) -> None:
    reader, course = await a_directory(world)
    coordinator = await world.person(Role.COORDINATOR)
    await coordinator.patch(f"/v1/offers/{course['id']}", {"status": "ended"}, if_match='"1"')
    assert [each["name"] for each in await contents(reader, "services")] == ["AG"]
    school = await world.institution("schule")
    await coordinator.patch(f"/v1/institutions/{school}", {"is_active": False}, if_match='"1"')
    assert await contents(reader, "services") == []
    assert str(school) not in {each["id"] for each in await contents(reader, "organizations")}
    assert (await reader.get(f"/v1/hsds/organizations/{school}")).status_code == 404
    assert (await reader.get(f"/v1/hsds/services/{course['id']}")).status_code == 404


async def test_neighbours_see_their_own_directory(world: World) -> None:
    _, course = await a_directory(world)
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    assert await contents(stranger, "services") == []
    assert await contents(stranger, "service_at_locations") == []
    assert (await stranger.get(f"/v1/hsds/services/{course['id']}")).status_code == 404


async def test_who_has_no_part_in_the_directory_reads_none(world: World) -> None:
    steering = await world.person(Role.STEERING_MEMBER)
    assert (await steering.get("/v1/hsds")).status_code == 403
    assert (await steering.get("/v1/offers")).status_code == 403
