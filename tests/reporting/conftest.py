"""The reporting role's pool, and the people who make releases."""

from collections.abc import AsyncIterator

import pytest

from app.kit.database import Database
from app.settings import Settings, driver_url
from tests.reporting.arrange import Office
from tests.world import World


@pytest.fixture(scope="session")
async def reporting_database(settings: Settings) -> AsyncIterator[Database]:
    """The pool of the reporting role."""
    assert settings.reporting_database_url is not None
    pool = Database.connect(driver_url(settings.reporting_database_url.get_secret_value()), pool_size=2)
    yield pool
    await pool.close()


@pytest.fixture
async def office(world: World, worker_database: Database, reporting_database: Database) -> Office:
    """Two coordinators and the worker."""
    return await Office(world, worker_database, reporting_database).open()
