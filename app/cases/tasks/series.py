"""Series: starting, changing and ending them, and making the occurrence that follows.

An occurrence is made by one definer function, for the one who ends the occurrence before and for the worker
alike: it locks the series and makes no number that is there, so twice does no harm. What was missed while
nobody made any is passed over: the one that follows is the next from today.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.context import Context, SystemContext
from app.cases.tasks.models import Task, TaskSeries
from app.cases.tasks.recurrence import Rule, day_of, number_from
from app.cases.tasks.schemas import Recurrence
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.database import Db
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id

BATCH = 200  # series a transaction

_RULE = "SELECT id, frequency, every, first_on, until_on, count, made FROM "
_OF_TASK = _RULE + "task_series WHERE id = $1 AND ended_at IS NULL"
_DUE = _RULE + "due_task_series($1, $2)"
_MAKE = "SELECT make_task_occurrence($1, $2, $3, $4, $5, $6)"
_END = "UPDATE task_series SET ended_at = $2 WHERE case_id = $1 AND ended_at IS NULL"
_START_AGAIN = "UPDATE task_series SET ended_at = NULL WHERE case_id = $1 AND ended_at >= $2"
_REMIND = "SELECT tell_due_tasks($1)"


async def start(ctx: Context, task: Task, recurrence: Recurrence) -> None:
    """Make a task the first occurrence of a new series; 422 where nothing would follow."""
    rule = _rule(task, recurrence)
    if recurrence.until is not None and recurrence.count is not None:
        raise Invalid.at("body.recurrence", "two_ends", "A series ends on a day or after a number, not both.")
    if day_of(rule, 2) is None:
        raise Invalid.at("body.recurrence", "never_again", "By this rule it is never due again.")
    row = TaskSeries(
        municipal_area_id=task.municipal_area_id,
        id=new_id(),
        case_id=task.case_id,
        frequency=rule.frequency,
        every=rule.every,
        first_on=rule.first_on,
        until_on=rule.until_on,
        count=rule.count,
        latest_on=rule.first_on,
    )
    ctx.db.add(row)
    await ctx.db.flush()
    task.series_id, task.occurrence = row.id, 1


async def change(ctx: Context, task: Task, recurrence: Recurrence | None) -> None:
    """End the series of a task and start another from its day; 409 unless it is the last occurrence."""
    if task.series_id is not None:
        row = await locked(ctx.db, TaskSeries, task.series_id)
        if row.made != task.occurrence:
            raise Conflict("Only the last occurrence changes how it goes on.", code="not_the_last")
        row.ended_at = row.ended_at or ctx.now
    if recurrence is not None:
        await start(ctx, task, recurrence)


async def end_all(ctx: Context, case_id: UUID) -> None:
    """End every series of a case whose tasks end with it."""
    await (await ctx.db.driver()).execute(_END, case_id, ctx.now)


async def start_again(ctx: Context, case_id: UUID, closed_at: datetime) -> None:
    """Let the series of a case go on that ended with its closing at that moment, or were settled since."""
    await (await ctx.db.driver()).execute(_START_AGAIN, case_id, closed_at)


async def follow(ctx: Context, task: Task) -> None:
    """Make the occurrence after one that has ended, unless there is one."""
    if task.series_id is None:
        return
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_OF_TASK, task.series_id)
    if row is not None and row["made"] == task.occurrence:
        await _make(ctx.db, row, ctx.now)


async def make_due(ctx: SystemContext) -> int:
    """Make one occurrence for each series whose last day has passed and return how many series that were.

    Call again while it returns `BATCH`.
    """
    driver = await ctx.db.driver()
    rows = await driver.fetch(_DUE, local_date(ctx.now), BATCH)
    for row in rows:
        await _make(ctx.db, row, ctx.now)
    return len(rows)


async def remind_due(ctx: SystemContext) -> int:
    """Tell whoever is to be reminded now, once, and return how many; a task ends its reminders."""
    driver = await ctx.db.driver()
    told: int = await driver.fetchval(_REMIND, ctx.now)
    return told


async def _make(db: Db, row: Any, now: datetime) -> None:
    rule = Rule(row["frequency"], row["every"], row["first_on"], row["until_on"], row["count"])
    number = number_from(rule, local_date(now), after=row["made"])
    driver = await db.driver()
    await driver.execute(_MAKE, row["id"], new_id(), new_id(), number, day_of(rule, number), now)


def _rule(task: Task, recurrence: Recurrence) -> Rule:
    return Rule(recurrence.frequency, recurrence.every, task.due_on, recurrence.until, recurrence.count)
