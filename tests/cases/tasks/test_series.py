"""Series: every occurrence is a real task, made once, whoever comes first."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.kit.database import Database
from app.upkeep import Job, make_occurrences
from tests.cases.tasks.arrange import a_desk, work
from tests.conftest import Clock
from tests.refusals import places
from tests.world import World

RECUR = Job("recur", timedelta(minutes=1), make_occurrences)
MONTHLY = {"frequency": "monthly"}
MAKE = "SELECT make_task_occurrence($1, $2, $3, $4, '2031-01-01', now())"


async def series_of(world: World, task: dict[str, Any]) -> UUID:
    found: UUID = await world.admin.fetchval(
        "SELECT series_id FROM tasks WHERE id = $1::text::uuid", task["id"]
    )
    return found


async def test_finishing_makes_the_following_occurrence(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(recurrence=MONTHLY, note="Bewilligung läuft ab")
    await desk.step(desk.lead, task, "finish")
    former, following = await desk.all()
    assert (former["state"], former["occurrence"]) == ("done", 1)
    assert (following["state"], following["occurrence"], following["due_on"]) == ("open", 2, "2030-02-28")
    assert (following["note"], following["recurrence"]["frequency"]) == ("Bewilligung läuft ab", "monthly")
    assert await desk.steps(following) == [("recur", "open")]


async def test_finishing_again_after_reopening_makes_no_second_one(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(recurrence=MONTHLY)
    for step in ("finish", "reopen", "finish"):
        await desk.step(desk.lead, task, step)
    assert await desk.days() == ["2030-01-31", "2030-02-28"]


async def test_worker_makes_the_next_from_today_after_a_day_that_has_passed(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await a_desk(world)
    await desk.task(recurrence=MONTHLY)
    clock.set(2030, 1, 31, 12)
    await work(world, worker_database, clock, RECUR)
    assert await count(world) == 1
    clock.set(2030, 4, 1, 12)
    for _ in range(5):
        await work(world, worker_database, clock, RECUR)
    assert await desk_days(world) == ["2030-01-31", "2030-04-30"]


async def test_worker_and_completion_at_once_make_one(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await a_desk(world)
    task = await desk.task(recurrence={"frequency": "yearly"}, due_on="2029-12-31")
    later = Clock()
    later.set(2030, 1, 1, 12)
    await asyncio.gather(
        desk.step(desk.lead, task, "finish"),
        *(work(world, worker_database, later, RECUR) for _ in range(3)),
    )
    assert await desk.days() == ["2029-12-31", "2030-12-31"]


async def test_second_making_of_the_same_number_does_nothing(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(recurrence=MONTHLY)
    series = await series_of(world, task)
    async with world.sql(desk.lead) as db:
        driver = await db.driver()
        made = [await driver.fetchval(MAKE, series, uuid4(), uuid4(), 2) for _ in range(2)]
    assert made == [True, False]


async def test_database_refuses_a_second_occurrence_of_the_same_number(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(recurrence=MONTHLY)
    again = """INSERT INTO tasks (municipal_area_id, id, case_id, title, due_on, assignee_id, created_by,
        series_id, occurrence)
    SELECT municipal_area_id, gen_random_uuid(), case_id, title, due_on, assignee_id, created_by,
        series_id, occurrence FROM tasks WHERE id = $1"""
    with pytest.raises(asyncpg.UniqueViolationError):
        await world.admin.execute(again, UUID(task["id"]))


async def test_stranger_makes_no_occurrence(world: World) -> None:
    desk, stranger = await a_desk(world), await world.case_manager()
    series = await series_of(world, await desk.task(recurrence=MONTHLY))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(stranger) as db:
            await (await db.driver()).fetchval(MAKE, series, uuid4(), uuid4(), 2)


async def test_clock_time_stays_over_the_change_to_summer_time(world: World) -> None:
    desk = await a_desk(world)
    weekly = {"frequency": "weekly"}
    task = await desk.task(kind="appointment", due_at="2030-03-29T08:00:00Z", recurrence=weekly)
    await desk.step(desk.lead, task, "drop", reason="fällt aus")
    assert [each["due_at"] for each in await desk.all()] == [
        "2030-03-29T08:00:00+00:00",
        "2030-04-05T07:00:00+00:00",
    ]


async def test_series_ends_after_its_count(world: World) -> None:
    desk = await a_desk(world)
    await desk.task(recurrence={**MONTHLY, "count": 2})
    for _ in range(2):
        await desk.step(desk.lead, (await desk.all())[-1], "finish")
    assert await desk.days() == ["2030-01-31", "2030-02-28"]
    assert (await desk.all())[-1]["recurrence"] is None


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ({"frequency": "daily", "until": "2030-01-31"}, "never_again"),
        ({"frequency": "daily", "until": "2031-01-31", "count": 3}, "two_ends"),
    ],
)
async def test_rule_that_cannot_be_meant_is_refused(world: World, rule: dict[str, Any], kind: str) -> None:
    desk = await a_desk(world)
    answer = await desk.lead.post(desk.path, {"title": "x", "due_on": "2030-01-31", "recurrence": rule})
    assert places(answer) == [{"place": "body.recurrence", "kind": kind}]


async def test_ended_series_makes_nothing(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(recurrence=MONTHLY)
    ended = await desk.lead.patch(f"{desk.path}/{task['id']}", {"recurrence": None}, if_match='"1"')
    assert ended.json()["recurrence"] is None
    await desk.step(desk.lead, task, "finish")
    assert await desk.days() == ["2030-01-31"]


@pytest.mark.parametrize(
    ("rule", "days"), [(None, ["2030-01-31"]), ({"frequency": "weekly"}, ["2030-01-31", "2030-02-07"])]
)
async def test_last_occurrence_is_ticked_off_and_its_rule_changed_at_once(
    world: World, rule: dict[str, Any] | None, days: list[str]
) -> None:
    desk = await a_desk(world)
    task = await desk.task(recurrence=MONTHLY)
    body = {"done": True, "recurrence": rule}
    answer = await desk.lead.patch(f"{desk.path}/{task['id']}", body, if_match='"1"')
    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    assert await desk.days() == days


async def test_rule_changes_at_the_last_occurrence_only(world: World) -> None:
    desk = await a_desk(world)
    first = await desk.task(recurrence=MONTHLY)
    done = await desk.step(desk.lead, first, "finish")
    last = (await desk.all())[-1]
    weekly = {"recurrence": {"frequency": "weekly"}}
    refused = await desk.lead.patch(f"{desk.path}/{first['id']}", weekly, if_match=done.headers["etag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "not_the_last")
    await desk.lead.patch(f"{desk.path}/{last['id']}", weekly, if_match='"1"')
    await desk.step(desk.lead, last, "finish")
    assert await desk.days() == ["2030-01-31", "2030-02-28", "2030-03-07"]


async def test_occurrence_of_somebody_who_left_falls_to_the_lead(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.offered(recurrence=MONTHLY)
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE user_id = $1", desk.member.user_id
    )
    await desk.step(desk.lead, task, "finish")
    last = (await desk.all())[-1]
    assert (last["assignee"]["id"], last["state"]) == (str(desk.lead.user_id), "open")


async def test_closed_case_makes_nothing_and_goes_on_when_reopened(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await a_desk(world)
    await desk.task(recurrence=MONTHLY)
    await desk.lead.post(f"/v1/cases/{desk.case_id}/close", {"reason": "goals_reached"})
    clock.set(2030, 2, 1, 12)
    await work(world, worker_database, clock, RECUR)
    assert await count(world) == 1
    await world.admin.execute(
        "UPDATE cases SET phase = 'intake', closed_on = NULL WHERE municipal_area_id = $1", world.area
    )
    await work(world, worker_database, clock, RECUR)
    assert await count(world) == 2


async def count(world: World) -> int:
    return len(await desk_days(world))


async def desk_days(world: World) -> list[str]:
    rows = await world.admin.fetch(
        "SELECT due_on FROM tasks WHERE municipal_area_id = $1 ORDER BY due_on", world.area
    )
    return [str(row["due_on"]) for row in rows]
