"""Faults that are planted in the SQL of whoever catches up, and a transaction that is left open beside it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

PRESENT = "pg_current_snapshot() AS snapshot"
_BOUNDS = {which: f"pg_snapshot_{which}(pg_current_snapshot())::text" for which in ("xmin", "xmax")}
_LEFT_OUT = re.compile(r" AND NOT pg_visible_in_snapshot\([a-z._]+, \$\d+::pg_snapshot\)")


def _replaced(sql: str, right: str, wrong: str) -> str:
    assert right in sql
    return sql.replace(right, wrong)


def of_number(number: str) -> str:
    """Return the column of a mark that knows one number only: what is below it had ended."""
    return f"({number} || ':' || {number} || ':')::pg_snapshot AS snapshot"


def by_newest(sql: str) -> str:
    """Return a statement whose mark takes all that began for ended, as a sequence would."""
    return _replaced(sql, PRESENT, of_number(_BOUNDS["xmax"]))


def by_oldest(sql: str) -> str:
    """Return a statement whose mark is the oldest running transaction alone."""
    return _replaced(sql, PRESENT, of_number(_BOUNDS["xmin"]))


def bounded_by_newest(sql: str) -> str:
    """Return a statement that looks only at what began after the mark."""
    return _replaced(sql, "(SELECT pg_snapshot_xmin($", "(SELECT pg_snapshot_xmax($")


def without_the_list(sql: str) -> str:
    """Return a statement that tells everything since the oldest transaction of the mark."""
    changed, count = _LEFT_OUT.subn("", sql)
    assert count
    return changed


@asynccontextmanager
async def left_open(url: str) -> AsyncIterator[int]:
    """Keep a transaction open that has a number, and yield the number."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            yield int(await connection.fetchval("SELECT pg_current_xact_id()::text"))
    finally:
        await connection.close()
