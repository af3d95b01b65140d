"""How a release reads an area of any size: nothing for each row, and of reports the index alone."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import asyncpg
import orjson
import pytest

from app.reporting import figures
from tests.world import World

BODIES = """SELECT p.proname AS name, p.proargnames[:p.pronargs] AS arguments,
    pg_get_function_sqlbody(p.oid) AS body
FROM pg_proc p
WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
    AND has_function_privilege('kim_reporting', p.oid, 'EXECUTE') AND p.proname LIKE '%\\_figures'"""
BESIDE = """SELECT i.indexrelid::regclass::text AS name, i.indrelid::regclass::text AS table,
    c.oid IS NOT NULL AS is_constraint
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid
WHERE i.indrelid = (SELECT indrelid FROM pg_index WHERE indexrelid = $1::text::regclass)
    AND i.indexrelid <> $1::text::regclass"""
WHOLE = {
    "active_client_figures", "interpreted_contact_figures", "goal_figures", "life_domain_figures",
    "open_case_figures", "closed_case_figures", "ended_inquiry_figures", "waiting_inquiry_figures",
    "ended_referral_figures", "domain_change_figures", "need_figures",
}  # fmt: skip
"""Functions that join large tables."""
OF_OFFERS = "offer_figures"
"""Asks for each offer: an area has some hundreds, and they grow with no number of persons."""
DAY = "DATE '2026-09-30'"
VALUES = {"date": date(2026, 9, 30), "text": ""}

SUB_SELECT = """SELECT c.id, (SELECT max(p.at) FROM public.case_phases p
    WHERE p.municipal_area_id = c.municipal_area_id AND p.case_id = c.id) FROM public.cases c"""
LATERAL = """SELECT c.id, p.target FROM public.cases c CROSS JOIN LATERAL (SELECT s.target
    FROM public.case_phases s WHERE s.case_id = c.id ORDER BY s.at DESC LIMIT 1) p"""
CALL = f"SELECT g.id FROM public.goals g JOIN public.open_case_figures({DAY}) f ON f.person_key = g.id"


@pytest.fixture
async def admin(world: World) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of which nothing stays, in an area."""
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute("SELECT set_config('kim.area', $1, true)", world.area)
        yield world.admin
    finally:
        await transaction.rollback()


async def bodies(admin: asyncpg.Connection) -> dict[str, str]:
    """Return what each function of the figures asks, for one day."""
    found = {}
    for row in await admin.fetch(BODIES):
        body = row["body"].removeprefix("BEGIN ATOMIC").removesuffix("END").strip().removesuffix(";")
        given = "|".join(row["arguments"])
        found[row["name"]] = re.sub(rf"\b({row['name']}\.)?({given})\b", DAY, body)
    return found


async def faults(admin: asyncpg.Connection, body: str) -> list[str]:
    """Return what a plan does for each row, when that is made as dear as it is at volume."""
    await admin.execute("SET LOCAL ROLE kim_auth; SET LOCAL enable_nestloop = off")
    plan = await explained(admin, body)
    await admin.execute("RESET ROLE")
    return [fault for node in nodes_of(plan) for fault in faults_of(node)]


def faults_of(node: dict[str, Any]) -> Iterator[str]:
    if node.get("Parent Relationship") == "SubPlan":
        yield f"a sub-select for each row: {node['Node Type']} {node.get('Relation Name', '')}"
    if node["Node Type"] == "Nested Loop" and not any(is_unnested(each) for each in node["Plans"]):
        yield "a look for each row of another"
    if node["Node Type"] == "Function Scan" and not is_unnested(node):
        yield f"of the rows of {node['Function Name']} nothing is known"


def is_unnested(node: dict[str, Any]) -> bool:
    """Tell whether a node is an array of the row beside it."""
    return node.get("Function Name") == "unnest"


async def explained(admin: asyncpg.Connection, sql: str, *values: Any) -> dict[str, Any]:
    (plan,) = orjson.loads(await admin.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *values))
    found: dict[str, Any] = plan["Plan"]
    return found


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes_of(below)


async def test_figures_ask_nothing_for_each_row(admin: asyncpg.Connection) -> None:
    asked = await bodies(admin)
    assert len(asked) >= 13
    del asked[OF_OFFERS]
    assert {name: found for name, body in asked.items() if (found := await faults(admin, body))} == {}


@pytest.mark.parametrize("body", [SUB_SELECT, LATERAL, CALL], ids=["sub-select", "lateral", "call"])
async def test_figure_that_asks_for_each_row_is_noticed(admin: asyncpg.Connection, body: str) -> None:
    assert len(await faults(admin, body)) == 1


async def test_cases_that_are_called_and_not_planned_are_noticed(admin: asyncpg.Connection) -> None:
    await admin.execute("ALTER FUNCTION counted_cases(date, date) SECURITY DEFINER")
    assert await faults(admin, (await bodies(admin))["goal_figures"])


async def row_by_row(admin: asyncpg.Connection) -> set[str]:
    """Return the functions of figures that may look for each row of a table in another."""
    rows = await admin.fetch(
        """SELECT proname FROM pg_proc
        WHERE proname = ANY ($1) AND NOT 'enable_nestloop=off' = ANY (proconfig)""",
        list(WHOLE),
    )
    return {row["proname"] for row in rows}


async def test_figures_of_tables_that_were_just_filled_join_them_whole(admin: asyncpg.Connection) -> None:
    assert set(await bodies(admin)) > WHOLE
    assert await row_by_row(admin) == set()


@pytest.mark.parametrize("name", sorted(WHOLE))
async def test_figure_that_may_look_row_by_row_is_noticed(admin: asyncpg.Connection, name: str) -> None:
    function = await admin.fetchval("SELECT oid::regprocedure::text FROM pg_proc WHERE proname = $1", name)
    await admin.execute(f"ALTER FUNCTION {function} RESET enable_nestloop")
    assert await row_by_row(admin) == {name}


async def left_alone(admin: asyncpg.Connection, index: str) -> None:
    """Take a table's other indexes away: of those that fit, that of a small table is chosen by chance."""
    for row in await admin.fetch(BESIDE, index):
        way = "ALTER TABLE {table} DROP CONSTRAINT {name}" if row["is_constraint"] else "DROP INDEX {name}"
        await admin.execute(way.format(**row))


async def read_reports(admin: asyncpg.Connection) -> set[str]:
    """Return how the reporting role reads barrier reports, whatever the statement."""
    statements = [each for each in vars(figures).values() if "FROM barrier_figures" in str(each)]
    assert len(statements) >= 3
    await left_alone(admin, "ix_barrier_figures_period")
    await admin.execute("SET LOCAL ROLE kim_reporting; SET LOCAL enable_seqscan = off")
    found = set()
    for sql in statements:
        values = [VALUES[each.name] for each in (await admin.prepare(sql)).get_parameters()]
        found |= set(ways(await explained(admin, sql, *values), "barrier_figures"))
    await admin.execute("RESET ROLE")
    return found


async def read_phases(admin: asyncpg.Connection) -> set[str]:
    """Return how the phases of a day are read."""
    body = (await bodies(admin))["open_case_figures"]
    await left_alone(admin, "ix_case_phases_case")
    await admin.execute("SET LOCAL ROLE kim_auth; SET LOCAL enable_seqscan = off")
    plan = await explained(admin, body)
    await admin.execute("RESET ROLE")
    return set(ways(plan, "case_phases"))


def ways(plan: dict[str, Any], table: str) -> Iterator[str]:
    """Yield how a plan reads a table: by which index, and whether from it alone."""
    for node in nodes_of(plan):
        if node.get("Relation Name") == table:
            yield f"{node['Node Type']} {node.get('Index Name', '')}"


async def test_reports_are_read_from_the_index_alone(admin: asyncpg.Connection) -> None:
    assert await read_reports(admin) == {"Index Only Scan ix_barrier_figures_period"}


async def test_index_that_holds_who_is_held_is_noticed(admin: asyncpg.Connection) -> None:
    index = await admin.fetchval("SELECT pg_get_indexdef('ix_barrier_figures_period'::regclass)")
    await admin.execute("DROP INDEX ix_barrier_figures_period")
    await admin.execute(index.removesuffix(" WHERE (NOT is_held)"))
    assert await read_reports(admin) != {"Index Only Scan ix_barrier_figures_period"}


async def test_phases_of_a_day_are_read_from_the_index_alone(admin: asyncpg.Connection) -> None:
    assert await read_phases(admin) == {"Index Only Scan ix_case_phases_case"}


async def test_index_without_the_phase_is_noticed(admin: asyncpg.Connection) -> None:
    index = await admin.fetchval("SELECT pg_get_indexdef('ix_case_phases_case'::regclass)")
    await admin.execute("DROP INDEX ix_case_phases_case")
    await admin.execute(index.removesuffix(" INCLUDE (target)"))
    assert await read_phases(admin) != {"Index Only Scan ix_case_phases_case"}
