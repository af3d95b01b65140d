"""The database of the tests: one template per state of the schema, cloned for each run."""

import hashlib
import os
from pathlib import Path

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from app.kit.roles import LOGIN_ROLES, bootstrap, prepare_database, with_database, with_role
from app.models import metadata
from app.reference import load_reference
from app.settings import driver_url

ROOT = Path(__file__).parent.parent
PASSWORD = "only-for-tests"
SQL_ORDER = (
    "foundation.sql",
    "audit.sql",
    "identity.sql",
    "accounts.sql",
    "assignments.sql",
    "clients.sql",
    "cases.sql",
    "consents.sql",
    "disclosures.sql",
    "referrals.sql",
    "notifications.sql",
    "barriers.sql",
    "obstacles.sql",
    "reporting.sql",
    "privacy.sql",
)


def fingerprint() -> str:
    """Return a digest of everything the schema is made of."""
    digest = hashlib.sha256()
    files = [*ROOT.glob("app/**/models.py"), *ROOT.glob("app/kit/*.py"), *ROOT.glob("migrations/**/*.sql")]
    files += [*ROOT.glob("app/catalogues/*.py"), *ROOT.glob("app/catalogues/data/*.csv"), Path(__file__)]
    for path in sorted(files):
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
    connection = await asyncpg.connect(url)
    await connection.execute("SET ROLE kim_owner")
    await connection.execute((ROOT / "migrations/sql/context.sql").read_text())
    await connection.close()
    engine = create_async_engine(driver_url(url))
    async with engine.begin() as ddl:
        await ddl.exec_driver_sql("SET ROLE kim_owner")
        await ddl.run_sync(metadata.create_all)
    await engine.dispose()
    connection = await asyncpg.connect(url)
    await connection.execute("SET ROLE kim_owner")
    for name in SQL_ORDER:
        path = ROOT / "migrations/sql" / name
        if path.exists():
            async with connection.transaction():
                await connection.execute(path.read_text())
    await connection.close()
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
