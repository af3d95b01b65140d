"""Reading units and positions: no personal data, so no journal."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Boolean, Integer, Text, Uuid, bindparam, column, func, or_, select

from app.access.context import Context
from app.catalogues.check import require_code
from app.kit.errors import Invalid
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
    Unit.street,
    Unit.postcode,
    Unit.town,
    Unit.takes_referrals,
    Unit.referral_days,
    Unit.urgent_referral_days,
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
    Position.filled_until,
    Position.version,
)

_RECEIVING = func.receiving_units().table_valued(
    column("id", Uuid),
    column("name", Text),
    column("kind", Text),
    column("municipality", Text),
    column("municipal_area_id", Text),
    column("municipal_area_name", Text),
)

ONE_UNIT = One(_UNIT.where(Unit.id == bindparam("id")))
UNITS = Many(_UNIT, order=("name", "id"))
_OF_AREA = bindparam("municipal_area_id", type_=Text)
RECEIVING_UNITS = Many(
    select(_RECEIVING).where(or_(_OF_AREA.is_(None), _RECEIVING.c.municipal_area_id == _OF_AREA)),
    order=("municipal_area_name", "name", "id"),
)
_REFERRAL = func.referral_units().table_valued(
    column("id", Uuid),
    column("name", Text),
    column("kind", Text),
    column("municipality", Text),
    column("is_sgb_body", Boolean),
    column("referral_days", Integer),
    column("urgent_referral_days", Integer),
)
_TOWN = bindparam("municipality", type_=Text)
REFERRAL_UNITS = Many(
    select(_REFERRAL).where(
        or_(_TOWN.is_(None), _REFERRAL.c.municipality.is_(None), _REFERRAL.c.municipality == _TOWN)
    ),
    order=("name", "id"),
)
_ONE_REFERRAL_UNIT = """SELECT id, is_sgb_body, referral_days, urgent_referral_days FROM referral_units()
WHERE $1::uuid IS NULL AND (municipality IS NULL OR municipality = $2::text) OR id = $1::uuid
ORDER BY municipality NULLS LAST, kind = 'ki' DESC, id LIMIT 1"""
_ONE_RECEIVING = "SELECT id, name, municipal_area_id FROM receiving_units() WHERE id = $1"
ONE_POSITION = One(_POSITION.where(Position.id == bindparam("id")))
POSITIONS = Many(_POSITION, order=("id",))


async def read_unit(ctx: Context, unit_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_UNIT.answer(ctx.db, status=status, id=unit_id)


async def list_units(ctx: Context, page: PageRequest) -> JsonBytes:
    return await UNITS.answer(ctx.db, page)


@dataclass(frozen=True, slots=True)
class ReceivingUnit:
    """A unit that takes cases over, in whatever area."""

    id: UUID
    name: str
    municipal_area_id: str


@dataclass(frozen=True, slots=True)
class ReferralUnit:
    """A unit to which institutions can refer somebody, and within how many days it answers."""

    id: UUID
    is_sgb_body: bool
    referral_days: int
    urgent_referral_days: int


async def list_referral_units(ctx: Context, municipality: str | None, page: PageRequest) -> JsonBytes:
    """Return the units to which somebody can be referred, of the area or a town; 422 for no such town."""
    require_code("municipality", municipality, "query.municipality")
    return await REFERRAL_UNITS.answer(ctx.db, page, municipality=municipality)


async def find_referral_unit(
    ctx: Context, unit_id: UUID | None, municipality: str | None
) -> ReferralUnit | None:
    """Return the unit, or the one for a town: the town's own, otherwise one for the whole area."""
    row = await (await ctx.db.driver()).fetchrow(_ONE_REFERRAL_UNIT, unit_id, municipality)
    if row is None:
        return None
    days = (row["referral_days"], row["urgent_referral_days"])
    return ReferralUnit(UUID(str(row["id"])), row["is_sgb_body"], *days)


_IS_AREA = "SELECT EXISTS (SELECT FROM municipal_areas WHERE id = $1)"


async def list_receiving_units(ctx: Context, area_id: str | None, page: PageRequest) -> JsonBytes:
    """Return the units that a case can be transferred to, of all areas or of one; 422 for no such area."""
    driver = await ctx.db.driver()
    if area_id is not None and not await driver.fetchval(_IS_AREA, area_id):
        raise Invalid.at("query.municipal_area_id", "unknown_code", "There is no such municipal area.")
    return await RECEIVING_UNITS.answer(ctx.db, page, municipal_area_id=area_id)


async def find_receiving_unit(ctx: Context, unit_id: UUID) -> ReceivingUnit | None:
    """Return the unit, if somebody there takes cases over now."""
    row = await (await ctx.db.driver()).fetchrow(_ONE_RECEIVING, unit_id)
    return ReceivingUnit(UUID(str(row["id"])), row["name"], row["municipal_area_id"]) if row else None


async def read_position(ctx: Context, position_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_POSITION.answer(ctx.db, status=status, id=position_id)


async def list_positions(ctx: Context, page: PageRequest) -> JsonBytes:
    return await POSITIONS.answer(ctx.db, page)
