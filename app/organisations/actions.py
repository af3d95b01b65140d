"""Changing units and positions."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.catalogues.check import require_code
from app.kit.changes import apply, locked
from app.kit.errors import Invalid
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.organisations.models import Position, Unit
from app.organisations.schemas import PositionChange, PositionCreate, UnitChange, UnitCreate

_REQUIRED = (
    "name", "legal_regime", "is_public_body", "is_sgb_body", "takes_referrals", "referral_days",
    "urgent_referral_days",
)  # fmt: skip


async def create_unit(ctx: Context, body: UnitCreate) -> UUID:
    """Create a unit; 409 when the name is taken, 422 for half an address."""
    require_code("municipality", body.municipality, "body.municipality")
    unit = Unit(municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), **body.model_dump())
    _require_whole_address(unit)
    _require_order_of_days(unit)
    ctx.db.add(unit)
    await journal.record(ctx.db, "unit.create", "unit", unit.id)
    return unit.id


async def change_unit(ctx: Context, unit_id: UUID, body: UnitChange, expected: Expected) -> None:
    """Change a unit."""
    unit = await locked(ctx.db, Unit, unit_id, expected)
    changes = body.model_dump(exclude_unset=True)
    require_code("municipality", changes.get("municipality"), "body.municipality")
    changed = apply(unit, changes, required=_REQUIRED)
    _require_whole_address(unit)
    _require_order_of_days(unit)
    await journal.record(ctx.db, "unit.change", "unit", unit_id, changed=changed)


def _require_whole_address(unit: Unit) -> None:
    missing = [name for name in ("street", "postcode", "town") if getattr(unit, name) is None]
    if len(missing) in (1, 2):
        raise Invalid.at(
            f"body.{missing[0]}", "address_incomplete", "An address has street, postcode and town."
        )


def _require_order_of_days(unit: Unit) -> None:
    if unit.urgent_referral_days > unit.referral_days:
        raise Invalid.at(
            "body.urgent_referral_days", "longer_than_normal", "What is urgent is not answered later."
        )


async def create_position(ctx: Context, body: PositionCreate) -> UUID:
    """Create a position at a unit of the area; 422 for a last day without a first one before it."""
    position = Position(municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), **body.model_dump())
    _require_order_of_filling(position)
    ctx.db.add(position)
    await journal.record(ctx.db, "position.create", "position", position.id)
    return position.id


async def change_position(ctx: Context, position_id: UUID, body: PositionChange, expected: Expected) -> None:
    """Change a position: since when it is filled, until when it was, its share and place."""
    position = await locked(ctx.db, Position, position_id, expected)
    changed = apply(position, body.model_dump(exclude_unset=True), required=("full_time_equivalents",))
    _require_order_of_filling(position)
    await journal.record(ctx.db, "position.change", "position", position_id, changed=changed)


def _require_order_of_filling(position: Position) -> None:
    first, last = position.filled_from, position.filled_until
    if last is not None and (first is None or last < first):
        raise Invalid.at("body.filled_until", "before_beginning", "A position ends after it was filled.")
