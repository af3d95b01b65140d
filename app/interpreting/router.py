"""Interpreting over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.interpreting import actions, queries
from app.interpreting.schemas import (
    InterpretingChange,
    InterpretingRead,
    InterpretingRecord,
    InterpretingRequest,
    InterpretingStepTake,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional

router = Router(prefix="/v1/cases/{case_id}/interpretings", tags=["interpreting"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]


@router.get("", response_model=Page[InterpretingRead])
async def list_interpretings(ctx: Reader, page: Paging, case_id: UUID) -> JsonBytes:
    """List the interpretings of a case, the latest first."""
    return await queries.list_interpretings(ctx, case_id, page)


@router.post("", status_code=201, response_model=InterpretingRead)
async def record_interpreting(
    ctx: Worker, once: Idempotent, case_id: UUID, body: InterpretingRecord
) -> JsonBytes:
    """Write down what interpreting is needed."""
    made = await once.run(ctx.db, actions.record_interpreting(ctx, case_id, body))
    return await queries.read_interpreting(ctx, case_id, made, status=201)


@router.get("/{interpreting_id}", response_model=InterpretingRead)
async def read_interpreting(ctx: Reader, case_id: UUID, interpreting_id: UUID) -> JsonBytes:
    """Read one interpreting with its history and the warnings of safe contact."""
    return await queries.read_interpreting(ctx, case_id, interpreting_id)


@router.patch("/{interpreting_id}", response_model=InterpretingRead)
async def change_interpreting(
    ctx: Worker, expected: IfMatch, case_id: UUID, interpreting_id: UUID, body: InterpretingChange
) -> JsonBytes:
    """Change what is needed, while no provider is asked."""
    await actions.change_interpreting(ctx, case_id, interpreting_id, body, expected)
    return await queries.read_interpreting(ctx, case_id, interpreting_id)


@router.post("/{interpreting_id}/step", response_model=InterpretingRead)
async def take_interpreting_step(
    ctx: Worker,
    once: Idempotent,
    expected: IfMatchOptional,
    case_id: UUID,
    interpreting_id: UUID,
    body: InterpretingStepTake,
) -> JsonBytes:
    """Ask a provider, write down the answer and what came of it."""
    await once.run(ctx.db, actions.take_interpreting_step(ctx, case_id, interpreting_id, body, expected))
    return await queries.read_interpreting(ctx, case_id, interpreting_id)


@router.get("/{interpreting_id}/request")
async def read_interpreting_request(ctx: Worker, case_id: UUID, interpreting_id: UUID) -> InterpretingRequest:
    """Read what a provider is told, ready to send: not a word about the client."""
    return await queries.read_request(ctx, case_id, interpreting_id)
