"""EXPLAIN for the main reads at volume: no sequential scan of a large table, no function once a row."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from typing import Any

import asyncpg
import orjson

from app.cases.queries import cases
from app.clients import duplicates, search
from app.clients import queries as clients
from app.clients.births import Birth
from app.clients.matching.forms import forms_of
from app.clients.matching.keys import Asked
from app.demo.installation import Installation
from app.kit.catching_up import Line, Mark, Place
from app.kit.clock import local_date, utc_now
from app.work.sync import queries as sync
from app.work.sync.statement import RIGHTS
from app.work.timeline import queries as timeline
from app.work.timeline.source import KINDS
from app.work.working_list import queries as working_list
from app.work.working_list.groups import GROUPS
from bench.scene import Scene

SMALL = {"units", "users", "institutions", "memberships", "municipal_areas", "catalogue_entries", "u", "m"}
_HARDLY_FILLED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpages < 8"
_UNTIL_KEPT = 8
"""After five runs PostgreSQL compares what it planned for with a general plan."""
_KEPT = "SELECT coalesce(sum(generic_plans), 0) > 0 FROM pg_prepared_statements WHERE statement = $1"
_FUNCTIONS = re.compile(r"\b(my_cases|my_clients|ctx_places|my_relations|ctx_is)\(")


async def check_plans(installation: Installation, scene: Scene) -> None:
    """Print the plans' outline as the measured user; end with a message when one is bad."""
    connection = await asyncpg.connect(installation.url("kim_app"), max_cacheable_statement_size=0)
    faults: list[str] = []
    try:
        for name, sql, arguments in reads(scene):
            async with connection.transaction():
                await opened(connection, scene)
                empty = {row[0] for row in await connection.fetch(_HARDLY_FILLED)}
                nodes = await _plan(connection, sql, arguments)
                scans = [
                    f"{node['Node Type']} {node['Relation Name']}"
                    for node in nodes
                    if "Relation Name" in node
                ]
                print(f"plan of {name}: {', '.join(dict.fromkeys(scans))}")
                faults += [f"{name}: {fault}" for node in nodes for fault in _faults(node, empty)]
                faults += [f"{name}, {fault}" async for fault in faults_if_large(connection, sql, arguments)]
            faults += [f"{name}: {fault}" async for fault in _replanned(connection, scene, sql, arguments)]
    finally:
        await connection.close()
    if faults:
        raise SystemExit("\n".join(faults))


async def opened(connection: asyncpg.Connection, scene: Scene) -> None:
    """Make the measured user the context of the transaction."""
    await connection.fetchrow(
        "SELECT * FROM open_session($1, $2, $3)", scene.session, ["case_manager"], "bench"
    )


async def faults_if_large(
    connection: asyncpg.Connection, sql: str, arguments: Sequence[Any]
) -> AsyncIterator[str]:
    """Yield what is bad in a plan when reading tables whole is made dear; what holds little may be."""
    await connection.execute("SET LOCAL enable_seqscan = off")
    dear = await _plan(connection, sql, arguments)
    await connection.execute("SET LOCAL enable_seqscan = on")
    for fault in (fault for node in dear for fault in _faults(node, set())):
        yield f"if it were large: {fault}"


async def _replanned(
    connection: asyncpg.Connection, scene: Scene, sql: str, arguments: Sequence[Any]
) -> AsyncIterator[str]:
    """Yield a fault when a connection does not come to keep one plan of a statement."""
    for _ in range(_UNTIL_KEPT):
        async with connection.transaction():
            await opened(connection, scene)
            await connection.fetch(sql, *arguments)
    kept = await connection.fetchval(_KEPT, sql)
    if not kept:
        yield "planned anew each time"


def reads(scene: Scene) -> Iterator[tuple[str, str, list[Any]]]:
    """Return the main reads by name, each with arguments as the application asks."""
    many = cases.MY_CASES._first  # noqa: SLF001
    yield "list of cases", many.sql, many.arguments({"is_closed": None, "limit": 50})
    one = cases.ONE_CASE._compiled  # noqa: SLF001
    yield "one case", one.sql, one.arguments({"id": scene.cases[0]})
    start = timeline.AFTER_EVERYTHING
    story = [scene.cases[0], list(KINDS), *start, 50, utc_now()]
    yield "timeline", timeline.STATEMENTS[timeline.OLDER], story
    due = [local_date(utc_now()), utc_now(), 6, list(GROUPS), *working_list.BEFORE_EVERYTHING, 20, 8, 14]
    yield "working list", working_list.STATEMENT, due
    yield from _catching_up(scene)
    client = clients.ONE_CLIENT._compiled  # noqa: SLF001
    yield "one client", client.sql, client.arguments({"id": scene.clients[0], "today": local_date(utc_now())})
    asked = Asked.of(forms_of(["Oleksandra Shevchenko"]))
    birth = Birth.of(date(1994, 8, 24))
    looked_for = [asked.one, birth.first, birth.last]
    yield "search", search.CANDIDATES_SEEN, [*looked_for, *asked.exact, 300]
    yield "duplicate check", duplicates.SEEN, [*looked_for, birth.likely, *asked.exact, 300]


def _catching_up(scene: Scene) -> Iterator[tuple[str, str, list[Any]]]:
    beginning = Line()
    page = [beginning.rank, beginning.scope, beginning.key, 200]
    rights = {"cases": scene.cases, "clients": scene.clients}
    rights |= {name: [] for name in ("touched_cases", "lost_cases", "lost_clients")}
    for name, place, gained in (
        ("the first page", Place(), (scene.cases, scene.clients)),
        ("catching up", Place(Mark(3, 3, (), utc_now())), ([], [])),
    ):
        yield f"rights of {name}", RIGHTS, [place.since.snapshot, place.since.at, place.is_first]
        asked = rights | {"gained_cases": gained[0], "gained_clients": gained[1]}
        for sql, arguments in sync.statements(place, asked):
            yield name, sql, [*page, *arguments]


async def _plan(connection: asyncpg.Connection, sql: str, arguments: Sequence[Any]) -> list[dict[str, Any]]:
    explained = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *arguments)
    # The application's connections read JSON themselves.
    plan = orjson.loads(explained) if isinstance(explained, str) else explained
    return list(_nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _faults(node: dict[str, Any], empty: set[str]) -> Iterator[str]:
    relation = node.get("Relation Name")
    if compares_each_with_each(node):
        yield f"each row compared with each of another: {node['Join Filter']}"
    if node["Node Type"] == "Seq Scan" and relation not in SMALL | empty:
        yield f"sequential scan of {relation}"
    if relation and _FUNCTIONS.search(str(node.get("Filter", ""))):
        yield f"a function for each row of {relation}: {node['Filter']}"


def compares_each_with_each(node: dict[str, Any]) -> bool:
    """Say whether a plan's node looks through all that a CTE holds for each row of another."""
    if node["Node Type"] != "Nested Loop" or "Join Filter" not in node:
        return False
    sides = (each for each in node["Plans"] if each["Parent Relationship"] in {"Outer", "Inner"})
    return all(side["Node Type"] == "CTE Scan" for side in sides)
