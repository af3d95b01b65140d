"""Tasks and appointments of a case over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.tasks import actions, queries, steps
from app.cases.tasks.schemas import OwnTaskRead, TaskChange, TaskCreate, TaskRead, TaskStepRead, TaskStepTake
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Day, Page
from app.kit.versions import IfMatch, IfMatchOptional

router = Router(prefix="/v1/cases", tags=["cases"])
own = Router(prefix="/v1/me/tasks", tags=["cases"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]


@router.get("/{case_id}/tasks", response_model=Page[TaskRead])
async def list_tasks(
    ctx: Reader,
    page: Paging,
    case_id: UUID,
    is_done: Annotated[
        bool | None, Query(description="only those where nothing is left to do, or only the others")
    ] = None,
) -> JsonBytes:
    """List the tasks and appointments of a case, the earliest due first."""
    return await queries.list_tasks(ctx, case_id, page, is_done=is_done)


@router.post("/{case_id}/tasks", status_code=201, response_model=TaskRead)
async def create_task(ctx: Worker, once: Idempotent, case_id: UUID, body: TaskCreate) -> JsonBytes:
    """Write down what is due; an appointment has a moment, a place, participants."""
    task_id = await once.run(ctx.db, actions.create_task(ctx, case_id, body))
    return await queries.read_task(ctx, case_id, task_id, status=201)


@router.get("/{case_id}/tasks/{task_id}", response_model=TaskRead)
async def read_task(ctx: Reader, case_id: UUID, task_id: UUID) -> JsonBytes:
    """Read one task or appointment."""
    return await queries.read_task(ctx, case_id, task_id)


@router.patch("/{case_id}/tasks/{task_id}", response_model=TaskRead)
async def change_task(
    ctx: Worker, expected: IfMatch, case_id: UUID, task_id: UUID, body: TaskChange
) -> JsonBytes:
    """Change a task, move it, hand it on, tick it off."""
    await actions.change_task(ctx, case_id, task_id, body, expected)
    return await queries.read_task(ctx, case_id, task_id)


@router.post("/{case_id}/tasks/{task_id}/step", response_model=TaskRead)
async def take_task_step(
    ctx: Worker,
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    task_id: UUID,
    body: TaskStepTake,
) -> JsonBytes:
    """Accept or decline what one is given; finish, drop or reopen a task."""
    await once.run(ctx.db, steps.take_task_step(ctx, case_id, task_id, body, expected))
    return await queries.read_task(ctx, case_id, task_id)


@router.get("/{case_id}/tasks/{task_id}/steps", response_model=Page[TaskStepRead])
async def list_task_steps(ctx: Reader, page: Paging, case_id: UUID, task_id: UUID) -> JsonBytes:
    """List what happened to a task, the first step first."""
    return await queries.list_task_steps(ctx, case_id, task_id, page)


@own.get("", response_model=Page[OwnTaskRead])
async def list_own_tasks(
    ctx: Worker,
    page: Paging,
    until: Annotated[Day | None, Query(description="only those due on this day or before")] = None,
) -> JsonBytes:
    """List one's open tasks and appointments in all cases, also what one is given, the earliest due first."""
    return await queries.list_own_tasks(ctx, page, until)
