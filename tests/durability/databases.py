"""Databases of their own beside that of the test run, on the same server."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from app.kit.roles import prepare_database, with_database
from tests import database


@asynccontextmanager
async def own_database(admin_url: str, name: str, *, with_schema: bool) -> AsyncIterator[str]:
    """Yield the administrator's address of a new database, with the tests' schema or empty; drop it then."""
    template = await database.make_template(admin_url)
    name = f"kim_{name}_{os.getpid()}"
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute("SELECT pg_advisory_lock(4711)")
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        origin = template if with_schema else "template0"
        await admin.execute(f'CREATE DATABASE "{name}" OWNER kim_owner TEMPLATE "{origin}"')
    finally:
        await admin.close()
    url = with_database(admin_url, name)
    await prepare_database(url)
    try:
        yield url
    finally:
        await database.drop(admin_url, url)
