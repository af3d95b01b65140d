"""The database roles, created once by an administrator: who owns, who migrates, who serves.

kim_owner      owns everything, cannot log in
kim_auth       owns the few definer functions that see more than their caller, cannot log in
kim_migrate    logs in and becomes the owner for a migration
kim_app        the API: no ownership, no BYPASSRLS, no CREATE
kim_worker     background work, one municipal area at a time
kim_reporting  reads what statistics are made of
kim_backup     the only one with BYPASSRLS
"""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import asyncpg

LOGIN_ROLES = ("kim_migrate", "kim_app", "kim_worker", "kim_reporting", "kim_backup")
GROUPS = ("kim_owner", "kim_auth")
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


async def bootstrap(admin_url: str, database: str, passwords: Mapping[str, str]) -> None:
    """Create roles, database and extensions where they are missing; safe to repeat.

    `admin_url` is a superuser's. Passwords are set anew each time.
    """
    admin = await asyncpg.connect(admin_url)
    try:
        for role in GROUPS:
            await _ensure_role(admin, role, "NOLOGIN NOINHERIT")
        for role in LOGIN_ROLES:
            bypass = "BYPASSRLS" if role == "kim_backup" else "NOBYPASSRLS"
            await _ensure_role(admin, role, f"LOGIN {bypass} NOINHERIT")
            await _set_password(admin, role, passwords[role])
        await admin.execute("GRANT kim_owner TO kim_migrate; GRANT kim_auth TO kim_owner")
        # From PostgreSQL 16 on a grant keeps what INHERIT was when it was made: an earlier one is made anew.
        await admin.execute(
            "ALTER ROLE kim_backup INHERIT; REVOKE pg_read_all_data FROM kim_backup;"
            " GRANT pg_read_all_data TO kim_backup"
        )
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
            await admin.execute(
                f"CREATE DATABASE \"{database}\" OWNER kim_owner ENCODING 'UTF8' TEMPLATE template0"
            )
    finally:
        await admin.close()
    await prepare_database(with_database(admin_url, database))


async def prepare_database(admin_url: str) -> None:
    """Create extensions and take away what PUBLIC may do in this database."""
    admin = await asyncpg.connect(admin_url)
    try:
        for extension in EXTENSIONS:
            await admin.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        await admin.execute(
            "REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO PUBLIC;"
            " GRANT USAGE, CREATE ON SCHEMA public TO kim_owner, kim_auth"
        )
        name = await admin.fetchval("SELECT current_database()")
        await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        # A large object of one role is unreadable to all others, and pg_dump ends where it meets one.
        await admin.execute(
            "REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea)"
            " FROM PUBLIC"
        )
        await admin.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {", ".join(LOGIN_ROLES)}')
    finally:
        await admin.close()


async def _ensure_role(admin: asyncpg.Connection, role: str, options: str) -> None:
    if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
        await admin.execute(f"CREATE ROLE {role}")
    await admin.execute(f"ALTER ROLE {role} {options} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION")


async def _set_password(admin: asyncpg.Connection, role: str, password: str) -> None:
    # ALTER ROLE takes no parameters; the server quotes the literal.
    await admin.execute("SET password_encryption = 'scram-sha-256'; SET log_statement = 'none'")
    statement = await admin.fetchval(
        "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", role, password
    )
    await admin.execute(statement)


def with_database(url: str, database: str) -> str:
    """Return the same address with another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def with_role(url: str, role: str, password: str) -> str:
    """Return the same address for another role."""
    parts = urlsplit(url)
    hosts = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{hosts}"))
