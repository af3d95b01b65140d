"""Hand-overs of a case over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.cases.handovers import actions, queries
from app.cases.handovers.schemas import HandoverItemChange, HandoverItemTask, HandoverRead
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.schema import Page
from app.kit.versions import IfMatch

router = APIRouter(prefix="/v1/cases/{case_id}/handovers", tags=["cases"])
Reader = Annotated[Context, allow(Permission.CASE_READ)]
Worker = Annotated[Context, allow(Permission.CASE_WORK)]


@router.get("", response_model=Page[HandoverRead])
async def list_handovers(ctx: Reader, page: Paging, case_id: UUID) -> JsonBytes:
    """List the changes of what the client lives on, with what is to be seen to, the latest first."""
    return await queries.list_handovers(ctx, case_id, page)


@router.patch("/{handover_id}/items/{item_id}", response_model=HandoverRead)
async def settle_handover_item(
    ctx: Worker,
    expected: IfMatch,
    case_id: UUID,
    handover_id: UUID,
    item_id: UUID,
    body: HandoverItemChange,
) -> JsonBytes:
    """Say that an item is done, not needed for a reason, or open again; If-Match is the item's version."""
    await actions.settle_item(ctx, case_id, handover_id, item_id, body, expected)
    return await queries.read_handover(ctx, case_id, handover_id)


@router.post("/{handover_id}/items/{item_id}/task", status_code=201, response_model=HandoverRead)
async def make_handover_task(
    ctx: Worker, once: Idempotent, case_id: UUID, handover_id: UUID, item_id: UUID, body: HandoverItemTask
) -> JsonBytes:
    """Make a task of an item."""
    act = actions.make_task(ctx, case_id, handover_id, item_id, body)
    return await queries.read_handover(ctx, case_id, await once.run(ctx.db, act), status=201)
