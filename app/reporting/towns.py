"""How many case managers work in each town of an area: regions are made of them."""

from collections.abc import Mapping
from datetime import date

import asyncpg

from app.reporting.classes import AREA_WIDE

_CASE_MANAGERS = """
SELECT coalesce(u.municipality, $3) AS town, count(DISTINCT a.user_id) AS number
FROM assignments a JOIN units u ON u.municipal_area_id = a.municipal_area_id AND u.id = a.unit_id
WHERE a.kind = 'lead' AND a.active_from < ($2::date + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
    AND (a.active_until IS NULL OR a.active_until > $1::date::timestamp AT TIME ZONE 'Europe/Berlin')
GROUP BY 1 ORDER BY 1
"""


async def case_managers_by_town(driver: asyncpg.Connection, first: date, last: date) -> Mapping[str, int]:
    """Return how many led a case between two days, by the town of their unit; `area_wide` for one without."""
    rows = await driver.fetch(_CASE_MANAGERS, first, last, AREA_WIDE)
    return {row["town"]: row["number"] for row in rows}
