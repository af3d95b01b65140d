"""What becomes of what is open in a case when it is closed, and taking it up again when it is reopened.

Referrals, interpretings, pathways and the like belong to packages above this one: they hear of the closing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, DateTime, Select, literal, select

from app.access.context import Context
from app.cases.models import Measure
from app.cases.plan_history import PlanChange, keep_before
from app.cases.schemas.cases import CaseClose, Settling
from app.cases.tasks import series
from app.cases.tasks.models import Task
from app.cases.tasks.rules import Step
from app.cases.tasks.steps import take
from app.catalogues.check import vocabulary

_DISCARD = "DELETE FROM contact_drafts WHERE case_id = $1 AND author_id = ctx_user()"
_LEFT = {
    "referrals": "UPDATE case_contents SET unfinished_referrals = $2 WHERE id = $1",
    "interpretings": "UPDATE case_contents SET unfinished_interpretings = $2 WHERE id = $1",
    "pathways": "UPDATE case_contents SET unfinished_pathways = $2 WHERE id = $1",
    "school_entries": "UPDATE case_contents SET unfinished_school_entries = $2 WHERE id = $1",
}


@dataclass(frozen=True, slots=True)
class Left:
    """How much was left open."""

    tasks: int
    measures: int


def settled_kinds(settling: Settling) -> tuple[str, ...]:
    """Return the kinds that end with the case."""
    return tuple(kind for kind, becomes in settling.model_dump().items() if becomes != "keep")


async def settle(ctx: Context, case_id: UUID, body: CaseClose) -> Left:
    """End the tasks, measures and drafts that end with the case, which is closed already, and count the rest.

    A task that recurs is followed by none: the case is closed, and its series ends with what is dropped.
    """
    why = f"Fall abgeschlossen: {vocabulary('closing_reason')[body.reason].label_de}"
    tasks = (await ctx.db.scalars(_open_tasks(case_id))).all()
    measures = (await ctx.db.scalars(_open_measures(case_id))).all()
    if body.settle.tasks == "drop":
        for task in tasks:
            await take(ctx, task, Step.DROP, reason=why)
        await series.end_all(ctx, case_id)
    if body.settle.measures == "drop":
        for measure in measures:
            _turn(ctx, measure, "dropped")
    if body.settle.drafts == "discard":
        await (await ctx.db.driver()).execute(_DISCARD, case_id)
    return Left(
        tasks=len(tasks) if body.settle.tasks == "keep" else 0,
        measures=len(measures) if body.settle.measures == "keep" else 0,
    )


async def note_left(ctx: Context, case_id: UUID, kind: str, count: int) -> None:
    """Write down for the reader of a closed case how many of a kind were left open."""
    await (await ctx.db.driver()).execute(_LEFT[kind], case_id, count)


async def take_up(ctx: Context, case_id: UUID, closed_at: datetime) -> None:
    """Open again what the closing at that moment has dropped, and let what recurred recur from today."""
    for task in (await ctx.db.scalars(tasks_dropped_with(case_id, closed_at).with_for_update())).all():
        await take(ctx, task, Step.REOPEN)
    await series.start_again(ctx, case_id, closed_at)
    dropped = measures_dropped_with(case_id, closed_at).with_for_update(of=Measure)
    for measure in (await ctx.db.scalars(dropped)).all():
        _turn(ctx, measure, "open")


def tasks_dropped_with(case_id: UUID, closed_at: datetime | None) -> Select[Task]:
    """Return the tasks that the last closing of a case dropped, at once or when a transfer was settled.

    Nobody else drops anything in a closed case, so it is all that was dropped since.
    """
    dropped = (Task.case_id == case_id) & (Task.state == "dropped") & (Task.done_at >= _moment(closed_at))
    return select(Task).where(dropped).order_by(Task.id)


def measures_dropped_with(case_id: UUID, closed_at: datetime | None) -> Select[Measure]:
    """Return the measures that the last closing of a case dropped, as with tasks."""
    of_the_closing = (
        select(PlanChange.measure_id)
        .where(
            PlanChange.case_id == case_id,
            PlanChange.at >= _moment(closed_at),
            PlanChange.before["state"].astext == "open",
        )
        .scalar_subquery()
    )
    dropped = (Measure.case_id == case_id) & (Measure.state == "dropped")
    return select(Measure).where(dropped, Measure.id.in_(of_the_closing)).order_by(Measure.id)


def _moment(closed_at: datetime | None) -> BindParameter[datetime | None]:
    """Return a moment to compare with; without a closing nothing comes after it."""
    return literal(closed_at, DateTime(timezone=True))


def _open_tasks(case_id: UUID) -> Select[Task]:
    return (
        select(Task)
        .where(Task.case_id == case_id, Task.done_at.is_(None))
        .order_by(Task.id)
        .with_for_update()
    )


def _open_measures(case_id: UUID) -> Select[Measure]:
    wanted = select(Measure).where(Measure.case_id == case_id, Measure.state == "open")
    return wanted.order_by(Measure.id).with_for_update()


def _turn(ctx: Context, measure: Measure, state: str) -> None:
    before = {"state": measure.state}
    measure.state = state
    keep_before(ctx, measure, before, ["state"])
