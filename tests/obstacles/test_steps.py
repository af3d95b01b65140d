"""Moving an obstacle on: steps, what they need, measures and decisions."""

import pytest

from app.access.roles import Role
from tests.barriers.arrange import at
from tests.conftest import Clock
from tests.obstacles.arrange import MINUTE, WHY, bundled, compared, in_project_group, moved, new_obstacle
from tests.refusals import places
from tests.world import World


async def test_step_that_does_not_exist_names_those_that_do(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await new_obstacle(coordinator)
    answer = await coordinator.post(f"/v1/obstacles/{obstacle['id']}/status", {"to": "decided"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert answer.json()["allowed"] == ["merged", "rejected", "under_review"]


async def test_rejecting_needs_a_reason(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await new_obstacle(coordinator)
    path = f"/v1/obstacles/{obstacle['id']}/status"
    answer = await coordinator.post(path, {"to": "rejected"})
    assert (answer.status_code, answer.json()["missing"]) == (409, ["reason"])
    assert answer.json()["detail"] == "This step needs more: a reason."
    rejected = await coordinator.post(path, {"to": "rejected", **WHY})
    assert rejected.json()["steps"][-1]["reason"] == WHY["reason"]


async def test_project_group_needs_owner_and_deadline(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await bundled(coordinator)
    path = f"/v1/obstacles/{obstacle['id']}/status"
    answer = await coordinator.post(path, {"to": "in_project_group"})
    assert answer.json()["missing"] == ["due_on", "responsible_unit_id"]
    owner = {"responsible_unit_id": str(await world.unit()), "due_on": "2099-12-01"}
    answer = await coordinator.post(path, {"to": "in_project_group", **owner})
    assert (answer.json()["status"], answer.json()["due_on"]) == ("in_project_group", "2099-12-01")


async def test_decided_needs_date_and_minute_of_the_steering_group(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 6, 1, 8), coordinator)
    obstacle = await in_project_group(world, coordinator)
    path = f"/v1/obstacles/{obstacle['id']}/status"
    answer = await coordinator.post(path, {"to": "decided", "decided_on": "2026-05-20"})
    assert (answer.status_code, answer.json()["missing"]) == (409, ["decision"])
    early = await coordinator.post(path, {"to": "decided", "decided_on": "2026-06-02", "minute": "x"})
    assert places(early) == [{"place": "body.decided_on", "kind": "in_the_future"}]
    decided = (await coordinator.post(path, {"to": "decided", **MINUTE})).json()
    assert decided["status"] == "decided"
    assert [(each["decided_on"], each["minute"]) for each in decided["decisions"]] == [
        ("2026-05-20", "LG 2/2026 TOP 4")
    ]


async def test_decision_recorded_before_counts_once_and_not_after_it_was_sent_back(
    world: World, clock: Clock
) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 6, 1, 8), coordinator)
    obstacle = await in_project_group(world, coordinator)
    path = f"/v1/obstacles/{obstacle['id']}"
    recorded = await coordinator.post(f"{path}/decisions", {**MINUTE, "text": "Zwei Schalter ohne Termin"})
    assert recorded.status_code == 201, recorded.text
    decided = await moved(coordinator, obstacle["id"], "decided")
    assert decided["decisions"] == [recorded.json()]
    await moved(coordinator, obstacle["id"], "in_project_group", **WHY)
    again = await coordinator.post(f"{path}/status", {"to": "decided"})
    assert again.json()["missing"] == ["decision"]


async def test_steering_group_reads_decisions_and_cannot_record_them(world: World, clock: Clock) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    at(world, clock, (2026, 6, 1, 8), coordinator, member)
    obstacle = await bundled(coordinator)
    path = f"/v1/obstacles/{obstacle['id']}"
    body = {**MINUTE, "text": "Zwei Schalter ohne Termin"}
    assert (await member.post(f"{path}/decisions", body)).status_code == 403
    await coordinator.post(f"{path}/decisions", body)
    assert [each["text"] for each in (await member.get(path)).json()["decisions"]] == [body["text"]]


async def test_decision_of_a_draft_or_of_tomorrow_is_refused(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 5, 20, 8), coordinator)
    draft, shared = await new_obstacle(coordinator), await bundled(coordinator)
    body = {**MINUTE, "text": "Zwei Schalter ohne Termin"}
    early = await coordinator.post(f"/v1/obstacles/{draft['id']}/decisions", body)
    assert (early.status_code, early.json()["code"]) == (409, "not_bundled")
    body["decided_on"] = "2026-05-21"
    assert (await coordinator.post(f"/v1/obstacles/{shared['id']}/decisions", body)).status_code == 422


async def test_implemented_needs_every_measure_finished(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 6, 1, 8), coordinator)
    obstacle = await in_project_group(world, coordinator)
    decided = await moved(coordinator, obstacle["id"], "decided", **MINUTE)
    path = f"/v1/obstacles/{obstacle['id']}"
    answer = await coordinator.post(f"{path}/status", {"to": "implemented"})
    assert answer.json()["missing"] == ["measures_done"]
    measure = decided["measures"][0]
    done = await coordinator.patch(f"{path}/measures/{measure['id']}", {"state": "done"}, if_match='"1"')
    assert (done.json()["state"], done.json()["done_on"]) == ("done", "2026-06-01")
    await moved(coordinator, obstacle["id"], "implemented")
    unchecked = await coordinator.post(f"{path}/status", {"to": "effect_checked"})
    assert (unchecked.status_code, unchecked.json()["missing"]) == (409, ["effect_check"])
    empty = await coordinator.post(f"{path}/effect-checks")
    assert (empty.status_code, empty.json()["no_conclusion_reason"]) == (201, "too_few_quarters")
    unchecked = await coordinator.post(f"{path}/status", {"to": "effect_checked"})
    assert (unchecked.status_code, unchecked.json()["missing"]) == (409, ["effect_check"])
    assert "before and after" in unchecked.json()["detail"]
    await compared(world, obstacle["id"])
    checked = await moved(coordinator, obstacle["id"], "effect_checked")
    assert checked["status"] == "effect_checked"
    assert (await moved(coordinator, obstacle["id"], "under_review", **WHY))["status"] == "under_review"


@pytest.mark.parametrize("state", ["planned", "in_progress", "dropped"])
async def test_measure_that_was_carried_out_is_not_reopened(world: World, clock: Clock, state: str) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 6, 1, 8), coordinator)
    obstacle = await in_project_group(world, coordinator)
    decided = await moved(coordinator, obstacle["id"], "decided", **MINUTE)
    path = f"/v1/obstacles/{obstacle['id']}/measures/{decided['measures'][0]['id']}"
    assert (await coordinator.patch(path, {"state": "done"}, if_match='"1"')).status_code == 200
    await moved(coordinator, obstacle["id"], "implemented")
    refused = await coordinator.patch(path, {"state": state}, if_match='"2"')
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert "decided" in refused.json()["allowed"]
    renamed = await coordinator.patch(path, {"title": "Zweiter Schalter"}, if_match='"2"')
    assert renamed.json()["state"] == "done"
    await moved(coordinator, obstacle["id"], "decided", **WHY)
    reopened = await coordinator.patch(path, {"state": state}, if_match='"3"')
    assert (reopened.status_code, reopened.json()["done_on"]) == (200, None)


async def test_bundled_day_stays_the_first(world: World, clock: Clock) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    at(world, clock, (2026, 6, 1, 8), coordinator)
    obstacle = await bundled(coordinator)
    await moved(coordinator, obstacle["id"], "in_working_group")
    at(world, clock, (2026, 7, 1, 8), coordinator)
    assert (await moved(coordinator, obstacle["id"], "bundled", **WHY))["bundled_on"] == "2026-06-01"


async def test_measure_has_exactly_one_responsible(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await bundled(coordinator)
    path = f"/v1/obstacles/{obstacle['id']}/measures"
    both = {"institution_id": str(await world.institution()), "unit_id": str(await world.unit())}
    for who in ({}, both):
        answer = await coordinator.post(path, {"title": "Schalter", **who})
        assert places(answer) == [{"place": "body.institution_id", "kind": "one_responsible"}]
    made = await coordinator.post(path, {"title": "Schalter", "institution_id": both["institution_id"]})
    assert (made.status_code, made.json()["state"]) == (201, "planned")
    answer = await coordinator.patch(f"{path}/{made.json()['id']}", {"institution_id": None}, if_match='"1"')
    assert answer.status_code == 422


async def test_measure_of_another_obstacle_is_not_found(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    one, other = await bundled(coordinator), await bundled(coordinator)
    unit = {"unit_id": str(await world.unit())}
    made = await coordinator.post(f"/v1/obstacles/{one['id']}/measures", {"title": "Schalter", **unit})
    wrong = f"/v1/obstacles/{other['id']}/measures/{made.json()['id']}"
    assert (await coordinator.patch(wrong, {"state": "done"}, if_match='"1"')).status_code == 404


async def test_step_with_an_old_version_is_refused_and_a_repeat_finds_the_first(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await new_obstacle(coordinator)
    path = f"/v1/obstacles/{obstacle['id']}/status"
    assert (await coordinator.post(path, {"to": "under_review"}, if_match='"9"')).status_code == 412
    first = await coordinator.post(path, {"to": "under_review"}, idempotency_key="step-0001")
    again = await coordinator.post(path, {"to": "under_review"}, idempotency_key="step-0001")
    assert first.json() == again.json()
    assert len(again.json()["steps"]) == 2


async def test_step_from_elsewhere_says_from_where(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    obstacle = await bundled(coordinator)
    refused = await coordinator.post(f"/v1/obstacles/{obstacle['id']}/status", {"to": "decided"})
    assert (refused.status_code, refused.json()["state"]) == (409, "bundled")
    assert refused.json()["detail"] == (
        "An obstacle gets there only from: in_project_group, implemented, escalated_to_state."
    )
