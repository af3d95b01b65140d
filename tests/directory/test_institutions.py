"""Institutions: who keeps them, and what the law says of their kind."""

from app.access.roles import Role
from tests.refusals import places
from tests.world import World

JOBCENTER = {
    "name": "Jobcenter Kreis Wesel",
    "institution_type": "jobcenter",
    "municipality": "05170048",
    "street": "Reeser Landstraße 61",
    "postcode": "46483",
    "phone": "+49 281 123456",
    "email": "info@jobcenter.example",
    "languages": ["deu", "ara"],
}


async def test_coordinator_creates_an_institution_and_case_managers_read_what_the_law_says(
    world: World,
) -> None:
    coordinator, manager = await world.person(Role.COORDINATOR), await world.case_manager()
    made = await coordinator.post("/v1/institutions", JOBCENTER)
    assert made.status_code == 201, made.text
    seen = (await manager.get(f"/v1/institutions/{made.json()['id']}")).json()
    assert {name: seen[name] for name in JOBCENTER} == JOBCENTER
    assert (seen["is_sgb_body"], seen["aufenthg_87_scope"], seen["group"]) == (True, "obliged", "benefits")
    assert (seen["type_label_de"], seen["type_label_en"]) == ("Jobcenter", "Job centre")
    assert seen["group_label_en"]
    assert {"contact", "benefits"} < set(seen["data_categories"])
    assert {"health", "protection_from_violence"}.isdisjoint(seen["data_categories"])


async def test_foreigners_authority_is_a_recipient_under_section_87(world: World) -> None:
    assistant = await world.person(Role.ASSISTANT)
    body = {"name": "Ausländerbehörde", "institution_type": "auslaenderbehoerde"}
    made = (await assistant.post("/v1/institutions", body)).json()
    assert (made["is_sgb_body"], made["aufenthg_87_scope"]) == (False, "recipient")
    assert made["data_categories"] == ["master_data"]


async def test_case_manager_changes_no_institution(world: World) -> None:
    manager = await world.case_manager()
    assert (await manager.post("/v1/institutions", JOBCENTER)).status_code == 403


async def test_partner_reads_no_directory(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    assert (await partner.get("/v1/institutions")).status_code == 403


async def test_institution_of_another_area_is_not_found(world: World) -> None:
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    institution = await world.institution("schule")
    assert (await stranger.get(f"/v1/institutions/{institution}")).status_code == 404
    assert (await stranger.get("/v1/institutions")).json()["items"] == []


async def test_list_can_be_narrowed_to_a_kind(world: World) -> None:
    manager = await world.case_manager()
    for kind in ("schule", "jobcenter", "vhs"):
        await world.institution(kind)
    listed = (await manager.get("/v1/institutions", institution_type="schule")).json()
    everything = (await manager.get("/v1/institutions")).json()
    assert [each["institution_type"] for each in listed["items"]] == ["schule"]
    assert len(everything["items"]) == 3


async def test_unknown_codes_are_refused_with_their_place(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    for change, place in (
        ({"institution_type": "castle"}, "body.institution_type"),
        ({"municipality": "99999999"}, "body.municipality"),
        ({"languages": ["deu", "xxx"]}, "body.languages.1"),
    ):
        answer = await coordinator.post("/v1/institutions", {**JOBCENTER, **change})
        assert places(answer) == [{"place": place, "kind": "unknown_code"}]


async def test_change_is_by_version_and_ends_an_institution_without_deleting_it(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    made = await coordinator.post("/v1/institutions", JOBCENTER)
    path = f"/v1/institutions/{made.json()['id']}"
    stale = await coordinator.patch(path, {"is_active": False}, if_match='"9"')
    changed = await coordinator.patch(path, {"is_active": False}, if_match=made.headers["etag"])
    empty = await coordinator.patch(path, {"name": None}, if_match=changed.headers["etag"])
    assert (stale.status_code, empty.status_code) == (412, 422)
    assert (changed.json()["is_active"], changed.json()["languages"]) == (False, ["deu", "ara"])


async def test_taken_name_is_a_conflict(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    await coordinator.post("/v1/institutions", JOBCENTER)
    assert (await coordinator.post("/v1/institutions", JOBCENTER)).json()["code"] == "duplicate"
