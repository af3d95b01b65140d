"""Units and positions over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Code, Page
from app.kit.versions import IfMatch
from app.organisations import actions, queries
from app.organisations.schemas import (
    PositionChange,
    PositionCreate,
    PositionRead,
    ReceivingUnitRead,
    UnitChange,
    UnitCreate,
    UnitRead,
)

router = Router(prefix="/v1", tags=["organisations"])


@router.get("/units", response_model=Page[UnitRead])
async def list_units(ctx: Annotated[Context, allow(Permission.UNIT_READ)], page: Paging) -> JsonBytes:
    """List the units of the area."""
    return await queries.list_units(ctx, page)


@router.post("/units", status_code=201, response_model=UnitRead)
async def create_unit(
    ctx: Annotated[Context, allow(Permission.UNIT_CHANGE)], once: Idempotent, body: UnitCreate
) -> JsonBytes:
    """Create a unit."""
    unit_id = await once.run(ctx.db, actions.create_unit(ctx, body))
    return await queries.read_unit(ctx, unit_id, status=201)


@router.get("/units/{unit_id}", response_model=UnitRead)
async def read_unit(ctx: Annotated[Context, allow(Permission.UNIT_READ)], unit_id: UUID) -> JsonBytes:
    """Read one unit."""
    return await queries.read_unit(ctx, unit_id)


@router.patch("/units/{unit_id}", response_model=UnitRead)
async def change_unit(
    ctx: Annotated[Context, allow(Permission.UNIT_CHANGE)], expected: IfMatch, unit_id: UUID, body: UnitChange
) -> JsonBytes:
    """Change a unit."""
    await actions.change_unit(ctx, unit_id, body, expected)
    return await queries.read_unit(ctx, unit_id)


@router.get("/receiving-units", response_model=Page[ReceivingUnitRead])
async def list_receiving_units(
    ctx: Annotated[Context, allow(Permission.TRANSFER_OFFER)],
    page: Paging,
    municipal_area_id: Annotated[Code | None, Query(description="only of this area")] = None,
) -> JsonBytes:
    """List the units of all areas that a case can be transferred to, or of one."""
    return await queries.list_receiving_units(ctx, municipal_area_id, page)


@router.get("/positions", response_model=Page[PositionRead])
async def list_positions(ctx: Annotated[Context, allow(Permission.POSITION_READ)], page: Paging) -> JsonBytes:
    """List the funded positions of the area."""
    return await queries.list_positions(ctx, page)


@router.post("/positions", status_code=201, response_model=PositionRead)
async def create_position(
    ctx: Annotated[Context, allow(Permission.POSITION_CHANGE)], once: Idempotent, body: PositionCreate
) -> JsonBytes:
    """Create a position."""
    position_id = await once.run(ctx.db, actions.create_position(ctx, body))
    return await queries.read_position(ctx, position_id, status=201)


@router.get("/positions/{position_id}", response_model=PositionRead)
async def read_position(
    ctx: Annotated[Context, allow(Permission.POSITION_READ)], position_id: UUID
) -> JsonBytes:
    """Read one position."""
    return await queries.read_position(ctx, position_id)


@router.patch("/positions/{position_id}", response_model=PositionRead)
async def change_position(
    ctx: Annotated[Context, allow(Permission.POSITION_CHANGE)],
    expected: IfMatch,
    position_id: UUID,
    body: PositionChange,
) -> JsonBytes:
    """Change a position: since when it is filled, until when it was, its share and place."""
    await actions.change_position(ctx, position_id, body, expected)
    return await queries.read_position(ctx, position_id)
