"""Offers and sites: who keeps them, who reads them, who tells of free places, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest

from app.access.roles import Role
from tests.refusals import places
from tests.world import Person, World

COURSE = {
    "name": "Integrationskurs mit Alphabetisierung",
    "description": "900 Stunden, vormittags, mit Kinderbetreuung.",
    "topics": ["language", "child_care"],
    "languages": ["ukr", "ara"],
    "audience": "Erwachsene, die nicht in lateinischer Schrift schreiben",
    "minimum_age": 16,
    "maximum_age": None,
    "how_to_apply": "Beratung dienstags ohne Termin",
    "fees": "kostenfrei mit Berechtigung des BAMF",
    "url": "https://vhs.example/kurse",
    "email": "kurse@vhs.example",
    "phone": "+49 281 1234",
    "programme": "Integrationskurse nach § 43 AufenthG",
    "funding_ends_on": "2027-12-31",
    "opening_hours": [{"days": ["MO", "TU"], "opens": "08:30", "closes": "12:45"}],
}
HALL = {"name": "Haus am Markt", "municipality": "05170048", "street": "Markt 1", "postcode": "46483"}


async def an_offer(world: World, keeper: Person, kind: str = "vhs", **fields: Any) -> dict[str, Any]:
    """Write down an offer of an institution of a kind."""
    institution = fields.pop("institution_id", None) or str(await world.institution(kind))
    answer = await keeper.post("/v1/offers", {**COURSE, "institution_id": institution, **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def a_site(keeper: Person, institution: str, **fields: Any) -> dict[str, Any]:
    """Write down a site."""
    answer = await keeper.post(f"/v1/institutions/{institution}/sites", {**HALL, **fields})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_coordination_keeps_an_offer_that_everybody_of_the_area_reads(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    institution = str(await world.institution("vhs"))
    site = await a_site(coordinator, institution)
    made = await an_offer(world, coordinator, site_ids=[site["id"]])
    manager, partner = await world.case_manager(), await world.person(Role.PARTNER_USER)
    for reader in (manager, partner):
        seen = (await reader.get(f"/v1/offers/{made['id']}")).json()
        assert {name: seen[name] for name in COURSE} == COURSE
        assert (seen["institution_type"], seen["status"], seen["capacity"]) == ("vhs", "active", None)
        assert seen["sites"] == [site]
    answer = await manager.post("/v1/offers", {**COURSE, "institution_id": institution})
    assert answer.status_code == 403


async def test_offers_are_found_by_topic_language_town_institution_and_free_places(world: World) -> None:
    assistant = await world.person(Role.ASSISTANT)
    institution = str(await world.institution("vhs"))
    site = await a_site(assistant, institution)
    course = await an_offer(world, assistant, site_ids=[site["id"]])
    debts = await an_offer(
        world, assistant, "schuldnerberatung", name="Sprechstunde", topics=["debts"], languages=["ron"]
    )
    await assistant.post(f"/v1/offers/{debts['id']}/capacity", {"free_places": 0, "places": 4})
    await assistant.post(f"/v1/offers/{course['id']}/capacity", {"free_places": 3})

    async def found(**asked: Any) -> list[str]:
        answer = await assistant.get("/v1/offers", **asked)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    assert await found() == [course["id"], debts["id"]]
    for asked in (
        {"topic": "language"}, {"language": "ukr"}, {"municipality": "05170048"},
        {"institution_id": institution}, {"is_free": "true"},
    ):  # fmt: skip
        assert await found(**asked) == [course["id"]], asked
    assert await found(is_free="false") == [debts["id"]]
    assert await found(topic="language", language="ron") == []


async def test_what_was_told_last_of_free_places_counts(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    offer = await an_offer(world, coordinator)
    path = f"/v1/offers/{offer['id']}/capacity"
    for free in (7, 2):
        told = await coordinator.post(path, {"free_places": free, "places": 12})
        assert told.status_code == 200, told.text
    capacity = told.json()["capacity"]
    assert (capacity["free_places"], capacity["places"]) == (2, 12)
    kept = "SELECT count(*) FROM offer_capacities WHERE offer_id = $1"
    assert await world.admin.fetchval(kept, offer["id"]) == 2


async def test_institution_tells_of_its_own_offers_only(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    own = await an_offer(world, coordinator, "jobcenter", name="Eigenes")
    other = await an_offer(world, coordinator, "vhs")
    partner = await world.person(Role.PARTNER_USER, institution="jobcenter")
    assert (await partner.post(f"/v1/offers/{own['id']}/capacity", {"free_places": 1})).status_code == 200
    refused = await partner.post(f"/v1/offers/{other['id']}/capacity", {"free_places": 1})
    assert (refused.status_code, refused.json()["code"]) == (403, "relation_missing")
    unknown = await partner.post(f"/v1/offers/{uuid4()}/capacity", {"free_places": 1})
    assert unknown.status_code == 404
    manager = await world.case_manager()
    assert (await manager.post(f"/v1/offers/{own['id']}/capacity", {"free_places": 1})).status_code == 403


@pytest.mark.parametrize(
    ("fields", "place", "kind"),
    [
        ({"topics": []}, "body.topics", "too_short"),
        ({"topics": ["cooking"]}, "body.topics.0", "unknown_code"),
        ({"languages": ["xx"]}, "body.languages.0", "unknown_code"),
        ({"minimum_age": 30, "maximum_age": 20}, "body.maximum_age", "before_minimum"),
        ({"url": "http://vhs.example"}, "body.url", "url_not_https"),
        ({"site_ids": [str(uuid4())]}, "body.site_ids.0", "unknown_site"),
        ({"institution_id": str(uuid4())}, "body.institution_id", "unknown_institution"),
        (
            {"opening_hours": [{"days": ["MO"], "opens": "12:00", "closes": "11:00"}]},
            "body.opening_hours.0",
            "closes_before_it_opens",
        ),
    ],
)
async def test_offer_that_cannot_be_is_refused(
    world: World, fields: dict[str, Any], place: str, kind: str
) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    body = {**COURSE, "institution_id": str(await world.institution("vhs")), **fields}
    assert places(await coordinator.post("/v1/offers", body)) == [{"place": place, "kind": kind}]
    assert (await coordinator.get("/v1/offers")).json()["items"] == []


async def test_offer_is_changed_with_its_version_and_ends_for_good(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    offer = await an_offer(world, coordinator)
    path = f"/v1/offers/{offer['id']}"
    assert (await coordinator.patch(path, {"status": "paused"})).status_code == 428
    paused = await coordinator.patch(path, {"status": "paused"}, if_match='"1"')
    assert paused.json()["status"] == "paused"
    assert (await coordinator.patch(path, {"status": "active"}, if_match='"1"')).status_code == 412
    young = await coordinator.patch(path, {"maximum_age": 15}, if_match='"2"')
    assert places(young) == [{"place": "body.maximum_age", "kind": "before_minimum"}]
    ended = await coordinator.patch(path, {"status": "ended"}, if_match='"2"')
    assert ended.status_code == 200
    again = await coordinator.patch(path, {"status": "active"}, if_match='"3"')
    assert (again.status_code, again.json()["code"]) == (409, "offer_ended")
    told = await coordinator.post(f"{path}/capacity", {"free_places": 1})
    assert (told.status_code, told.json()["code"]) == (409, "offer_ended")
    assert (await coordinator.get("/v1/offers")).json()["items"] == []


async def test_more_places_free_than_there_are_is_refused(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    offer = await an_offer(world, coordinator)
    answer = await coordinator.post(f"/v1/offers/{offer['id']}/capacity", {"free_places": 5, "places": 4})
    assert places(answer) == [{"place": "body.free_places", "kind": "too_many"}]


async def test_two_offers_of_one_name_at_one_institution_are_one_too_many(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    await an_offer(world, coordinator)
    body = {**COURSE, "institution_id": str(await world.institution("vhs"))}
    assert (await coordinator.post("/v1/offers", body)).status_code == 409


async def test_where_a_womens_shelter_is_is_not_written_down(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    shelter = str(await world.institution("frauenhaus", "Haus Sonne"))
    sites = f"/v1/institutions/{shelter}/sites"
    refused = await coordinator.post(sites, {"name": "Haus", "street": "Geheimweg 1"})
    assert places(refused) == [{"place": "body.street", "kind": "address_of_shelter"}]
    site = (await coordinator.post(sites, {"name": "Beratung"})).json()
    refused = await coordinator.patch(f"{sites}/{site['id']}", {"postcode": "46483"}, if_match='"1"')
    assert places(refused) == [{"place": "body.postcode", "kind": "address_of_shelter"}]
    body = {"name": "Haus Mond", "institution_type": "frauenhaus", "street": "Geheimweg 2"}
    refused = await coordinator.post("/v1/institutions", body)
    assert places(refused) == [{"place": "body.street", "kind": "address_of_shelter"}]
    path = f"/v1/institutions/{shelter}"
    refused = await coordinator.patch(path, {"street": "Geheimweg 3"}, if_match='"1"')
    assert places(refused) == [{"place": "body.street", "kind": "address_of_shelter"}]
    sheet = "name;institution_type;street\nHaus Stern;frauenhaus;Geheimweg 4\n"
    report = await coordinator.post("/v1/institutions/import", {"csv": sheet})
    assert report.json()["faults"] == [{"line": 2, "field": "street", "kind": "address_of_shelter"}]
    for name in ("Geheimweg", "46483"):
        assert name not in (await coordinator.get("/v1/institutions")).text


async def test_site_of_another_institution_is_not_found_under_this_one(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    here, there = str(await world.institution("vhs")), str(await world.institution("schule"))
    site = await a_site(coordinator, here)
    wrong = f"/v1/institutions/{there}/sites/{site['id']}"
    assert (await coordinator.get(wrong)).status_code == 404
    assert (await coordinator.patch(wrong, {"name": "Anders"}, if_match='"1"')).status_code == 404
    listed = (await coordinator.get(f"/v1/institutions/{here}/sites")).json()["items"]
    assert [each["id"] for each in listed] == [site["id"]]
    assert (await coordinator.get(f"/v1/institutions/{uuid4()}/sites")).status_code == 404


async def test_neighbours_see_nothing_of_it(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    offer = await an_offer(world, coordinator)
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    assert (await stranger.get(f"/v1/offers/{offer['id']}")).status_code == 404
    assert (await stranger.get("/v1/offers")).json()["items"] == []
    body = {**COURSE, "institution_id": offer["institution_id"]}
    assert places(await stranger.post("/v1/offers", body)) == [
        {"place": "body.institution_id", "kind": "unknown_institution"}
    ]
