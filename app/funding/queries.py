"""Reading contracts, and the rows of which a funding report is made: about no person, so no journal."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Integer, bindparam, or_, select

from app.access.context import Context
from app.funding.models import CooperationContract
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.organisations.models import Unit

_YEAR = bindparam("year", type_=Integer)
_CONTRACT = select(
    CooperationContract.id,
    CooperationContract.unit_id,
    Unit.name.label("unit"),
    CooperationContract.year,
    CooperationContract.reference,
    CooperationContract.concluded_on,
    CooperationContract.forwarded_cents,
    CooperationContract.own_share_cents,
    CooperationContract.deficit_cents,
    CooperationContract.version,
).join(
    Unit,
    (Unit.municipal_area_id == CooperationContract.municipal_area_id)
    & (Unit.id == CooperationContract.unit_id),
)
ONE = One(_CONTRACT.where(CooperationContract.id == bindparam("id")))
ALL = Many(
    _CONTRACT.where(or_(_YEAR.is_(None), CooperationContract.year == _YEAR)),
    order=("year", "unit", "reference", "id"),
    descending=True,
)

_CONTRACTS = """SELECT c.id::text, c.unit_id::text, u.name AS unit, c.year, c.reference, c.concluded_on,
    c.forwarded_cents, c.own_share_cents, c.deficit_cents, c.version
FROM cooperation_contracts c
JOIN units u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.unit_id
WHERE c.year = $1 ORDER BY u.name, c.reference, c.id"""
_POSITIONS = """SELECT p.component, p.is_assistant, u.name AS employer, p.place_of_work,
    p.full_time_equivalents, p.filled_from, p.filled_until
FROM positions p JOIN units u ON u.municipal_area_id = p.municipal_area_id AND u.id = p.unit_id
WHERE p.funded_year = $1 ORDER BY p.component, p.is_assistant, u.name, p.id"""
_AREA = "SELECT name FROM municipal_areas WHERE id = ctx_area()"
_TABLES = """SELECT r.id::text AS release_id, r.quarter, r.sha256, t.json_de
FROM published_releases r
JOIN published_tables t ON t.municipal_area_id = r.municipal_area_id AND t.release_id = r.id
WHERE r.municipal_area_id = ctx_area() AND left(r.quarter, 4) = $1::text ORDER BY r.quarter, t.name"""


async def read_contract(ctx: Context, contract_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, id=contract_id)


async def list_contracts(ctx: Context, page: PageRequest, year: int | None) -> JsonBytes:
    """Return contracts, those of the latest year first."""
    return await ALL.answer(ctx.db, page, year=year)


async def read_rows(ctx: Context, year: int) -> dict[str, Any]:
    """Return what the report of a year is made of: `{area, positions, contracts, tables}`.

    `tables` are those of every release of the year that was published, the first quarter first.
    """
    driver = await ctx.db.driver()
    return {
        "area": await driver.fetchval(_AREA),
        "positions": [dict(row) for row in await driver.fetch(_POSITIONS, year)],
        "contracts": [dict(row) for row in await driver.fetch(_CONTRACTS, year)],
        "tables": [
            {
                **orjson.loads(row["json_de"]),
                **{name: row[name] for name in ("release_id", "quarter", "sha256")},
            }
            for row in await driver.fetch(_TABLES, str(year))
        ],
    }
