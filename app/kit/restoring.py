"""What stands around bringing a dump back: whether the target is fit for it, and what must follow at once.

A restored database is older than what was acknowledged: its transaction ids mean something else, and sessions
that had been ended go on.
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from app.kit.lock_check import REFERENCE_TABLES, UNPROTECTED
from app.kit.roles import EXTENSIONS, GROUPS, LOGIN_ROLES

_IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
_OWN = """NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = {0}.tableoid AND d.objid = {0}.oid AND d.deptype = 'e')"""
_THINGS = f"""SELECT (SELECT count(*) FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND {_OWN.format("c")})
+ (SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND {_OWN.format("p")})"""
_LACKING = """SELECT name FROM unnest($1::text[]) AS name WHERE name NOT IN (SELECT rolname FROM pg_roles)
UNION ALL SELECT name FROM unnest($2::text[]) AS name WHERE name NOT IN (SELECT extname FROM pg_extension)"""
_STRANGE = f"""SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
AND c.relkind IN ('r', 'p', 'v', 'S') AND {_OWN.format("c")}
AND pg_get_userbyid(c.relowner) <> ALL ($1)
UNION ALL SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
AND {_OWN.format("p")} AND pg_get_userbyid(p.proowner) <> ALL ($1)"""
_HAS_SCHEMA = "SELECT to_regprocedure('rebase_changes()') IS NOT NULL"
_END_SESSIONS = "UPDATE sessions SET ended_at = now(), end_reason = 'restored' WHERE ended_at IS NULL"
_WHAT = """SELECT (SELECT version_num FROM alembic_version) AS revision,
    (SELECT max(at) FROM audit_journal) AS newest"""


class NotFit(Exception):
    """The database is not what a dump may be brought into, or what came of it is not whole."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a database holds that was restored."""

    revision: str
    newest: datetime | None
    """The last entry of the journal: what was done afterwards is not there."""


async def refuse_unfit_target(url: str) -> None:
    """Raise `NotFit` unless the database is empty and prepared, and the address a superuser's."""
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval(_IS_SUPERUSER):
            raise NotFit("A restore needs the address of a superuser: it gives everything to its owners.")
        if await connection.fetchval(_THINGS):
            raise NotFit("The database is not empty. Restore into a new one; nothing was changed.")
        lacking = await connection.fetch(_LACKING, [*GROUPS, *LOGIN_ROLES], list(EXTENSIONS))
        if lacking:
            names = ", ".join(row[0] for row in lacking)
            raise NotFit(f"Missing: {names}. Run `kim db bootstrap` first; nothing was changed.")
    finally:
        await connection.close()


async def finish(url: str) -> Restored:
    """Check that everything is owned and protected as before, and make restored rows and sessions safe.

    In one transaction; may be repeated. Raises `NotFit` naming what is wrong.
    """
    connection = await asyncpg.connect(url)
    try:
        await _refuse_damaged(connection)
        async with connection.transaction():
            await connection.execute("CALL rebase_changes()")
            await connection.execute(_END_SESSIONS)
        await connection.execute("ANALYZE")
        return Restored(**await connection.fetchrow(_WHAT))
    finally:
        await connection.close()


async def _refuse_damaged(connection: asyncpg.Connection) -> None:
    if not await connection.fetchval(_IS_SUPERUSER):
        raise NotFit("The end of a restore needs the address of a superuser.")
    if not await connection.fetchval(_HAS_SCHEMA):
        raise NotFit("The database has no schema of KIM: nothing was brought in.")
    open_tables = [row[0] for row in await connection.fetch(UNPROTECTED, list(REFERENCE_TABLES))]
    strange = [row[0] for row in await connection.fetch(_STRANGE, list(GROUPS))]
    faults = [f"{name} has no forced policies" for name in open_tables]
    faults += [f"{name} belongs to a role that must not own it" for name in strange]
    if faults:
        raise NotFit("The dump came back damaged, do not use it: " + "; ".join(faults[:10]))
