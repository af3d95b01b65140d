"""All open tables, in the order in which a release tells of them."""

from collections.abc import Mapping

import asyncpg

from app.reporting.open_tables.activities import DONE
from app.reporting.open_tables.obstacles import OVERDUE, PIPELINE
from app.reporting.open_tables.offers import FREE_IN_TOWNS, FREE_PLACES, OFFERS, OFFERS_IN_TOWNS
from app.reporting.open_tables.population import BY_AGE, BY_TOWN
from app.reporting.open_tables.positions import FILLED, FUNDED
from app.reporting.open_tables.shape import Found, OpenTable
from app.reporting.rules import Quarter

OPEN_TABLES: tuple[OpenTable, ...] = (
    PIPELINE,
    OVERDUE,
    DONE,
    FUNDED,
    FILLED,
    OFFERS,
    FREE_PLACES,
    OFFERS_IN_TOWNS,
    FREE_IN_TOWNS,
    BY_AGE,
    BY_TOWN,
)


async def read_open(driver: asyncpg.Connection, quarter: Quarter) -> Mapping[str, Found]:
    """Return what was found for every open table that there is something to say of."""
    read = {each.table.name: await each.read(driver, quarter) for each in OPEN_TABLES}
    return {name: found for name, found in read.items() if found is not None}
