"""Disputes over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.access.relations import require_relation
from app.clients.disputes import actions, queries
from app.clients.disputes.schemas import DisputeCreate, DisputeRead, DisputeResolve
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional

router = Router(prefix="/v1/clients/{client_id}/disputes", tags=["disputes"])

Reading = Annotated[Context, allow(Permission.CLIENT_READ)]
Changing = Annotated[Context, allow(Permission.CLIENT_CHANGE)]


@router.get("", response_model=Page[DisputeRead])
async def list_disputes(ctx: Reading, page: Paging, client_id: UUID) -> JsonBytes:
    """List what the person disputes and how it ended, the newest first."""
    await require_relation(ctx, client_id=client_id)
    return await queries.list_disputes(ctx, client_id, page)


@router.post("", status_code=201, response_model=DisputeRead)
async def dispute_entry(ctx: Changing, once: Idempotent, client_id: UUID, body: DisputeCreate) -> JsonBytes:
    """Mark an entry as disputed: a field of the person, a period, a member of the household."""
    made = await once.run(ctx.db, actions.dispute_entry(ctx, client_id, body))
    return await queries.read_dispute(ctx, made, status=201)


@router.post("/{dispute_id}/resolve", response_model=DisputeRead)
async def resolve_dispute(
    ctx: Changing,
    once: Idempotent,
    expected: IfMatchOptional,
    client_id: UUID,
    dispute_id: UUID,
    body: DisputeResolve,
) -> JsonBytes:
    """Say how a dispute ended; what is `undecidable` stays marked."""
    act = actions.resolve_dispute(ctx, client_id, dispute_id, body, expected)
    return await queries.read_dispute(ctx, await once.run(ctx.db, act))
