"""What is due lies today or later; what has happened may lie in the past."""

from typing import Any

import pytest

from tests.cases.arrange import a_case, etag, travel
from tests.cases.test_plan import GOAL, MEASURE, a_goal
from tests.conftest import Clock
from tests.refusals import places
from tests.world import Person, World

NOW = (2026, 7, 15, 8)
YESTERDAY, TODAY = "2026-07-14", "2026-07-15"
TASK = {"title": "Bescheid prüfen"}


async def ready(world: World, clock: Clock) -> tuple[Person, str, str]:
    """Return a case manager, the path of a case and of a goal in it, in the middle of July."""
    amira = await world.case_manager()
    travel(world, clock, amira, *NOW)
    case = await a_case(world, amira)
    _, goal = await a_goal(amira, case)
    return amira, f"/v1/cases/{case}", goal


@pytest.mark.parametrize(
    ("where", "body", "field"),
    [
        ("{case}/goals", GOAL, "target_on"),
        ("{goal}/measures", MEASURE, "due_on"),
        ("{case}/tasks", TASK, "due_on"),
    ],
)
async def test_new_deadline_in_the_past_is_refused(
    world: World, clock: Clock, where: str, body: dict[str, Any], field: str
) -> None:
    amira, case, goal = await ready(world, clock)
    path = where.format(case=case, goal=goal)
    late = await amira.post(path, {**body, field: YESTERDAY})
    assert (late.status_code, places(late)) == (422, [{"place": f"body.{field}", "kind": "in_the_past"}])
    assert late.json()["detail"].endswith("lies today or later.")
    assert YESTERDAY not in late.text
    assert (await amira.post(path, {**body, field: TODAY})).status_code == 201


async def test_deadline_is_not_moved_into_the_past_but_stays_when_it_has_passed(
    world: World, clock: Clock
) -> None:
    amira, case, _ = await ready(world, clock)
    made = (await amira.post(f"{case}/tasks", {**TASK, "due_on": TODAY})).json()
    path = f"{case}/tasks/{made['id']}"
    travel(world, clock, amira, 2026, 7, 20, 8)
    kept = await amira.patch(path, {"title": "Noch offen", "due_on": TODAY}, if_match='"1"')
    assert (kept.status_code, kept.json()["due_on"]) == (200, TODAY)
    moved = await amira.patch(path, {"due_on": "2026-07-19"}, if_match='"2"')
    assert places(moved) == [{"place": "body.due_on", "kind": "in_the_past"}]


async def test_goal_and_measure_are_not_moved_into_the_past(world: World, clock: Clock) -> None:
    amira, case, goal = await ready(world, clock)
    aim = await amira.patch(goal, {"target_on": YESTERDAY}, if_match='"1"')
    measure = (await amira.post(f"{goal}/measures", MEASURE)).json()
    path = f"{case}/measures/{measure['id']}"
    due = await amira.patch(path, {"due_on": YESTERDAY}, if_match='"1"')
    assert places(aim) == [{"place": "body.target_on", "kind": "in_the_past"}]
    assert places(due) == [{"place": "body.due_on", "kind": "in_the_past"}]


async def test_next_review_lies_ahead(world: World, clock: Clock) -> None:
    amira, case, _ = await ready(world, clock)
    past = await amira.patch(case, {"next_review_on": YESTERDAY}, if_match=await etag(amira, case))
    ahead = await amira.patch(case, {"next_review_on": TODAY}, if_match=await etag(amira, case))
    assert places(past) == [{"place": "body.next_review_on", "kind": "in_the_past"}]
    assert ahead.status_code == 200


async def test_what_has_happened_is_recorded_in_the_past(world: World, clock: Clock) -> None:
    amira, case, _ = await ready(world, clock)
    need = {"life_domain": "work", "state": "need"}
    body = {"assessed_on": "2026-03-03", "domains": [need]}
    assert (await amira.post(f"{case}/assessments", body)).status_code == 201
