"""The people who make releases."""

import pytest

from app.kit.database import Database
from tests.reporting.arrange import Office
from tests.world import World


@pytest.fixture
async def office(world: World, worker_database: Database, reporting_database: Database) -> Office:
    """Two coordinators and the worker."""
    return await Office(world, worker_database, reporting_database).open()
