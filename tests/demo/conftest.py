"""The usual volume of the demonstration, loaded once."""

from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from app.demo.loading import Volume, load
from tests.durability.databases import own_database

SEED, DAY = 20260801, date(2026, 8, 1)


@pytest.fixture(scope="package")
async def demo(admin_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that looks behind the policies."""
    async with own_database(admin_url, "believable", with_schema=True) as url:
        await load(url, Volume.of(600), seed=SEED, password_hash="x", today=DAY, quiet=True)
        connection = await asyncpg.connect(url)
        yield connection
        await connection.close()
