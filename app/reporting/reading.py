"""Reads what a query finds by column, some rows at a time: a large area has hundreds of thousands."""

import asyncio
from typing import Any

import asyncpg

from app.protection import Column, Gathering

_AT_ONCE = 1_000
"""Rows. So many fit into a connection: the database gets the next ones while these are taken."""


async def read_columns(driver: asyncpg.Connection, query: str, *values: object) -> list[Column[Any]]:
    """Return the columns of a query within a transaction; whatever is made of units does without an order."""
    statement = await driver.prepare(query)
    gathering = Gathering(len(statement.get_attributes()))
    cursor = await statement.cursor(*values)
    rows = await cursor.fetch(_AT_ONCE)
    while rows:
        coming = asyncio.ensure_future(cursor.fetch(_AT_ONCE))
        try:
            await asyncio.sleep(0)  # so that it is asked for
            gathering.add(rows)
        finally:
            rows = await coming
    # Read to its end, a cursor would keep what it sorted until the transaction ends.
    await driver.execute("CLOSE ALL")
    return gathering.columns()
