"""Changing units and positions."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.catalogues.check import require_code
from app.kit.changes import apply, locked
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.organisations.models import Position, Unit
from app.organisations.schemas import PositionCreate, UnitChange, UnitCreate


async def create_unit(ctx: Context, body: UnitCreate) -> UUID:
    """Create a unit; 409 when the name is taken."""
    require_code("municipality", body.municipality, "body.municipality")
    unit = Unit(municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), **body.model_dump())
    ctx.db.add(unit)
    await journal.record(ctx.db, "unit.create", "unit", unit.id)
    return unit.id


async def change_unit(ctx: Context, unit_id: UUID, body: UnitChange, expected: Expected) -> None:
    """Change a unit."""
    unit = await locked(ctx.db, Unit, unit_id, expected)
    changes = body.model_dump(exclude_unset=True)
    require_code("municipality", changes.get("municipality"), "body.municipality")
    changed = apply(unit, changes, required=("name", "legal_regime", "is_public_body", "is_sgb_body"))
    await journal.record(ctx.db, "unit.change", "unit", unit_id, changed=changed)


async def create_position(ctx: Context, body: PositionCreate) -> UUID:
    """Create a position at a unit of the area."""
    position = Position(municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), **body.model_dump())
    ctx.db.add(position)
    await journal.record(ctx.db, "position.create", "position", position.id)
    return position.id
