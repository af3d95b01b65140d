"""Reading units and positions: no personal data, so no journal."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.organisations.models import Position, Unit

_UNIT = select(
    Unit.id,
    Unit.name,
    Unit.kind,
    Unit.municipality,
    Unit.legal_regime,
    Unit.is_public_body,
    Unit.is_sgb_body,
    Unit.version,
)
_POSITION = select(
    Position.id,
    Position.unit_id,
    Position.component,
    Position.is_assistant,
    Position.full_time_equivalents,
    Position.funded_year,
    Position.place_of_work,
    Position.filled_from,
    Position.version,
)

ONE_UNIT = One(_UNIT.where(Unit.id == bindparam("id")))
UNITS = Many(_UNIT, order=("name", "id"))
ONE_POSITION = One(_POSITION.where(Position.id == bindparam("id")))
POSITIONS = Many(_POSITION, order=("id",))


async def read_unit(ctx: Context, unit_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_UNIT.answer(ctx.db, status=status, id=unit_id)


async def list_units(ctx: Context, page: PageRequest) -> JsonBytes:
    return await UNITS.answer(ctx.db, page)


async def read_position(ctx: Context, position_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_POSITION.answer(ctx.db, status=status, id=position_id)


async def list_positions(ctx: Context, page: PageRequest) -> JsonBytes:
    return await POSITIONS.answer(ctx.db, page)
