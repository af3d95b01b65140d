"""Taking a task from state to state; every step leaves a line in its history."""

from uuid import UUID

from app.access.assignments import TEAM_NOW
from app.access.context import Context
from app.audit import journal
from app.cases.subject import open_case
from app.cases.tasks import series
from app.cases.tasks.models import Task, TaskStep
from app.cases.tasks.rules import ENDED, NEEDS_REASON, OF_THE_ASSIGNEE, WAY, State, Step
from app.cases.tasks.schemas import TaskStepTake
from app.kit.changes import locked
from app.kit.errors import Forbidden, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected

_KEEPER = f"""SELECT coalesce(
    (SELECT n.user_id FROM ({TEAM_NOW}) n WHERE n.user_id = $2),
    (SELECT lead_user_id FROM cases WHERE id = $1))"""


async def locked_task(ctx: Context, case_id: UUID, task_id: UUID, expected: Expected) -> Task:
    """Return a task of this case, locked; 404 for one of another case, 412 when it has moved on."""
    task = await locked(ctx.db, Task, task_id)
    if task.case_id != case_id:
        raise NotFound
    expected.check(task)
    return task


async def begin(ctx: Context, task: Task) -> None:
    """Open a new task, or offer it to whom it is given."""
    step = Step.CREATE if task.assignee_id == ctx.actor.user_id else Step.GIVE
    task.given_by = ctx.actor.user_id if step is Step.GIVE else None
    task.state = State.OPEN if step is Step.CREATE else State.OFFERED
    ctx.db.add(task)
    await ctx.db.flush()
    _note(ctx, task, step, None, None)


async def take_task_step(
    ctx: Context, case_id: UUID, task_id: UUID, body: TaskStepTake, expected: Expected
) -> UUID:
    """Accept, decline, finish, drop or reopen a task.

    Raises 403 for an answer in another's place, 409 from a wrong state, 422 without a reason that is needed.
    """
    subject = await open_case(ctx, case_id)
    task = await locked_task(ctx, case_id, task_id, expected)
    step = Step(body.step)
    await take(ctx, task, step, reason=body.reason)
    await journal.record(ctx.db, f"task.{step}", "task", task_id, clients=[subject.pseudonym])
    return task_id


async def take(
    ctx: Context, task: Task, step: Step, *, reason: str | None = None, assignee_id: UUID | None = None
) -> None:
    """Take one step; an occurrence that ends makes the following one."""
    if WAY.target_of(step, task.state) is None:
        raise WrongState(
            "The task does not take this step now.", state=task.state, allowed=WAY.steps_from(task.state)
        )
    if step in OF_THE_ASSIGNEE and task.assignee_id != ctx.actor.user_id:
        raise Forbidden("Only the one it is given to answers.", code="not_given_to_you")
    if step in NEEDS_REASON and reason is None:
        raise Invalid.at("body.reason", "missing", "Say why.")
    if step is Step.GIVE:
        task.given_by = ctx.actor.user_id
    elif step in (Step.DECLINE, Step.REOPEN):
        assignee_id = await _keeper(ctx, task, task.given_by if step is Step.DECLINE else task.assignee_id)
    task.assignee_id = assignee_id or task.assignee_id
    _move(ctx, task, step, reason)
    if task.state in ENDED:
        await series.follow(ctx, task)


async def _keeper(ctx: Context, task: Task, user_id: UUID | None) -> UUID:
    """Return who has the task from now on: this user while on the team, otherwise the case's lead."""
    driver = await ctx.db.driver()
    found: UUID = await driver.fetchval(_KEEPER, task.case_id, user_id)
    return found


def _move(ctx: Context, task: Task, step: Step, reason: str | None) -> None:
    source, target = task.state, WAY.target_of(step, task.state)
    assert target is not None
    task.state = target
    if (target in ENDED) != (source in ENDED):
        task.done_at, task.done_by = (ctx.now, ctx.actor.user_id) if target in ENDED else (None, None)
    task.drop_reason = reason if target is State.DROPPED else None
    _note(ctx, task, step, source, reason)


def _note(ctx: Context, task: Task, step: Step, source: str | None, reason: str | None) -> None:
    ctx.db.add(
        TaskStep(
            municipal_area_id=task.municipal_area_id,
            id=new_id(),
            task_id=task.id,
            case_id=task.case_id,
            at=ctx.now,
            step=step,
            source=source,
            target=task.state,
            assignee_id=task.assignee_id,
            user_id=ctx.actor.user_id,
            reason=reason,
        )
    )
