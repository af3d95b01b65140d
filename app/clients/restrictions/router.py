"""Restriction of processing over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.access.relations import require_relation
from app.clients.restrictions import actions, queries
from app.clients.restrictions.schemas import (
    RestrictionAnnounce,
    RestrictionCreate,
    RestrictionLift,
    RestrictionRead,
    UseCreate,
    UseRead,
)
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page

router = Router(prefix="/v1/clients/{client_id}", tags=["restriction of processing"])

Reading = Annotated[Context, allow(Permission.CLIENT_READ)]
Changing = Annotated[Context, allow(Permission.CLIENT_CHANGE)]


@router.get("/restrictions", response_model=Page[RestrictionRead])
async def list_restrictions(ctx: Reading, page: Paging, client_id: UUID) -> JsonBytes:
    """List what of a person is or was only kept (Art. 18 GDPR), the newest first."""
    await require_relation(ctx, client_id=client_id)
    return await queries.list_restrictions(ctx, client_id, page)


@router.post("/restrictions", status_code=201, response_model=RestrictionRead)
async def restrict_processing(
    ctx: Changing, once: Idempotent, client_id: UUID, body: RestrictionCreate
) -> JsonBytes:
    """Restrict the processing of a person's data, or of one period, on request."""
    made = await once.run(ctx.db, actions.restrict(ctx, client_id, body))
    return await queries.read_restriction(ctx, made, status=201)


@router.post("/restrictions/{restriction_id}/announce", response_model=RestrictionRead)
async def announce_lifting(
    ctx: Changing, once: Idempotent, client_id: UUID, restriction_id: UUID, body: RestrictionAnnounce
) -> JsonBytes:
    """Write down that the person was told that the restriction will be lifted."""
    act = actions.announce(ctx, client_id, restriction_id, body)
    return await queries.read_restriction(ctx, await once.run(ctx.db, act))


@router.post("/restrictions/{restriction_id}/lift", response_model=RestrictionRead)
async def lift_restriction(
    ctx: Changing, once: Idempotent, client_id: UUID, restriction_id: UUID, body: RestrictionLift
) -> JsonBytes:
    """Lift a restriction, after the person was told."""
    act = actions.lift(ctx, client_id, restriction_id, body)
    return await queries.read_restriction(ctx, await once.run(ctx.db, act))


@router.get("/processing-uses", response_model=Page[UseRead])
async def list_processing_uses(ctx: Reading, page: Paging, client_id: UUID) -> JsonBytes:
    """List for what restricted data were used all the same, the newest first."""
    await require_relation(ctx, client_id=client_id)
    return await queries.list_uses(ctx, client_id, page)


@router.post("/processing-uses", status_code=201, response_model=UseRead)
async def use_restricted_data(ctx: Changing, once: Idempotent, client_id: UUID, body: UseCreate) -> JsonBytes:
    """Write down a use that Art. 18 (2) GDPR allows: for an hour you may work with the data again."""
    made = await once.run(ctx.db, actions.use(ctx, client_id, body))
    return await queries.read_use(ctx, made, status=201)
