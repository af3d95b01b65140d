"""What becomes of a series with its case: it ends with what is dropped, and never makes up for a pause."""

from datetime import timedelta

from app.kit.clock import local_date, utc_now
from app.kit.database import Database
from app.upkeep import Job, make_occurrences
from tests.cases.arrange import close
from tests.cases.tasks.arrange import Desk, a_desk, work
from tests.conftest import Clock
from tests.world import World

RECUR = Job("recur", timedelta(minutes=1), make_occurrences)
WEEKLY = {"frequency": "weekly"}
TODAY = local_date(utc_now())
DROP = {"tasks": "drop"}


async def _reopen(desk: Desk, **more: bool) -> None:
    answer = await desk.lead.post(f"/v1/cases/{desk.case_id}/reopen", {"reason": "Neue Kündigung", **more})
    assert answer.status_code == 200, answer.text


async def _days_after_seventy(world: World, database: Database, clock: Clock, desk: Desk) -> list[int]:
    """Return on which days from today the tasks are due once the worker has run often, 70 days on."""
    later = TODAY + timedelta(days=70)
    clock.set(later.year, later.month, later.day, 12)
    for _ in range(12):
        await work(world, database, clock, RECUR)
    rows = await world.admin.fetch(
        "SELECT due_on FROM tasks WHERE case_id::text = $1 ORDER BY due_on", desk.case_id
    )
    return [(row["due_on"] - TODAY).days for row in rows]


async def _weekly(world: World) -> Desk:
    desk = await a_desk(world)
    await desk.task(due_on=str(TODAY), recurrence=WEEKLY)
    return desk


async def test_series_that_was_dropped_with_its_case_has_ended(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await _weekly(world)
    await close(desk.lead, desk.case_id, "moved_away", settle=DROP)
    await _reopen(desk)
    (task,) = await desk.all()
    assert (task["state"], task["recurrence"]) == ("dropped", None)
    assert await _days_after_seventy(world, worker_database, clock, desk) == [0]


async def test_what_is_taken_up_recurs_from_today(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await _weekly(world)
    await close(desk.lead, desk.case_id, "moved_away", settle=DROP)
    await _reopen(desk, take_up=True)
    (task,) = await desk.all()
    assert (task["state"], task["recurrence"]["frequency"]) == ("open", "weekly")
    assert await _days_after_seventy(world, worker_database, clock, desk) == [0, 70]


async def test_what_was_kept_recurs_from_today_and_makes_up_for_nothing(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await _weekly(world)
    await close(desk.lead, desk.case_id, "moved_away")
    await _reopen(desk)
    assert await _days_after_seventy(world, worker_database, clock, desk) == [0, 70]


async def test_series_that_somebody_ended_before_the_closing_is_not_taken_up(world: World) -> None:
    desk = await _weekly(world)
    (task,) = await desk.all()
    path = f"{desk.path}/{task['id']}"
    assert (await desk.lead.patch(path, {"recurrence": None}, if_match='"1"')).status_code == 200
    await close(desk.lead, desk.case_id, "moved_away", settle=DROP)
    await _reopen(desk, take_up=True)
    assert [(each["state"], each["recurrence"]) for each in await desk.all()] == [("open", None)]


async def test_finishing_after_the_pause_makes_the_next_from_today(world: World) -> None:
    desk = await _weekly(world)
    await world.admin.execute(
        """UPDATE task_series SET first_on = first_on - 24, latest_on = latest_on - 24
        WHERE municipal_area_id = $1""",
        world.area,
    )
    (task,) = await desk.all()
    await desk.step(desk.lead, task, "finish")
    following = (await desk.all())[-1]
    assert (following["due_on"], following["occurrence"]) == (str(TODAY + timedelta(days=4)), 5)
