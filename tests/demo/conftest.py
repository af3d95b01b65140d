"""The usual volume of the demonstration, loaded once, and what a release tells of Kreis Wesel."""

from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from app.demo.loading import Volume, load
from app.demo.places import WESEL
from app.kit.database import Database
from app.kit.roles import with_role
from app.protection import Rules
from app.reporting.material import Computed, Material
from app.reporting.rules import Quarter
from app.settings import driver_url
from tests import database
from tests.durability.databases import own_database
from tests.reporting.whole import compute_whole, whole_figures

SEED, DAY = 20260801, date(2026, 8, 1)


QUARTER = Quarter(2026, 2)
"""The one that ended last on that day."""


@pytest.fixture(scope="package")
async def demo_url(admin_url: str) -> AsyncIterator[str]:
    """The administrator's address of the loaded data."""
    async with own_database(admin_url, "believable", with_schema=True) as url:
        await load(url, Volume.of(600), seed=SEED, password_hash="x", today=DAY, quiet=True)
        yield url


@pytest.fixture(scope="package")
async def demo(demo_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that looks behind the policies."""
    connection = await asyncpg.connect(demo_url)
    yield connection
    await connection.close()


@pytest.fixture(scope="package")
async def release(demo_url: str) -> Computed:
    """The release of the last quarter of Kreis Wesel, by the usual thresholds."""
    url = with_role(demo_url, "kim_reporting", database.PASSWORD)
    reporting = Database.connect(driver_url(url), pool_size=2)
    try:
        figures = await whole_figures(reporting, WESEL, QUARTER)
    finally:
        await reporting.close()
    found = compute_whole(Material("1", WESEL, "Kreis Wesel", QUARTER, None, figures, (), Rules()))
    assert isinstance(found, Computed)
    return found
