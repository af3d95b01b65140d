"""Bringing a database to the newest schema, and asking whether it is there."""

import asyncio
import hashlib
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_STATE = """SELECT (SELECT version_num FROM alembic_version),
obj_description('alembic_version'::regclass, 'pg_class')"""
_ROOT = Path(__file__).parents[2]


class SchemaDiffers(Exception):
    """A database whose schema no migration leads to this version from."""


def _config(url: str) -> Config:
    config = Config(str(_ROOT / "alembic.ini"))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations that are missing, as the migration role; each in a transaction of its own.

    What ran leaves a mark of its files. Raises `SchemaDiffers` where nothing is missing by name, but the
    files are others than those that ran: before the first release a migration is still changed in place.
    """
    before, mark = asyncio.run(_state(url))
    if before is not None and before == newest_revision() and mark not in (None, _fingerprint()):
        raise SchemaDiffers(
            "This database was made by an earlier state of the same migration, which was never released: its"
            " tables and policies are others. Make a new one; nothing was changed."
        )
    command.upgrade(_config(url), revision)
    if before != newest_revision():
        asyncio.run(_leave_mark(url))


async def _state(url: str) -> tuple[str | None, str | None]:
    """Return the revision of a database and the mark of the files that made it."""
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL"):
            return None, None
        await connection.execute("SET ROLE kim_owner")
        revision, mark = await connection.fetchrow(_STATE)
    finally:
        await connection.close()
    return revision, mark


async def _leave_mark(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET ROLE kim_owner")
        if await connection.fetchval("SELECT version_num FROM alembic_version") == newest_revision():
            await connection.execute(f"COMMENT ON TABLE alembic_version IS '{_fingerprint()}'")
    finally:
        await connection.close()


def _fingerprint() -> str:
    """Return a digest of all files that a schema is made of."""
    digest = hashlib.sha256()
    for path in sorted((_ROOT / "migrations").rglob("*")):
        if path.suffix in (".py", ".sql"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def downgrade(url: str, revision: str) -> None:
    """Go back to an older schema."""
    command.downgrade(_config(url), revision)


def check(url: str) -> None:
    """Raise alembic's error when the models and the database differ."""
    command.check(_config(url))


def newest_revision() -> str | None:
    """Return the revision of the schema that this version needs."""
    return ScriptDirectory.from_config(_config("")).get_current_head()
