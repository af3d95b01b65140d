"""How many statements a working day takes: one for the answer, one more where a case has to be one's own."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import orjson

from app.kit.clock import local_date, utc_now
from app.work.working_list.groups import GROUPS
from app.work.working_list.queries import BEFORE_EVERYTHING, STATEMENT
from tests.cases.arrange import a_case
from tests.cases.test_statements import Watched, watched
from tests.work.test_timeline import timeline
from tests.work.test_working_list import work

__all__ = ["watched"]


async def test_working_list_takes_one_statement_however_much_is_due(watched: Watched) -> None:
    manager = await watched.world.case_manager()
    for number in range(3):
        case_id = await a_case(watched.world, manager)
        watched.take()
        assert len((await work(manager))["groups"]) == len(GROUPS)
        assert watched.take() == ["BEGIN", "SELECT", "WITH", "COMMIT"], number
        made = await manager.post(f"/v1/cases/{case_id}/tasks", {"title": "Neu", "due_on": "2199-01-01"})
        assert made.status_code == 201


async def test_timeline_takes_one_statement_and_the_question_whose_case_it_is(watched: Watched) -> None:
    manager = await watched.world.case_manager()
    case_id = await a_case(watched.world, manager)
    watched.take()
    assert (await timeline(manager, case_id))["items"]
    assert watched.take() == ["BEGIN", "SELECT", "SELECT", "WITH", "COMMIT"]


FOUND_AGAIN = """WITH mine AS MATERIALIZED (SELECT id, client_id FROM cases WHERE municipal_area_id = ''),
due AS MATERIALIZED (SELECT t.case_id
    FROM mine m JOIN tasks t ON t.municipal_area_id = '' AND t.case_id = m.id)
SELECT FROM due t JOIN mine m ON m.id = t.case_id"""
"""A planted fault: the case of each thing due is looked for among all cases."""


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _sides(join: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (each for each in join["Plans"] if each["Parent Relationship"] in {"Outer", "Inner"})


def _lowest(node: dict[str, Any]) -> str:
    while node["Node Type"] in {"Hash", "Sort", "Materialize"}:
        node = node["Plans"][0]
    return str(node["Node Type"])


async def _joins_of_what_was_read(admin: asyncpg.Connection, sql: str, *arguments: Any) -> list[str]:
    plan = orjson.loads(await admin.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *arguments))
    return [
        node["Node Type"]
        for node in _nodes(plan[0]["Plan"])
        if "Join Type" in node and {_lowest(each) for each in _sides(node)} == {"CTE Scan"}
    ]


async def test_a_thing_due_brings_its_case_along_and_does_not_look_for_it(admin: asyncpg.Connection) -> None:
    arguments = [local_date(utc_now()), utc_now(), 6, list(GROUPS), *BEFORE_EVERYTHING, 20, 8, 14]
    assert await _joins_of_what_was_read(admin, STATEMENT, *arguments) == []
    assert await _joins_of_what_was_read(admin, FOUND_AGAIN) != []
