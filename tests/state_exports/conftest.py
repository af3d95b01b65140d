"""Everybody around an export."""

import pytest

from app.kit.database import Database
from tests.state_exports.arrange import Office, an_office
from tests.world import World


@pytest.fixture
async def office(world: World, worker_database: Database, reporting_database: Database) -> Office:
    """A unit, its people, the state-wide database and the worker."""
    return await an_office(world, worker_database, reporting_database)


@pytest.fixture
async def other(world: World, worker_database: Database, reporting_database: Database) -> Office:
    """Another world, told apart from the first by what a test lets happen in one of them alone."""
    return await an_office(await world.neighbour(), worker_database, reporting_database)
