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


_MAY_CALL = """SELECT count(*) > 0 FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
AND p.proname = $1 AND has_function_privilege(p.oid, 'EXECUTE')"""

OWN_FUNCTION = {
    "KIM_DATABASE_URL": "open_session",
    "KIM_WORKER_DATABASE_URL": "claim_outbox",
    "KIM_REPORTING_DATABASE_URL": "open_case_figures",
}
"""A function that only the role may call whose address stands in a setting."""


async def refuse_to_start_on(database: Database, setting: str) -> None:
    """End the process with a sentence that names the setting.

    The database is away, is not as the second lock needs it, or the address is that of another role.
    """
    try:
        await refuse_unsafe(database)
        async with database.transaction(Nobody()) as db:
            is_meant = await (await db.driver()).fetchval(_MAY_CALL, OWN_FUNCTION[setting])
    except UnsafeDatabase as error:
        raise SystemExit(f"{setting}: the database would not keep people's data apart: {error}") from None
    except asyncpg.UndefinedFunctionError:
        raise SystemExit(f"{setting}: the database has no schema yet: run `kim db upgrade` first.") from None
    except UNREACHABLE as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0].rpartition(">: ")[2]
        raise SystemExit(f"{setting}: the database cannot be used: {why}") from None
    if not is_meant:
        raise SystemExit(f"{setting}: this is the address of another role than the one it is for.")
