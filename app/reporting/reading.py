"""Reads what a query finds by column, some rows at a time: a large area has hundreds of thousands."""

from typing import Any

import asyncpg

from app.protection import Column, Gathering

_AT_ONCE = 5_000


async def read_columns(driver: asyncpg.Connection, query: str, *values: object) -> list[Column[Any]]:
    """Return the columns of a query within a transaction; whatever is made of units does without an order."""
    statement = await driver.prepare(query)
    gathering = Gathering(len(statement.get_attributes()))
    cursor = await statement.cursor(*values)
    while rows := await cursor.fetch(_AT_ONCE):
        gathering.add(rows)
    return gathering.columns()
