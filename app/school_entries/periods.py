"""What a first day means for a child's schooling history: a period there, opened, moved and ended, once."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.relations import allowed_relations, relations_to
from app.clients.histories.kinds import SCHOOLING
from app.clients.histories.models import SchoolingPeriod
from app.clients.histories.periods import add_period, correct_period, end_period
from app.clients.histories.schemas import PeriodEnd, SchoolingCorrect, SchoolingCreate
from app.school_entries.rules import State

_STEP = {State.SUPPORT_CLASS: "support_class", State.REGULAR_CLASS: "attending"}
"""States of an entry as the vocabulary `school_step` has them."""


async def open_schooling(ctx: Context, child: UUID, state: State, day: date, school: str | None) -> None:
    """Open a period of the child's schooling on the day, ending the one that runs; not twice the same.

    Whoever only registered the child, and is not on a case of its own, writes no history of it.
    """
    if not await _writes(ctx, child):
        return
    running = await _running(ctx, child, day)
    if running is not None and running.valid.lower == day and running.school_step == _STEP[state]:
        return
    body = SchoolingCreate(school_step=_STEP[state], school=school, valid_from=day, ends_previous=True)
    await add_period(ctx, SCHOOLING, child, body)


async def end_schooling(ctx: Context, child: UUID, day: date) -> None:
    """End the period that runs on a day, if there is one."""
    running = await _running(ctx, child, day)
    if running is not None and running.valid.upper is None and await _writes(ctx, child):
        await end_period(ctx, SCHOOLING, child, running.id, PeriodEnd(valid_until=day))


async def move_first_day(ctx: Context, child: UUID, state: str, old: date, new: date) -> None:
    """Let the period that a wrong first day opened begin on the right one."""
    period = await _running(ctx, child, old) if await _writes(ctx, child) else None
    if period is None or period.valid.lower != old or period.school_step != _STEP[State(state)]:
        return
    before = await _running(ctx, child, old - timedelta(days=1))
    body = SchoolingCorrect(
        school_step=period.school_step,
        school=period.school,
        valid_from=new,
        valid_until=None if period.valid.upper is None else period.valid.upper - timedelta(days=1),
    )
    if before is not None and before.valid.upper == old and (before.valid.lower or date.min) < new < old:
        await end_period(ctx, SCHOOLING, child, before.id, PeriodEnd(valid_until=new - timedelta(days=1)))
    await correct_period(ctx, SCHOOLING, child, period.id, body)


async def _writes(ctx: Context, child: UUID) -> bool:
    return bool(await relations_to(ctx, client_id=child, case_id=None) & allowed_relations(ctx))


async def _running(ctx: Context, child: UUID, day: date) -> SchoolingPeriod | None:
    found: SchoolingPeriod | None = await ctx.db.scalar(
        select(SchoolingPeriod).where(
            SchoolingPeriod.client_id == child,
            SchoolingPeriod.superseded_at.is_(None),
            SchoolingPeriod.valid.contains(day),
        )
    )
    return found
