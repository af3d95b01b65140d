"""Everybody around an export."""

import pytest

from app.kit.database import Database
from tests.state_exports.arrange import Office, an_office
from tests.world import World


@pytest.fixture
async def office(world: World, worker_database: Database) -> Office:
    """A unit, its people, the state-wide database and the worker."""
    return await an_office(world, worker_database)
