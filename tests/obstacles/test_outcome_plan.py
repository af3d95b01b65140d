"""Whoever asks what became of their barriers looks at their own reports, not at all of the area."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import orjson

from tests.world import World

BODY = "SELECT prosrc FROM pg_proc WHERE proname = 'my_outcomes'"
OF_OTHERS = """INSERT INTO barrier_figures (municipal_area_id, unit_id, id, report_id, reported_on, year,
    quarter, person_key, household_key, contributor_id, barrier_type, barrier_category, is_sensitive, effect,
    residence_group, nationality_group, sex)
SELECT $1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), DATE '2025-02-03', 2025,
    '2025Q1', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'C1', 'C', false, 'delay',
    'duldung', 'syria', 'w'
FROM generate_series(1, 5000)"""


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes_of(below)


async def reads_of_reports(admin: asyncpg.Connection) -> list[str]:
    """Return by which indexes reports are found."""
    body = (await admin.fetchval(BODY)).partition("RETURN ARRAY(")[2].partition(");\nEND")[0]
    (plan,) = orjson.loads(await admin.fetchval(f"EXPLAIN (FORMAT JSON) {body}"))
    found = (node for node in nodes_of(plan["Plan"]) if "contributor_id" in f"{node.get('Index Cond')}")
    return [node["Index Name"] for node in found]


async def test_ones_own_reports_are_found_by_an_index(world: World) -> None:
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute("SET LOCAL session_replication_role = replica")
        await world.admin.execute(OF_OTHERS, world.area)
        await world.admin.execute("ANALYZE barrier_figures")
        await world.admin.execute("SELECT set_config('kim.area', $1, true)", world.area)
        assert await reads_of_reports(world.admin) == ["ix_barrier_figures_contributor"]
        await world.admin.execute("DROP INDEX ix_barrier_figures_contributor")
        assert await reads_of_reports(world.admin) == []
    finally:
        await transaction.rollback()
