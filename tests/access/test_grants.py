"""Each role without a person is granted what its code uses and no more; nobody rewrites who a client is."""

import re
from typing import NamedTuple

import asyncpg
import pytest

from app.clients.models import Client
from tests.access.code_of_roles import STATEMENTS
from tests.access.rights import undone
from tests.world import World

ROLES = sorted(STATEMENTS)


class Right(NamedTuple):
    """One right on one column; on the whole table for DELETE."""

    table: str
    privilege: str
    column: str | None


async def _granted(admin: asyncpg.Connection, role: str) -> list[Right]:
    """Return what a role may do, by whatever grant it may do it."""
    columns = await admin.fetch(
        """SELECT c.relname, p.privilege, a.attname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        CROSS JOIN unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) AS p(privilege)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
            AND has_column_privilege($1, c.oid, a.attnum, p.privilege)""",
        role,
    )
    tables = await admin.fetch(
        """SELECT c.relname, p.privilege FROM pg_class c
        CROSS JOIN unnest('{DELETE,TRUNCATE,TRIGGER}'::text[]) AS p(privilege)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
            AND has_table_privilege($1, c.oid, p.privilege)""",
        role,
    )
    return sorted(
        [Right(*row) for row in columns] + [Right(row[0], row[1], None) for row in tables],
        key=lambda right: (right.table, right.privilege, right.column or ""),
    )


async def _is_permitted(admin: asyncpg.Connection, role: str, statement: str) -> bool:
    """Return whether a role may run a statement: planning it is enough to be asked for every right."""
    nulls = ", ".join(["NULL"] * max((int(each) for each in re.findall(r"\$(\d+)", statement)), default=0))
    await admin.execute(f"PREPARE asked AS {statement}")
    try:
        async with undone(admin):
            await admin.execute(f"SET LOCAL ROLE {role}")
            await admin.execute(f"EXPLAIN EXECUTE asked{f'({nulls})' if nulls else ''}")
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await admin.execute("DEALLOCATE asked")
    return True


async def _without(admin: asyncpg.Connection, role: str, right: Right, others: list[str]) -> None:
    await admin.execute(f'REVOKE {right.privilege} ON "{right.table}" FROM {role}, PUBLIC')
    if others:
        kept = ", ".join(f'"{column}"' for column in others)
        await admin.execute(f'GRANT {right.privilege} ({kept}) ON "{right.table}" TO {role}')


async def _is_needed(admin: asyncpg.Connection, role: str, table: str) -> bool:
    """Return whether some statement of the role's code on a table runs no more."""
    for each in STATEMENTS[role]:
        if re.search(rf"\b{table}\b", each) and not await _is_permitted(admin, role, each):
            return True
    return False


async def unused(admin: asyncpg.Connection, role: str, table: str | None = None) -> list[Right]:
    """Return the rights, all or on one table, without which every statement of the role's code still runs.

    To know the area of a row is none: every policy asks for it, and it is the role's own.
    """
    found = []
    granted = await _granted(admin, role)
    for right in granted:
        if right[1:] == ("SELECT", "municipal_area_id") or table not in {None, right.table}:
            continue
        others = [
            each.column
            for each in granted
            if each[:2] == right[:2] and each.column not in (None, right.column)
        ]
        async with undone(admin):
            await _without(admin, role, right, [column for column in others if column])
            if not await _is_needed(admin, role, right.table):
                found.append(right)
    return found


@pytest.mark.asvs("13.2.2")
@pytest.mark.parametrize("role", ROLES)
async def test_role_may_do_all_that_its_code_does(world: World, role: str) -> None:
    refused = [each for each in STATEMENTS[role] if not await _is_permitted(world.admin, role, each)]
    assert refused == []


@pytest.mark.asvs("13.2.2")
@pytest.mark.parametrize("role", ROLES)
async def test_role_is_granted_nothing_that_its_code_does_not_use(world: World, role: str) -> None:
    assert await unused(world.admin, role) == []


EXTRA = (
    ("kim_worker", "SELECT", "clients", "family_name"),
    ("kim_worker", "UPDATE", "outbox", "payload"),
    ("kim_reporting", "SELECT", "cases", "number"),
    ("kim_reporting", "SELECT", "assignments", "reason"),
)


@pytest.mark.parametrize(("role", "privilege", "table", "column"), EXTRA)
async def test_right_too_many_is_noticed(
    world: World, role: str, privilege: str, table: str, column: str
) -> None:
    async with undone(world.admin):
        await world.admin.execute(f"GRANT {privilege} ({column}) ON {table} TO {role}")
        assert await unused(world.admin, role, table) == [Right(table, privilege, column)]


async def test_table_too_many_is_noticed(world: World) -> None:
    async with undone(world.admin):
        await world.admin.execute("GRANT DELETE ON consents TO kim_worker; GRANT DELETE ON units TO PUBLIC")
        for table in ("consents", "units"):
            assert await unused(world.admin, "kim_worker", table) == [Right(table, "DELETE", None)]


OF_THE_PERSON = {
    "municipal_area_id", "id", "pseudonym", "unit_id", "created_by", "merged_into", "created_at",
    "changed_at", "changed_xid", "processing_restricted_at",
}  # fmt: skip


async def _changeable(admin: asyncpg.Connection) -> set[str]:
    rights = await _granted(admin, "kim_app")
    return {str(each.column) for each in rights if each[:2] == ("clients", "UPDATE")}


@pytest.mark.asvs("8.2.3")
async def test_application_cannot_change_who_a_client_is(world: World) -> None:
    columns = {column.name for column in Client.__table__.columns}
    assert await _changeable(world.admin) == columns - OF_THE_PERSON


async def test_grant_on_the_whole_table_is_noticed(world: World) -> None:
    async with undone(world.admin):
        await world.admin.execute("GRANT UPDATE ON clients TO kim_app")
        assert await _changeable(world.admin) > OF_THE_PERSON
