"""Taking along to a later case of the same client what an earlier one left open. Each goes on once."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select

from app.access.context import Context
from app.audit import journal
from app.cases.actions.phase import require_not_withdrawn
from app.cases.actions.settling import measures_dropped_with, tasks_dropped_with
from app.cases.models import CasePhase, Goal, Measure
from app.cases.rules import CLOSED
from app.cases.subject import find_case, open_case
from app.cases.tasks.models import Task
from app.cases.tasks.steps import begin
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, WrongState
from app.kit.ids import new_id

_RESTRICTED = "SELECT processing_restricted_at IS NOT NULL FROM clients WHERE id = $1"
Row = TypeVar("Row", Goal, Task)
_CLOSED_AT = (
    select(CasePhase.at)
    .where(CasePhase.case_id == bindparam("case_id"), CasePhase.target == CLOSED)
    .order_by(CasePhase.at.desc(), CasePhase.id.desc())
    .limit(1)
)
_OF_GOAL = ("life_domain", "wording", "indicator", "target_on", "progress")
_OF_MEASURE = ("wording", "responsible", "responsible_name", "due_on", "note")
_OF_TASK = ("title", "note", "remind_minutes")
_OF_APPOINTMENT = ("kind", "due_at", "minutes", "place")


async def take_along(ctx: Context, case_id: UUID, from_case_id: UUID) -> UUID:
    """Copy the open goals, measures and tasks of a closed case, also those that its closing dropped.

    Raises 404 where one of the cases is invisible, 409 while the earlier one is open, what is kept of the
    person is not used (Art. 18 GDPR), or the consent to documentation of the earlier case no longer holds,
    422 for a case of another client. What was taken along before stays.
    """
    # One way for two requests at once: the earlier case is locked, so what is taken along is seen here.
    earlier = await find_case(ctx, from_case_id, to_change=True)
    subject = await open_case(ctx, case_id)
    if earlier.client_id != subject.client_id or from_case_id == case_id:
        raise Invalid.at("body.from_case_id", "no_earlier_case", "This is no earlier case of the client.")
    if await (await ctx.db.driver()).fetchval(_RESTRICTED, subject.client_id):
        raise Conflict("The consent to documentation was withdrawn.", code="processing_restricted")
    if earlier.phase != CLOSED:
        raise WrongState("What is open in it goes on there.", state=earlier.phase, allowed=["close"])
    await require_not_withdrawn(ctx, earlier)
    closed_at = await ctx.db.scalar(_CLOSED_AT.params(case_id=from_case_id))
    await _take_goals(ctx, case_id, from_case_id, closed_at)
    await _take_tasks(ctx, case_id, from_case_id, closed_at)
    await journal.record(ctx.db, "case.take_along", "case", case_id, clients=[subject.pseudonym])
    return case_id


async def _take_goals(ctx: Context, case_id: UUID, earlier: UUID, closed_at: datetime | None) -> None:
    area = ctx.actor.municipal_area_id
    open_goals = select(Goal).where(Goal.case_id == earlier, Goal.attainment.is_(None)).order_by(Goal.id)
    here: dict[UUID, UUID] = {}
    for goal in (await ctx.db.scalars(_not_taken(open_goals, Goal))).all():
        here[goal.id] = new_id()
        same = {name: getattr(goal, name) for name in _OF_GOAL}
        row = Goal(municipal_area_id=area, id=here[goal.id], case_id=case_id, taken_from_id=goal.id, **same)
        row.set_on = goal.set_on
        ctx.db.add(row)
    await ctx.db.flush()
    dropped = measures_dropped_with(earlier, closed_at).with_only_columns(Measure.id).scalar_subquery()
    left = select(Measure).where(
        Measure.goal_id.in_(here), or_(Measure.state == "open", Measure.id.in_(dropped))
    )
    for measure in (await ctx.db.scalars(left)).all():
        same = {name: getattr(measure, name) for name in _OF_MEASURE}
        ctx.db.add(
            Measure(
                municipal_area_id=area,
                id=new_id(),
                case_id=case_id,
                goal_id=here[measure.goal_id],
                taken_from_id=measure.id,
                **same,
            )
        )


async def _take_tasks(ctx: Context, case_id: UUID, earlier: UUID, closed_at: datetime | None) -> None:
    today = local_date(ctx.now)
    dropped = tasks_dropped_with(earlier, closed_at).with_only_columns(Task.id).scalar_subquery()
    left = select(Task).where(Task.case_id == earlier, or_(Task.done_at.is_(None), Task.id.in_(dropped)))
    for task in (await ctx.db.scalars(_not_taken(left, Task))).all():
        same = {name: getattr(task, name) for name in _OF_TASK}
        if task.due_at is not None and task.due_at > ctx.now:
            same |= {name: getattr(task, name) for name in _OF_APPOINTMENT}
        await begin(
            ctx,
            Task(
                municipal_area_id=ctx.actor.municipal_area_id,
                id=new_id(),
                case_id=case_id,
                due_on=max(task.due_on, today),
                assignee_id=ctx.actor.user_id,
                created_by=ctx.actor.user_id,
                taken_from_id=task.id,
                **same,
            ),
        )


def _not_taken(statement: Select[Row], model: type[Row]) -> Select[Row]:
    later = select(model.taken_from_id).where(model.taken_from_id.is_not(None)).scalar_subquery()
    return statement.where(model.id.not_in(later))
