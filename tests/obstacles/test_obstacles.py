"""Obstacles: bundling, describing and reading, and who reads which."""

from uuid import UUID, uuid4

from app.access.roles import Role
from tests.barriers.arrange import at
from tests.conftest import Clock
from tests.obstacles.arrange import OBSTACLE, WHY, bundled, moved, new_obstacle, visible_observation
from tests.refusals import places
from tests.world import World

SIGNAL = {"quarter": "2026Q1", "barrier_type": "D1", "institution_group": "benefits"}


async def test_coordinator_bundles_observations_and_signals(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 5, 4, 8), coordinator)
    observation = str(await visible_observation(world))
    made = await new_obstacle(coordinator, observation_ids=[observation], signals=[SIGNAL, SIGNAL])
    seen = (await coordinator.get(f"/v1/obstacles/{made['id']}")).json()
    assert seen == made
    assert (seen["observation_ids"], seen["signals"], seen["status"]) == ([observation], [SIGNAL], "reported")
    first = {"from_status": None, "to_status": "reported", "taken_on": "2026-05-04", "reason": None}
    assert seen["steps"] == [{"obstacle_id": made["id"], **first}]
    listed = (await coordinator.get("/v1/obstacles")).json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]


async def test_observation_that_cannot_be_seen_yet_cannot_be_linked(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    observation = await visible_observation(world)
    await world.admin.execute(
        "UPDATE observations SET visible_from = '2199-01-01' WHERE id = $1", observation
    )
    hidden = await coordinator.post("/v1/obstacles", {**OBSTACLE, "observation_ids": [str(observation)]})
    unknown = await coordinator.post("/v1/obstacles", {**OBSTACLE, "observation_ids": [str(uuid4())]})
    assert hidden.status_code == unknown.status_code == 422
    assert hidden.json() == unknown.json()


async def test_signal_of_the_running_quarter_does_not_exist(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 3, 31, 21), coordinator)
    answer = await coordinator.post("/v1/obstacles", {**OBSTACLE, "signals": [SIGNAL]})
    assert places(answer) == [{"place": "body.signals.0.quarter", "kind": "quarter_running"}]


async def test_unknown_codes_are_refused(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    for name in ("barrier_types", "institution_types"):
        answer = await coordinator.post("/v1/obstacles", {**OBSTACLE, name: ["nonsense"]})
        assert places(answer) == [{"place": f"body.{name}.0", "kind": "unknown_code"}]


async def test_obstacle_is_about_a_type_of_barrier_and_perhaps_of_no_institution(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    nothing = [{"place": "body.barrier_types", "kind": "too_short"}]
    assert places(await coordinator.post("/v1/obstacles", {**OBSTACLE, "barrier_types": []})) == nothing
    made = await new_obstacle(coordinator, institution_types=[])
    emptied = await coordinator.patch(
        f"/v1/obstacles/{made['id']}", {"barrier_types": []}, if_match=f'"{made["version"]}"'
    )
    assert (emptied.status_code, places(emptied)) == (422, nothing)


async def test_change_replaces_lists_and_leaves_out_what_is_not_sent(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 5, 4, 8), coordinator)
    first, second = [str(await visible_observation(world)) for _ in range(2)]
    made = await new_obstacle(coordinator, observation_ids=[first], signals=[SIGNAL])
    path = f"/v1/obstacles/{made['id']}"
    changed = await coordinator.patch(path, {"observation_ids": [second]}, if_match='"1"')
    assert (changed.json()["observation_ids"], changed.json()["signals"]) == ([second], [SIGNAL])
    assert changed.headers["etag"] == '"2"'
    changed = await coordinator.patch(path, {"title": "Termine", "signals": []}, if_match='"2"')
    assert (changed.json()["title"], changed.json()["signals"]) == ("Termine", [])
    assert changed.json()["description"] == OBSTACLE["description"]


async def test_change_with_null_or_nothing_or_an_old_version_is_refused(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    path = f"/v1/obstacles/{(await new_obstacle(coordinator))['id']}"
    for body in ({}, {"title": None}, {"signals": None}):
        assert (await coordinator.patch(path, body, if_match='"1"')).status_code == 422
    assert (await coordinator.patch(path, {"title": "x"}, if_match='"7"')).status_code == 412


async def test_steering_group_reads_an_obstacle_from_the_day_it_is_bundled(world: World) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    draft = await new_obstacle(coordinator)
    path = f"/v1/obstacles/{draft['id']}"
    assert (await member.get(path)).status_code == 404
    await moved(coordinator, draft["id"], "under_review", "bundled")
    assert (await member.get(path)).json()["status"] == "bundled"
    await moved(coordinator, draft["id"], "rejected", **WHY)
    assert (await member.get(path)).json()["status"] == "rejected"


async def test_obstacle_rejected_as_a_draft_never_reaches_the_steering_group(world: World) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    draft = await new_obstacle(coordinator)
    await moved(coordinator, draft["id"], "rejected", **WHY)
    assert (await member.get("/v1/obstacles")).json()["items"] == []


async def test_steering_group_sees_no_observation_behind_an_obstacle(world: World) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    observation = str(await visible_observation(world))
    obstacle = await bundled(coordinator, observation_ids=[observation])
    assert obstacle["observation_ids"] == [observation]
    assert (await member.get(f"/v1/obstacles/{obstacle['id']}")).json()["observation_ids"] == []


async def test_case_managers_and_other_areas_see_no_obstacle(world: World) -> None:
    coordinator, manager = await world.person(Role.COORDINATOR), await world.case_manager()
    obstacle = await bundled(coordinator)
    stranger = await (await world.neighbour()).person(Role.COORDINATOR)
    assert (await manager.get(f"/v1/obstacles/{obstacle['id']}")).status_code == 403
    assert (await stranger.get(f"/v1/obstacles/{obstacle['id']}")).status_code == 404
    assert (await stranger.get("/v1/obstacles")).json()["items"] == []


async def test_second_lock_hides_drafts_and_parts_from_the_steering_group(world: World) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    obstacle_id = UUID((await new_obstacle(coordinator))["id"])
    async with world.sql(member) as db:
        driver = await db.driver()
        for table in ("obstacles", "obstacle_links", "obstacle_measures", "obstacle_steps"):
            assert await driver.fetchval(f"SELECT count(*) FROM {table}") == 0
        assert await driver.execute("UPDATE obstacles SET title = 'x'") == "UPDATE 0"
    assert await world.admin.fetchval("SELECT title FROM obstacles WHERE id = $1", obstacle_id) != "x"
