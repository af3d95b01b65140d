"""A place from which a machine asks."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.identity.arrange import somewhere
from tests.world import World


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somewhere of its own, so that what one test gets wrong slows no other down."""
    async with somewhere(world, f"192.0.2.{world.area.rpartition('-')[2]}") as client:
        yield client
