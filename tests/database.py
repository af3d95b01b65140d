"""The database of the tests: one template per state of the schema, cloned for each run."""

import asyncio
import hashlib
import os
from pathlib import Path

import asyncpg

from app.kit.migrating import upgrade
from app.kit.roles import LOGIN_ROLES, bootstrap, prepare_database, with_database, with_role
from app.reference import load_reference

ROOT = Path(__file__).parent.parent
PASSWORD = "only-for-tests"


def fingerprint() -> str:
    """Return a digest of everything the schema is made of."""
    digest = hashlib.sha256()
    files = [*ROOT.glob("migrations/**/*.py"), *ROOT.glob("migrations/**/*.sql")]
    files += ROOT.glob("app/catalogues/*.py")
    data = [*ROOT.glob("app/catalogues/data/*.csv"), *ROOT.glob("app/consents/texts/*.md")]
    for path in sorted([*files, *data]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


async def make_template(admin_url: str) -> str:
    """Create the template database for the present schema unless it is there; return its name."""
    name = f"kim_template_{fingerprint()}"
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute("SELECT pg_advisory_lock(4711)")
        if await admin.fetchval("SELECT datistemplate FROM pg_database WHERE datname = $1", name):
            return name
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await bootstrap(admin_url, name, dict.fromkeys(LOGIN_ROLES, PASSWORD))
        await _build(with_role(with_database(admin_url, name), "kim_migrate", PASSWORD))
        await admin.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    finally:
        await admin.close()
    return name


async def _build(url: str) -> None:
    # Alembic runs a loop of its own.
    await asyncio.to_thread(upgrade, url)
    await load_reference(url)


async def clone(admin_url: str, template: str) -> str:
    """Return the address (as administrator) of a fresh copy of the template."""
    name = f"kim_test_{os.getpid()}"
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute("SELECT pg_advisory_lock(4711)")
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await admin.close()
    await prepare_database(with_database(admin_url, name))
    return with_database(admin_url, name)


async def drop(admin_url: str, database_url: str) -> None:
    """Remove a copy."""
    admin = await asyncpg.connect(admin_url)
    name = database_url.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()
