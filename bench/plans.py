"""EXPLAIN for the main reads at volume: no sequential scan of a large table, no function once a row."""

import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import orjson

from app.cases.queries import cases
from app.clients import queries as clients
from app.demo.installation import Installation
from app.kit.clock import local_date, utc_now
from app.work.sync import queries as sync
from app.work.sync.rules import Mark, Place
from app.work.timeline import queries as timeline
from app.work.timeline.source import KINDS
from app.work.working_list import queries as working_list
from app.work.working_list.sources import GROUPS
from bench.scene import Scene

SMALL = {"units", "users", "institutions", "memberships", "municipal_areas", "catalogue_entries", "u", "m"}
_HARDLY_FILLED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpages < 8"
_FUNCTIONS = re.compile(r"\b(my_cases|my_clients|ctx_places|my_relations|ctx_is)\(")


async def check_plans(installation: Installation, scene: Scene) -> None:
    """Print the plans' outline as the measured user; end with a message when one is bad."""
    connection = await asyncpg.connect(installation.url("kim_app"))
    faults: list[str] = []
    try:
        async with connection.transaction():
            await connection.fetchrow(
                "SELECT * FROM open_session($1, $2, $3)", scene.session, ["case_manager"], "bench"
            )
            empty = {row[0] for row in await connection.fetch(_HARDLY_FILLED)}
            for name, sql, arguments in _reads(scene):
                nodes = await _plan(connection, sql, arguments)
                scans = [
                    f"{node['Node Type']} {node['Relation Name']}"
                    for node in nodes
                    if "Relation Name" in node
                ]
                print(f"plan of {name}: {', '.join(dict.fromkeys(scans))}")
                faults += [f"{name}: {fault}" for node in nodes for fault in _faults(node, empty)]
                # What holds hardly a row is read whole; that it need not be shows when that is made dear.
                await connection.execute("SET LOCAL enable_seqscan = off")
                dear = await _plan(connection, sql, arguments)
                await connection.execute("SET LOCAL enable_seqscan = on")
                faults += [
                    f"{name}, if it were large: {fault}" for node in dear for fault in _faults(node, set())
                ]
    finally:
        await connection.close()
    if faults:
        raise SystemExit("\n".join(faults))


def _reads(scene: Scene) -> Iterator[tuple[str, str, list[Any]]]:
    many = cases.MY_CASES._first  # noqa: SLF001
    yield "list of cases", many.sql, many.arguments({"is_closed": None, "limit": 50})
    one = cases.ONE_CASE._compiled  # noqa: SLF001
    yield "one case", one.sql, one.arguments({"id": scene.cases[0]})
    start = timeline.AFTER_EVERYTHING
    story = [scene.cases[0], list(KINDS), *start, 50, utc_now()]
    yield "timeline", timeline.STATEMENTS[timeline.OLDER], story
    due = [local_date(utc_now()), utc_now(), 6, list(GROUPS), *working_list.BEFORE_EVERYTHING, 20, 8]
    yield "working list", working_list.STATEMENT, due
    for since, is_first in ((0, True), (1, False)):
        place = Place(Mark(since, utc_now()))
        page = [str(since), place.since.at, is_first, place.rank, place.key, 200]
        yield "catching up", sync.STATEMENT, page
    client = clients.ONE_CLIENT._compiled  # noqa: SLF001
    yield "one client", client.sql, client.arguments({"id": scene.clients[0], "today": local_date(utc_now())})


async def _plan(connection: asyncpg.Connection, sql: str, arguments: list[Any]) -> list[dict[str, Any]]:
    plan = orjson.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *arguments))
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
