"""The server refuses to start when its database role could look past row-level security."""

import asyncpg

from app.kit.database import UNREACHABLE, Database, Nobody

_BYPASS = """SELECT rolname FROM pg_roles
WHERE (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)
AND pg_has_role(current_user, oid, 'MEMBER')"""
_OWNED = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'MEMBER')"""
UNPROTECTED = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relname = ANY ($1)
AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
    OR (NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)))"""
_MAY_CREATE = "SELECT has_schema_privilege(current_user, 'public', 'CREATE')"

REFERENCE_TABLES = ("alembic_version", "municipal_areas", "catalogue_entries", "consent_texts")
"""Tables about nobody, the same for all areas: the only ones without policies."""


class UnsafeDatabase(RuntimeError):
    """The database or its role is not set up as the second lock needs it."""


async def refuse_unsafe(database: Database) -> None:
    """Raise `UnsafeDatabase` naming everything that would weaken row-level security."""
    async with database.transaction(Nobody()) as db:
        driver = await db.driver()
        faults = [f"the role is or may become {row[0]}" for row in await driver.fetch(_BYPASS)]
        faults += [f"the role owns {row[0]}" for row in await driver.fetch(_OWNED)]
        faults += [
            f"{row[0]} has no forced policies"
            for row in await driver.fetch(UNPROTECTED, list(REFERENCE_TABLES))
        ]
        if await driver.fetchval(_MAY_CREATE):
            faults.append("the role may create objects")
    if faults:
        raise UnsafeDatabase("; ".join(faults[:10]))


async def refuse_to_start_on(database: Database) -> None:
    """End the process with a sentence when the database is away or not as the second lock needs it."""
    try:
        await refuse_unsafe(database)
    except UnsafeDatabase as error:
        raise SystemExit(f"The database would not keep people's data apart: {error}") from None
    except asyncpg.UndefinedFunctionError:
        raise SystemExit("The database has no schema yet: run `kim db upgrade` first.") from None
    except UNREACHABLE as error:
        raise SystemExit(f"The database cannot be used ({type(error).__name__}): {error}") from None
