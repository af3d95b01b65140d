"""What was merged is worked on where it is read: nothing is added to it, and its place on an agenda holds."""

import asyncio
from typing import Any

import pytest

from app.access.roles import Role
from app.kit.clock import local_date, utc_now
from tests.obstacles.arrange import WHY, bundled
from tests.world import World

SIGNAL = {"quarter": "2025Q4", "barrier_type": "D1", "institution_group": "benefits"}
DECIDED = {"decided_on": "2026-01-01", "minute": "LG 1", "text": "Zwei Schalter"}


@pytest.mark.parametrize("part", ["links", "measures", "members", "decisions"])
async def test_nothing_is_added_to_what_was_merged(world: World, part: str) -> None:
    coordinator, unit = await world.person(Role.COORDINATOR), str(await world.unit())
    one, other = [(await bundled(coordinator))["id"] for _ in range(2)]
    await coordinator.post(f"/v1/obstacles/{one}/merge", {"obstacle_id": other, **WHY})
    there = f"/v1/obstacles/{other}"
    bodies: dict[str, dict[str, Any]] = {
        "measures": {"title": "Schalter", "unit_id": unit},
        "members": {"body": "working", "responsible": "Leitung", "unit_id": unit},
        "decisions": DECIDED,
    }
    if part == "links":
        version = (await coordinator.get(there)).json()["version"]
        answer = await coordinator.patch(there, {"signals": [SIGNAL]}, if_match=f'"{version}"')
    else:
        answer = await coordinator.post(f"{there}/{part}", bodies[part])
    said = answer.json()
    assert (answer.status_code, said["code"], said["state"]) == (409, "wrong_state", "merged")


async def test_decision_on_what_stood_on_the_agenda_before_it_was_merged(world: World) -> None:
    coordinator, today = await world.person(Role.COORDINATOR), local_date(utc_now()).isoformat()
    one, other, third = [(await bundled(coordinator))["id"] for _ in range(3)]
    plan = {"meets_on": today, "place": "Rathaus", "agenda": [{"obstacle_id": other, "asked": "Schalter?"}]}
    meeting = (await coordinator.post("/v1/steering-meetings", plan)).json()["id"]
    await coordinator.post(f"/v1/obstacles/{one}/merge", {"obstacle_id": other, **WHY})
    minutes = {"minute": "LG 1", "minutes": "Zwei Schalter."}
    held = await coordinator.post(f"/v1/steering-meetings/{meeting}/hold", minutes)
    assert held.status_code == 200, held.text
    body = {**DECIDED, "decided_on": today, "meeting_id": meeting}
    assert (await coordinator.post(f"/v1/obstacles/{one}/decisions", body)).status_code == 201
    assert (await coordinator.post(f"/v1/obstacles/{third}/decisions", body)).status_code == 422


async def test_meeting_that_two_close_at_once_is_held_once_and_says_so(world: World) -> None:
    coordinator, today = await world.person(Role.COORDINATOR), local_date(utc_now()).isoformat()
    for _ in range(4):
        plan = {"meets_on": today, "place": "Rathaus"}
        path = f"/v1/steering-meetings/{(await coordinator.post('/v1/steering-meetings', plan)).json()['id']}"
        minutes = {"minute": "LG 1", "minutes": "Zwei Schalter."}
        answers = await asyncio.gather(*(coordinator.post(f"{path}/hold", minutes) for _ in range(4)))
        assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
        assert {each.json()["state"] for each in answers} == {"held"}
