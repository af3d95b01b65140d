"""Tasks of a case: what is due, for whom of its team."""

from typing import Any
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.models import Task
from app.cases.schemas.entries import TaskChange, TaskCreate
from app.cases.subject import open_case
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Invalid, NotFound
from app.kit.ids import new_id
from app.kit.versions import Expected

_ON_TEAM = """SELECT EXISTS (SELECT FROM case_team($1) WHERE user_id = $2 AND kind <> 'break_glass')"""
_DUE = "The day on which a task is due"


async def create_task(ctx: Context, case_id: UUID, body: TaskCreate) -> UUID:
    """Write down what is due; 422 for a day that has passed or an assignee who is not on the case's team."""
    subject = await open_case(ctx, case_id)
    require_not_past(body.due_on, local_date(ctx.now), "body.due_on", what=_DUE)
    assignee_id = body.assignee_id or ctx.actor.user_id
    await _require_on_team(ctx, case_id, assignee_id)
    task = Task(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        title=body.title,
        note=body.note,
        due_on=body.due_on,
        assignee_id=assignee_id,
        created_by=ctx.actor.user_id,
    )
    ctx.db.add(task)
    await journal.record(ctx.db, "task.create", "task", task.id, clients=[subject.pseudonym])
    return task.id


async def change_task(
    ctx: Context, case_id: UUID, task_id: UUID, body: TaskChange, expected: Expected
) -> None:
    """Change a task, hand it to another of the team, or tick it off."""
    subject = await open_case(ctx, case_id)
    task = await locked(ctx.db, Task, task_id)
    if task.case_id != case_id:
        raise NotFound
    expected.check(task)
    require_not_past(body.due_on, local_date(ctx.now), "body.due_on", before=task.due_on, what=_DUE)
    changes: dict[str, Any] = body.model_dump(exclude_unset=True, exclude={"done"})
    if body.assignee_id is not None:
        await _require_on_team(ctx, case_id, body.assignee_id)
    if body.done is not None:
        changes |= _ticked(ctx, task, done=body.done)
    changed = apply(task, changes, required=("title", "due_on", "assignee_id"))
    await journal.record(ctx.db, "task.change", "task", task_id, clients=[subject.pseudonym], changed=changed)


def _ticked(ctx: Context, task: Task, *, done: bool) -> dict[str, Any]:
    if done == (task.done_at is not None):
        return {"done_at": task.done_at, "done_by": task.done_by}
    return {"done_at": ctx.now, "done_by": ctx.actor.user_id} if done else {"done_at": None, "done_by": None}


async def _require_on_team(ctx: Context, case_id: UUID, user_id: UUID) -> None:
    driver = await ctx.db.driver()
    if not await driver.fetchval(_ON_TEAM, case_id, user_id):
        raise Invalid.at("body.assignee_id", "not_on_team", "Tasks go to somebody on the case's team.")
