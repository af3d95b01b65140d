"""The plans of the main reads, as the application role: an index for every table, no function for each row.

What holds hardly a row is read whole by right; so reading whole is made dear, as it is at volume.
"""

import re
from collections import Counter
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from app.kit.catching_up import Line
from app.work.sync.statement import GAINED
from app.work.timeline.parts import PARTS
from bench.plans import faults_if_large, reads
from bench.scene import Scene
from tests.cases.arrange import a_case, a_client, open_case
from tests.work.arrange import a_task
from tests.world import Person, World

NOBODY = Scene("", UUID(int=0), UUID(int=0), [UUID(int=0)], [UUID(int=0)])
NAMES = [name for name, _, _ in reads(NOBODY)]
FOR_EACH_ROW = "SELECT FROM cases WHERE kind = ANY (my_cases()::text[])"
"""A planted fault: the rights are asked for again with every row."""
EACH_WITH_EACH = """WITH a AS MATERIALIZED (SELECT id FROM cases WHERE id = $1::uuid),
b AS MATERIALIZED (SELECT id FROM clients WHERE id = $1::uuid) SELECT FROM a JOIN b ON a.id = b.id"""


ASKS = {"list of cases": 6, "one case": 5, "one client": 13, "timeline": 40, "working list": 65}
"""How often the policies of a read ask whose something is: once for each look at a table that is needed,
and twice for referrals, which also ask who works on the case (child protection)."""
LOOKED_AT_ONCE = {
    "one client": ("disputes", "processing_restrictions", "client_nationalities", "addresses"),
    "timeline": (
        *(name.removesuffix("_of_case") for name in PARTS if name.endswith("_of_case")),
        "consents",
        "referrals",
    ),
}


async def scene_of(world: World, manager: Person) -> Scene:
    """Return the person with their cases and clients as the benchmark knows them."""
    client_id = await a_client(world, manager)
    case_id = await open_case(manager, client_id)
    return Scene(world.area, UUID(int=0), UUID(int=0), [UUID(case_id)], [UUID(client_id)])


@pytest.mark.parametrize("name", list(dict.fromkeys(NAMES)))
async def test_read_is_served_by_indexes_and_asks_for_rights_once(world: World, name: str) -> None:
    manager = await world.case_manager()
    scene = await scene_of(world, manager)
    async with world.sql(manager) as db:
        driver = await db.driver()
        for sql, arguments in ((sql, given) for each, sql, given in reads(scene) if each == name):
            assert [fault async for fault in faults_if_large(driver, sql, arguments)] == []


@pytest.mark.parametrize(
    ("sql", "arguments"), [(FOR_EACH_ROW, []), (EACH_WITH_EACH, [UUID(int=0)])], ids=["row", "each"]
)
async def test_bad_plan_is_noticed(world: World, sql: str, arguments: list[Any]) -> None:
    async with world.sql(await world.case_manager()) as db:
        assert [fault async for fault in faults_if_large(await db.driver(), sql, arguments)]


async def test_working_list_looks_at_unanswered_referrals_and_not_at_every_inquiry(world: World) -> None:
    """An office has a hundred thousand inquiries, of which a handful wait for an answer."""
    ((sql, arguments),) = ((sql, given) for each, sql, given in reads(NOBODY) if each == "working list")
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute("SET LOCAL enable_seqscan = off")
        assert await indexes_of_inquiries(world.admin, sql, arguments) == {"ix_inquiries_unanswered"}
        await world.admin.execute("DROP INDEX ix_inquiries_unanswered")
        assert await indexes_of_inquiries(world.admin, sql, arguments) != {"ix_inquiries_unanswered"}
    finally:
        await transaction.rollback()


async def indexes_of_inquiries(connection: asyncpg.Connection, sql: str, arguments: list[Any]) -> set[str]:
    """Return by which indexes a statement reads inquiries."""
    plan = orjson.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *arguments))
    return {node.get("Index Name", "") for node in nodes_of(plan) if node.get("Relation Name") == "inquiries"}


async def test_what_lies_behind_a_full_page_is_not_looked_at(world: World) -> None:
    manager = await world.case_manager()
    case_id = UUID(await a_case(world, manager))
    await a_task(world, manager, str(case_id), "2026-06-20")
    async with world.sql(manager) as db:
        driver = await db.driver()
        assert await looked_at(driver, case_id, limit=0) == {"cases"}
        assert await looked_at(driver, case_id, limit=1) == {"cases", "tasks"}


async def looked_at(driver: asyncpg.Connection, case_id: UUID, *, limit: int) -> set[str]:
    """Return which of cases, tasks and contacts a page of this size reads."""
    first = Line()
    page = [first.rank, first.scope, first.key, limit, [case_id], [], False, []]
    plan = await driver.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {GAINED}", *page)
    read = set()
    for node in nodes_of(plan):
        if node["Actual Loops"] and "journal" not in node.get("Subplan Name", ""):
            read.add(node.get("Relation Name"))
    return read & {"cases", "tasks", "contacts"}


def nodes_of(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    nodes = [plan[0]["Plan"]]
    for node in nodes:
        nodes += node.get("Plans", ())
    return nodes


async def looks(driver: asyncpg.Connection, sql: str, arguments: list[Any]) -> Counter[str]:
    """Return how often a plan looks at each table, and asks for the reader's rights (`rights`)."""
    found: Counter[str] = Counter()
    for node in nodes_of(await driver.fetchval(f"EXPLAIN (VERBOSE, FORMAT JSON) {sql}", *arguments)):
        found[node.get("Relation Name", "none")] += 1
        if node.get("Parent Relationship") == "InitPlan":
            found["rights"] += any(re.match(r"\(*my_[a-z_]+\(", each) for each in node.get("Output", ()))
    return found


@pytest.mark.parametrize("name", ASKS)
async def test_read_asks_for_rights_no_more_often_than_it_has_to(world: World, name: str) -> None:
    manager = await world.case_manager()
    scene = await scene_of(world, manager)
    async with world.sql(manager) as db:
        [(sql, given)] = [(sql, given) for each, sql, given in reads(scene) if each == name]
        found = await looks(await db.driver(), sql, given)
    assert found["rights"] <= ASKS[name]
    assert {table: found[table] for table in LOOKED_AT_ONCE.get(name, ())} == dict.fromkeys(
        LOOKED_AT_ONCE.get(name, ()), 1
    )


async def test_second_look_at_a_table_is_noticed(world: World) -> None:
    twice = "SELECT FROM tasks a WHERE id = $1::uuid AND EXISTS (SELECT FROM tasks b WHERE b.title = a.note)"
    async with world.sql(await world.case_manager()) as db:
        found = await looks(await db.driver(), twice, [UUID(int=0)])
    assert (found["tasks"], found["rights"]) == (2, 2)
