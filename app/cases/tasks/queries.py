"""Reading tasks and their history."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, ScalarSelect, and_, bindparam, func, or_, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.cases.models import Case
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import json_list, json_object, person
from app.cases.tasks.models import Task, TaskSeries, TaskStep
from app.clients.models import Client
from app.identity.models import User
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_IS_DONE = bindparam("is_done", type_=Boolean)
_UNTIL = bindparam("until", type_=Date)
_ME = select(func.ctx_user()).scalar_subquery()


def _participants() -> ScalarSelect[Any]:
    named = json_list(json_object(id=User.id, name=User.display_name), User.display_name)
    return (
        select(named)
        .where(User.municipal_area_id == Task.municipal_area_id, User.id == func.any(Task.participant_ids))
        .correlate(Task)
        .scalar_subquery()
    )


def _recurrence() -> ScalarSelect[Any]:
    rule = json_object(
        frequency=TaskSeries.frequency,
        every=TaskSeries.every,
        until=TaskSeries.until_on,
        count=TaskSeries.count,
    )
    return (
        select(rule)
        .where(
            TaskSeries.municipal_area_id == Task.municipal_area_id,
            TaskSeries.id == Task.series_id,
            TaskSeries.ended_at.is_(None),
        )
        .correlate(Task)
        .scalar_subquery()
    )


_SHOWN = (
    Task.id,
    Task.kind,
    Task.title,
    Task.note,
    Task.due_on,
    Task.due_at,
    Task.minutes,
    Task.place,
    _participants().label("participants"),
    Task.remind_minutes,
    Task.state,
    person(Task.municipal_area_id, Task.assignee_id).label("assignee"),
    Task.given_by,
    Task.done_at,
    Task.done_by,
    Task.drop_reason,
    _recurrence().label("recurrence"),
    Task.occurrence,
    Task.version,
)
_TASK = select(*_SHOWN, PSEUDONYM).where(Task.case_id == bindparam("case_id"))
ONE_TASK = reading.one("task.read", "task", _TASK.where(Task.id == bindparam("id")))
TASKS = reading.many(
    "task.list",
    "task",
    _TASK.where(or_(_IS_DONE.is_(None), Task.done_at.is_not(None) == _IS_DONE)),
    order=("due_on", "id"),
)
OWN_TASKS = reading.many(
    "task.list",
    "task",
    select(
        *_SHOWN,
        json_object(id=Case.id, number=Case.number).label("case"),
        json_object(id=Client.id, given_name=Client.given_name, family_name=Client.family_name).label(
            "client"
        ),
        Client.pseudonym.label("_client"),
    )
    .join(Case, and_(Case.municipal_area_id == Task.municipal_area_id, Case.id == Task.case_id))
    .join(Client, and_(Client.municipal_area_id == Case.municipal_area_id, Client.id == Case.client_id))
    .where(
        Task.done_at.is_(None),
        Case.closed_on.is_(None),
        or_(Task.assignee_id == _ME, _ME.op("=")(func.any(Task.participant_ids))),
        or_(_UNTIL.is_(None), Task.due_on <= _UNTIL),
    ),
    order=("due_on", "id"),
)

_STEP = select(
    TaskStep.id,
    TaskStep.at,
    TaskStep.step,
    TaskStep.source.label("from_state"),
    TaskStep.target.label("to_state"),
    person(TaskStep.municipal_area_id, TaskStep.assignee_id).label("assignee"),
    person(TaskStep.municipal_area_id, TaskStep.user_id).label("user"),
    TaskStep.reason,
    PSEUDONYM,
).where(TaskStep.case_id == bindparam("case_id"), TaskStep.task_id == bindparam("task_id"))
STEPS = reading.many("task_steps.list", "task", _STEP, order=("at", "id"))


async def read_task(ctx: Context, case_id: UUID, task_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_TASK.answer(ctx.db, status=status, case_id=case_id, id=task_id)


async def list_tasks(ctx: Context, case_id: UUID, page: PageRequest, *, is_done: bool | None) -> JsonBytes:
    """Return the tasks of a case, the earliest due first."""
    await require_relation(ctx, case_id=case_id)
    return await TASKS.answer(ctx.db, page, case_id=case_id, is_done=is_done)


async def list_own_tasks(ctx: Context, page: PageRequest, until: date | None) -> JsonBytes:
    """Return what is open in one's cases for the actor or with them, the earliest due first."""
    return await OWN_TASKS.answer(ctx.db, page, until=until)


_HAS_TASK = "SELECT EXISTS (SELECT FROM tasks WHERE case_id = $1 AND id = $2)"


async def list_task_steps(ctx: Context, case_id: UUID, task_id: UUID, page: PageRequest) -> JsonBytes:
    """Return what happened to a task, the first step first; 404 for a case that is not one's own."""
    await require_relation(ctx, case_id=case_id)
    driver = await ctx.db.driver()
    if not await driver.fetchval(_HAS_TASK, case_id, task_id):
        raise NotFound
    return await STEPS.answer(ctx.db, page, case_id=case_id, task_id=task_id)
