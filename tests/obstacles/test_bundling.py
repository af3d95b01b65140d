"""Merging obstacles and splitting them: what moves, what stays, and what is refused."""

from typing import Any
from uuid import uuid4

import pytest

from app.access.roles import Role
from tests.barriers.arrange import at
from tests.conftest import Clock
from tests.obstacles.arrange import (
    MINUTE,
    OBSTACLE,
    WHY,
    bundled,
    in_project_group,
    moved,
    new_obstacle,
    visible_observation,
)
from tests.refusals import places
from tests.world import Person, World

SIGNAL = {"quarter": "2025Q4", "barrier_type": "D1", "institution_group": "benefits"}
PART = {**OBSTACLE, "title": "Nur der Eingang", "barrier_types": ["D1"]}


async def merged(coordinator: Person, into: str, other: str, **headers: str) -> Any:
    body = {"obstacle_id": other, **WHY}
    return await coordinator.post(f"/v1/obstacles/{into}/merge", body, **headers)


async def test_merging_carries_everything_and_leaves_a_trace(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 6, 1, 8), coordinator)
    shared, own = [str(await visible_observation(world)) for _ in range(2)]
    one = await bundled(coordinator, observation_ids=[shared])
    other = await bundled(coordinator, observation_ids=[shared, own], signals=[SIGNAL], barrier_types=["D1"])
    there = f"/v1/obstacles/{other['id']}"
    unit = {"unit_id": str(await world.unit())}
    measure = (await coordinator.post(f"{there}/measures", {"title": "Schalter", **unit})).json()
    await coordinator.post(f"{there}/decisions", {**MINUTE, "text": "Zwei Schalter"})
    await coordinator.post(
        f"{there}/members", {"body": "working", "responsible": "Leitung", "leads": True, **unit}
    )
    answer = await merged(coordinator, one["id"], other["id"])
    assert answer.status_code == 200, answer.text
    whole = answer.json()
    assert set(whole["observation_ids"]) == {shared, own}
    assert (len(whole["observation_ids"]), whole["signals"]) == (2, [SIGNAL])
    assert (whole["barrier_types"], whole["merged_ids"]) == (["K1", "A1", "D1"], [other["id"]])
    assert [each["id"] for each in whole["measures"]] == [measure["id"]]
    assert [each["obstacle_id"] for each in whole["measures"] + whole["members"]] == [one["id"]] * 2
    assert [each["text"] for each in whole["decisions"]] == ["Zwei Schalter"]
    assert {each["obstacle_id"] for each in whole["steps"]} == {one["id"], other["id"]}
    trace = (await coordinator.get(there)).json()
    assert (trace["status"], trace["merged_into_id"]) == ("merged", one["id"])
    assert (trace["steps"][-1]["to_status"], trace["steps"][-1]["reason"]) == ("merged", WHY["reason"])
    assert (trace["observation_ids"], trace["signals"], trace["measures"]) == ([], [], [])


async def test_what_was_merged_twice_is_read_with_the_last(world: World, clock: Clock) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    at(world, clock, (2026, 6, 1, 8), coordinator, member)
    first, second, third = [await bundled(coordinator) for _ in range(3)]
    await coordinator.post(f"/v1/obstacles/{first['id']}/decisions", {**MINUTE, "text": "Zwei Schalter"})
    await merged(coordinator, second["id"], first["id"])
    await merged(coordinator, third["id"], second["id"])
    read = (await member.get(f"/v1/obstacles/{third['id']}")).json()
    assert read["merged_ids"] == [second["id"], first["id"]]
    assert [each["text"] for each in read["decisions"]] == ["Zwei Schalter"]


async def test_merging_is_refused_for_itself_and_for_what_is_not_there(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    one = (await bundled(coordinator))["id"]
    place = "body.obstacle_id"
    assert places(await merged(coordinator, one, one)) == [{"place": place, "kind": "itself"}]
    unknown = await merged(coordinator, one, str(uuid4()))
    assert places(unknown) == [{"place": place, "kind": "unknown_reference"}]
    foreign = await bundled(await (await world.neighbour()).person(Role.COORDINATOR))
    assert (await merged(coordinator, one, foreign["id"])).json() == unknown.json()
    assert (await merged(coordinator, str(uuid4()), one)).status_code == 404


@pytest.mark.parametrize("turned", [False, True])
async def test_what_is_rejected_or_merged_is_past_merging(world: World, *, turned: bool) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    one, other, third = [(await bundled(coordinator))["id"] for _ in range(3)]
    await moved(coordinator, other, "rejected", **WHY)
    answer = await merged(coordinator, *((other, one) if turned else (one, other)))
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (
        409,
        "wrong_state",
        "rejected",
    )
    assert answer.json()["allowed"] == ["under_review"]
    await merged(coordinator, one, third)
    answer = await merged(coordinator, *((third, one) if turned else (one, third)))
    assert (answer.json()["state"], answer.json()["allowed"]) == ("merged", [])


async def test_steering_group_does_not_lose_what_it_has_read(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    draft, read = (await new_obstacle(coordinator))["id"], (await bundled(coordinator))["id"]
    answer = await merged(coordinator, draft, read)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_bundled")
    assert (await merged(coordinator, read, draft)).status_code == 200


async def test_merging_says_why_impersonally_honours_the_version_and_happens_once(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    one, other = [(await bundled(coordinator))["id"] for _ in range(2)]
    path = f"/v1/obstacles/{one}/merge"
    named = await coordinator.post(path, {"obstacle_id": other, "reason": "Frau Haddad meint beides"})
    assert (named.status_code, named.json()["code"]) == (422, "text_identifies")
    assert (await merged(coordinator, one, other, if_match='"9"')).status_code == 412
    first = await merged(coordinator, one, other, idempotency_key="merge-0001")
    again = await merged(coordinator, one, other, idempotency_key="merge-0001")
    assert first.json() == again.json()
    assert again.json()["merged_ids"] == [other]


async def test_status_is_not_merged_by_a_step(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await bundled(coordinator)
    path = f"/v1/obstacles/{obstacle['id']}/status"
    assert (await coordinator.post(path, {"to": "merged", **WHY})).status_code == 422


async def test_splitting_moves_what_was_chosen(world: World, clock: Clock) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    at(world, clock, (2026, 6, 1, 8), coordinator, member)
    kept, chosen = [str(await visible_observation(world)) for _ in range(2)]
    whole = await bundled(coordinator, observation_ids=[kept, chosen], signals=[SIGNAL])
    await moved(coordinator, whole["id"], "in_working_group")
    body = {**PART, "observation_ids": [chosen], "signals": [SIGNAL], **WHY}
    answer = await coordinator.post(f"/v1/obstacles/{whole['id']}/split", body)
    assert answer.status_code == 201, answer.text
    part = answer.json()
    assert (part["status"], part["bundled_on"], part["split_from_id"]) == (
        "bundled",
        "2026-06-01",
        whole["id"],
    )
    assert (part["observation_ids"], part["signals"]) == ([chosen], [SIGNAL])
    assert [(each["from_status"], each["to_status"], each["reason"]) for each in part["steps"]] == [
        (None, "bundled", WHY["reason"])
    ]
    rest = (await coordinator.get(f"/v1/obstacles/{whole['id']}")).json()
    assert (rest["observation_ids"], rest["signals"], rest["status"]) == ([kept], [], "in_working_group")
    assert rest["version"] > whole["version"]
    assert (await member.get(f"/v1/obstacles/{part['id']}")).status_code == 200


async def test_part_of_a_draft_is_a_draft(world: World) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    observation = str(await visible_observation(world))
    whole = await new_obstacle(coordinator, observation_ids=[observation])
    body = {**PART, "observation_ids": [observation]}
    part = (await coordinator.post(f"/v1/obstacles/{whole['id']}/split", body)).json()
    assert (part["status"], part["bundled_on"]) == ("reported", None)
    assert (await member.get(f"/v1/obstacles/{part['id']}")).status_code == 404


async def test_splitting_needs_something_that_is_there(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 6, 1, 8), coordinator)
    whole = await bundled(coordinator)
    path = f"/v1/obstacles/{whole['id']}/split"
    elsewhere = str(await visible_observation(world))
    assert places(await coordinator.post(path, PART)) == [
        {"place": "body.observation_ids", "kind": "missing"}
    ]
    for field, chosen in (("observation_ids", [elsewhere]), ("signals", [SIGNAL])):
        answer = await coordinator.post(path, {**PART, field: chosen})
        assert places(answer) == [{"place": f"body.{field}", "kind": "not_linked"}]


async def test_what_is_decided_upon_is_not_split(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 6, 1, 8), coordinator)
    observation = str(await visible_observation(world))
    obstacle = await in_project_group(world, coordinator)
    path = f"/v1/obstacles/{obstacle['id']}"
    version = f'"{obstacle["version"]}"'
    await coordinator.patch(path, {"observation_ids": [observation]}, if_match=version)
    await moved(coordinator, obstacle["id"], "decided", **MINUTE)
    body = {**PART, "observation_ids": [observation]}
    answer = await coordinator.post(f"{path}/split", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert answer.json()["allowed"] == ["escalated_to_state", "implemented", "in_project_group", "merged"]


async def test_splitting_happens_once_and_on_the_version_that_was_seen(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    observation = str(await visible_observation(world))
    whole = await bundled(coordinator, observation_ids=[observation])
    path, body = f"/v1/obstacles/{whole['id']}/split", {**PART, "observation_ids": [observation]}
    assert (await coordinator.post(path, body, if_match='"99"')).status_code == 412
    first = await coordinator.post(path, body, idempotency_key="split-0001")
    again = await coordinator.post(path, body, idempotency_key="split-0001")
    assert first.json() == again.json()
    assert len((await coordinator.get("/v1/obstacles")).json()["items"]) == 2


async def test_only_the_coordination_merges_and_splits(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    one, other = [(await bundled(coordinator))["id"] for _ in range(2)]
    for role in (Role.STEERING_MEMBER, Role.CASE_MANAGER):
        stranger = await world.person(role)
        assert (await merged(stranger, one, other)).status_code == 403
        assert (await stranger.post(f"/v1/obstacles/{one}/split", PART)).status_code == 403
