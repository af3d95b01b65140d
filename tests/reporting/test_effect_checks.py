"""Effect checks over HTTP: from published figures alone, frozen, and reopened by rule."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.context import SystemContext
from app.access.roles import Role
from app.kit.database import Database, System
from app.reporting.effects import watching
from app.wiring import wire
from app.worker import run_once
from tests.obstacles.arrange import WHY, moved
from tests.reporting.effects import check, coordinator_of, implemented, publish, publish_all
from tests.world import World

BEFORE = {"2024Q3": 60, "2024Q4": 50}
AFTER = {"2025Q3": 20, "2025Q4": 15}


async def watch(worker: Database, world: World) -> None:
    """Do what the worker does when a release was published."""
    async with worker.transaction(System(world.area)) as db:
        await watching.watch_effects(SystemContext(db, world.area, datetime.now(UTC), wire()), {})


async def status_of(world: World, obstacle_id: str) -> str:
    return str(await world.admin.fetchval("SELECT status FROM obstacles WHERE id = $1", UUID(obstacle_id)))


async def test_rate_that_fell_is_told_with_quarters_and_intervals(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, {**BEFORE, "2025Q1": 70, "2025Q2": 40, **AFTER})
    found = await check(coordinator, obstacle_id)
    assert (found["conclusion"], found["no_conclusion_reason"], found["by_system"]) == ("fell", None, False)
    assert found["before"] == {
        "quarters": ["2024Q3", "2024Q4"], "cases_least": 110, "cases_most": 110, "active_clients": 800,
        "rate_least": 13.75, "rate_most": 13.75, "interval_low": 11.3, "interval_high": 16.57,
        "coverage": ["75_to_100"],
    }  # fmt: skip
    after = found["after"]
    assert (after["quarters"], after["rate_least"]) == (["2025Q3", "2025Q4"], 4.38)
    assert after["interval_high"] < found["before"]["interval_low"]


async def test_rate_that_rose_is_told(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, {"2024Q3": 15, "2024Q4": 20, "2025Q3": 60, "2025Q4": 50})
    assert (await check(coordinator, obstacle_id))["conclusion"] == "rose"


@pytest.mark.parametrize(
    ("cases", "more", "reason"),
    [
        ({}, {}, "too_few_quarters"),
        ({"2024Q3": 60, "2025Q3": 20}, {}, "too_few_quarters"),
        ({"2024Q1": 60, "2024Q2": 60, **AFTER}, {}, "too_few_quarters"),
        ({"2024Q3": None, "2024Q4": None, **AFTER}, {}, "hidden"),
        ({**BEFORE, **AFTER}, {"clients": None}, "hidden"),
        ({"2024Q3": 20, "2024Q4": 15, **AFTER}, {}, "intervals_overlap"),
        ({**BEFORE, **AFTER}, {"coverage": "unknown"}, "coverage_changed"),
    ],
)
async def test_no_conclusion_is_an_answer_with_its_reason(
    world: World, cases: dict[str, int | None], more: dict[str, Any], reason: str
) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, cases, **more)
    found = await check(coordinator, obstacle_id)
    assert (found["conclusion"], found["no_conclusion_reason"]) == ("no_conclusion", reason)


async def test_fewer_who_report_are_no_lower_rate(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, BEFORE)
    await publish_all(world, AFTER, coverage="25_to_49")
    assert (await check(coordinator, obstacle_id))["no_conclusion_reason"] == "coverage_changed"


async def test_hidden_cell_is_bounded_by_what_was_published_around_it(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, BEFORE)
    sums = {("K1", "total"): 9, ("total", "total"): 120, ("K1", "residence"): None}
    await publish_all(world, {"2025Q3": None, "2025Q4": None}, sums=sums)
    found = await check(coordinator, obstacle_id)
    assert (found["after"]["cases_least"], found["after"]["cases_most"]) == (0, 18)
    assert found["conclusion"] == "fell"


async def test_what_was_computed_and_not_published_counts_nowhere(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, {**BEFORE, "2025Q3": 20})
    await publish(world, "2025Q4", 15, state="computed")
    assert (await check(coordinator, obstacle_id))["no_conclusion_reason"] == "too_few_quarters"


async def test_check_is_frozen_and_a_later_one_stands_beside_it(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, {**BEFORE, "2025Q3": 20})
    first = await check(coordinator, obstacle_id)
    await publish(world, "2025Q4", 15)
    second = await check(coordinator, obstacle_id)
    listed = (await coordinator.get(f"/v1/obstacles/{obstacle_id}/effect-checks")).json()["items"]
    assert listed == [second, first]
    assert (first["conclusion"], second["conclusion"]) == ("no_conclusion", "fell")
    async with world.admin.transaction():
        await world.admin.execute("SET LOCAL ROLE kim_app")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await world.admin.execute("UPDATE obstacle_effect_checks SET conclusion = 'fell'")


async def test_effect_is_not_checked_before_the_measures_are_done(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await moved(coordinator, obstacle_id, "decided", **WHY)
    answer = await coordinator.post(f"/v1/obstacles/{obstacle_id}/effect-checks")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert "implemented" in answer.json()["allowed"]


async def test_check_before_it_was_implemented_again_does_not_count(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, {**BEFORE, **AFTER})
    await check(coordinator, obstacle_id)
    await moved(coordinator, obstacle_id, "decided", **WHY)
    await moved(coordinator, obstacle_id, "implemented")
    path = f"/v1/obstacles/{obstacle_id}/status"
    answer = await coordinator.post(path, {"to": "effect_checked"})
    assert answer.json()["missing"] == ["effect_check"]
    await check(coordinator, obstacle_id)
    taken = await coordinator.post(path, {"to": "effect_checked"})
    assert taken.status_code == 200, taken.text


async def test_check_without_quarters_to_compare_checks_nothing(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, {**BEFORE, "2025Q3": 20})
    assert (await check(coordinator, obstacle_id))["no_conclusion_reason"] == "too_few_quarters"
    answer = await coordinator.post(f"/v1/obstacles/{obstacle_id}/status", {"to": "effect_checked"})
    assert (answer.status_code, answer.json()["missing"]) == (409, ["effect_check"])


async def test_steering_group_reads_checks_and_makes_none(world: World) -> None:
    coordinator, member = await coordinator_of(world), await world.person(Role.STEERING_MEMBER)
    obstacle_id = await implemented(world, coordinator)
    found = await check(coordinator, obstacle_id)
    path = f"/v1/obstacles/{obstacle_id}/effect-checks"
    assert (await member.get(path)).json()["items"] == [found]
    assert (await member.post(path)).status_code == 403
    manager = await world.person(Role.CASE_MANAGER)
    assert (await manager.get(path)).status_code == 403


async def test_checks_of_an_obstacle_elsewhere_are_not_found(world: World) -> None:
    coordinator = await coordinator_of(world)
    unknown = "00000000-0000-7000-8000-000000000001"
    assert (await coordinator.get(f"/v1/obstacles/{unknown}/effect-checks")).status_code == 404
    assert (await coordinator.post(f"/v1/obstacles/{unknown}/effect-checks")).status_code == 404


async def effect_checked(world: World) -> tuple[Any, str]:
    """Return a coordinator and an obstacle whose rate fell."""
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator)
    await publish_all(world, {**BEFORE, **AFTER})
    assert (await check(coordinator, obstacle_id))["conclusion"] == "fell"
    await moved(coordinator, obstacle_id, "effect_checked")
    return coordinator, obstacle_id


async def test_rate_that_rises_again_reopens_the_obstacle(world: World, worker_database: Database) -> None:
    coordinator, obstacle_id = await effect_checked(world)
    await publish_all(world, {"2026Q3": 55, "2026Q4": 45})
    await watch(worker_database, world)
    read = (await coordinator.get(f"/v1/obstacles/{obstacle_id}")).json()
    assert read["status"] == "under_review"
    assert read["steps"][-1]["from_status"] == "effect_checked"
    assert read["steps"][-1]["reason"] == (
        "Die Rate ist wieder gestiegen: 2026Q3, 2026Q4: 10,2 bis 15,2, vorher 2025Q3, 2025Q4: 3,0 bis 6,1 "
        "Barrierefälle je 100 aktive Klient:innen und Quartal."
    )
    newest = (await coordinator.get(f"/v1/obstacles/{obstacle_id}/effect-checks")).json()["items"][0]
    assert (newest["conclusion"], newest["by_system"]) == ("rose", True)
    assert newest["after"]["quarters"] == ["2026Q3", "2026Q4"]


@pytest.mark.parametrize(
    ("cases", "more"),
    [
        ({"2026Q3": 55}, {}),
        ({"2026Q3": 22, "2026Q4": 17}, {}),
        ({"2026Q3": None, "2026Q4": None}, {}),
        ({"2026Q3": 55, "2026Q4": 45}, {"coverage": "50_to_74"}),
        ({"2026Q3": 55, "2026Q4": 45}, {"clients": 2000}),
    ],
)
async def test_obstacle_stays_checked_where_the_rule_does_not_hold(
    world: World, worker_database: Database, cases: dict[str, int | None], more: dict[str, Any]
) -> None:
    _, obstacle_id = await effect_checked(world)
    await publish_all(world, cases, **more)
    await watch(worker_database, world)
    assert await status_of(world, obstacle_id) == "effect_checked"


async def test_second_look_changes_nothing(world: World, worker_database: Database) -> None:
    coordinator, obstacle_id = await effect_checked(world)
    await publish_all(world, {"2026Q3": 55, "2026Q4": 45})
    await watch(worker_database, world)
    await watch(worker_database, world)
    steps = (await coordinator.get(f"/v1/obstacles/{obstacle_id}")).json()["steps"]
    assert sum(step["from_status"] == "effect_checked" for step in steps) == 1


async def test_coordinators_are_told_and_nobody_else(world: World, worker_database: Database) -> None:
    coordinator, obstacle_id = await effect_checked(world)
    other, member = await coordinator_of(world), await world.person(Role.STEERING_MEMBER)
    await publish_all(world, {"2026Q3": 55, "2026Q4": 45})
    await watch(worker_database, world)
    await run_once(worker_database, wire(), lambda: datetime.now(UTC), jobs=(), areas=[world.area])
    for person, told in ((coordinator, 1), (other, 1), (member, 0)):
        items = (await person.get("/v1/me/notifications")).json()["items"]
        assert [each["object_id"] for each in items if each["kind"] == "obstacle_reopened"] == (
            [obstacle_id] * told
        )


async def test_worker_takes_this_one_step_and_no_other(world: World, worker_database: Database) -> None:
    coordinator, obstacle_id = await effect_checked(world)
    refused = (
        "UPDATE obstacles SET status = 'rejected' WHERE id = $1",
        "UPDATE obstacles SET title = 'x' WHERE id = $1",
        """INSERT INTO obstacle_steps (municipal_area_id, id, obstacle_id, from_status, to_status, taken_on)
        VALUES (ctx_area(), new_id(), $1, 'effect_checked', 'rejected', '2026-01-01')""",
        """INSERT INTO obstacle_effect_checks
        (municipal_area_id, id, obstacle_id, made_on, before, after, conclusion)
        VALUES (ctx_area(), new_id(), $1, '2026-01-01', '{}', '{}', 'fell')""",
    )
    for sql in refused:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with worker_database.transaction(System(world.area)) as db:
                await (await db.driver()).execute(sql, UUID(obstacle_id))
    await moved(coordinator, obstacle_id, "under_review", **WHY)
    async with worker_database.transaction(System(world.area)) as db:
        sql = "UPDATE obstacles SET status = 'under_review' WHERE id = $1"
        assert await (await db.driver()).execute(sql, UUID(obstacle_id)) == "UPDATE 0"


async def test_obstacle_that_the_state_solved_is_checked_from_the_day_of_the_step(world: World) -> None:
    coordinator = await coordinator_of(world)
    obstacle_id = await implemented(world, coordinator, (date(2025, 2, 10), date(2025, 4, 20)))
    await world.admin.execute("DELETE FROM obstacle_measures WHERE obstacle_id = $1", UUID(obstacle_id))
    await publish_all(world, {**BEFORE, **AFTER})
    found = await check(coordinator, obstacle_id)
    assert found["no_conclusion_reason"] == "too_few_quarters"
