"""The way up, down and up again with data, and one schema whichever way it was made."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.ext.asyncio import create_async_engine

from app.demo.loading import Volume, load
from app.kit import migrating
from app.kit.roles import with_role
from app.models import metadata
from app.reference import load_reference
from app.settings import driver_url
from tests.database import PASSWORD
from tests.durability.databases import own_database
from tests.durability.schema import contents, parts, parts_seen_by

SQL = Path(__file__).parents[2] / "migrations" / "sql"
VOLUME, SEED, DAY = Volume(clients=300), 7, date(2026, 8, 1)
REFERENCE = {"municipal_areas", "catalogue_entries", "consent_texts"}


@pytest.fixture(scope="module")
async def migrated(admin_url: str) -> AsyncIterator[str]:
    """A database at the newest revision, without data."""
    async with own_database(admin_url, "migrated", with_schema=False) as url:
        await asyncio.to_thread(migrating.upgrade, migrate_url(url))
        yield url


def migrate_url(url: str) -> str:
    """Return the address for the migration role."""
    return with_role(url, "kim_migrate", PASSWORD)


async def from_models(url: str) -> None:
    """Build the schema without migrations: the tables from the models, the rules from the SQL files."""
    script = ScriptDirectory(str(SQL.parent))
    rules = [name for step in script.walk_revisions() for name in getattr(step.module, "RULES", ())]
    engine = create_async_engine(driver_url(migrate_url(url)))
    for_files = await asyncpg.connect(migrate_url(url))
    await for_files.execute("SET ROLE kim_owner")
    await for_files.execute((SQL / "context.sql").read_text("utf-8"))
    async with engine.begin() as connection:
        await connection.exec_driver_sql("SET ROLE kim_owner")
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    for name in rules:
        async with for_files.transaction():
            await for_files.execute((SQL / name).read_text("utf-8"))
    await for_files.close()


async def test_models_and_migrations_agree(migrated: str) -> None:
    await asyncio.to_thread(migrating.check, migrate_url(migrated))


async def test_table_without_its_migration_is_noticed(admin_url: str) -> None:
    async with own_database(admin_url, "behind", with_schema=False) as url:
        await asyncio.to_thread(migrating.upgrade, migrate_url(url))
        admin = await asyncpg.connect(url)
        await admin.execute("ALTER TABLE contacts DROP COLUMN minutes")
        await admin.close()
        with pytest.raises(CommandError, match="minutes"):
            await asyncio.to_thread(migrating.check, migrate_url(url))


async def test_schema_is_the_same_from_migrations_and_from_models(migrated: str, admin_url: str) -> None:
    async with own_database(admin_url, "models", with_schema=False) as url:
        await from_models(url)
        built, made = await parts(url), await parts(migrated)
    assert sorted(made - built) == []
    assert sorted(built - made) == []


async def test_schema_of_the_tests_is_that_of_the_migrations(migrated: str, database_url: str) -> None:
    tested, made = await parts(database_url), await parts(migrated)
    partitions = {part for part in tested ^ made if "audit_journal_2" in part}  # other tests make some
    assert sorted((made - tested) - partitions) == []
    assert sorted((tested - made) - partitions) == []


@pytest.mark.parametrize(
    "fault",
    [
        "ALTER TABLE clients NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE contacts DROP CONSTRAINT ck_contacts_minutes",
        "ALTER TABLE contacts ALTER COLUMN interpreter DROP DEFAULT",
        "CREATE INDEX ix_planted ON contacts (minutes)",
        "GRANT DELETE ON audit_journal TO kim_app",
        "GRANT UPDATE (note) ON contacts TO kim_worker",
        "CREATE POLICY planted ON clients USING (true)",
        "ALTER FUNCTION my_clients() SECURITY DEFINER SET search_path = public",
        "DROP TRIGGER follow_client ON cases",
    ],
)
async def test_planted_difference_between_schemas_is_noticed(migrated: str, fault: str) -> None:
    admin = await asyncpg.connect(migrated)
    before = await parts_seen_by(admin)
    await admin.execute("BEGIN")
    await admin.execute(fault)
    planted = await parts_seen_by(admin)
    await admin.execute("ROLLBACK")
    assert planted != before
    assert await parts_seen_by(admin) == before
    await admin.close()


@pytest.mark.slow
async def test_up_down_and_up_again_with_data(admin_url: str) -> None:
    async with own_database(admin_url, "round", with_schema=False) as url:
        empty = await parts(url)
        await asyncio.to_thread(migrating.upgrade, migrate_url(url))
        await load_reference(migrate_url(url))
        first = await parts(url)
        loaded = await load(url, VOLUME, seed=SEED, password_hash="x", today=DAY, quiet=True)
        assert loaded.clients == 300
        await asyncio.to_thread(migrating.downgrade, migrate_url(url), "base")
        assert await parts(url) == empty
        await asyncio.to_thread(migrating.upgrade, migrate_url(url))
        await asyncio.to_thread(migrating.check, migrate_url(url))
        assert await parts(url) == first
        assert {table for table, (rows, _) in (await contents(url)).items() if rows} <= REFERENCE
        await load_reference(migrate_url(url))
        again = await load(url, VOLUME, seed=SEED, password_hash="x", today=DAY, quiet=True)
        assert (again.clients, again.cases, again.reports) == (loaded.clients, loaded.cases, loaded.reports)
