"""A page of the feed costs what it shows, whatever lies behind it: read from an index in its order."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.catching_up import NOTHING, NOWHERE
from app.kit.clock import utc_now
from app.referrals.models import IS_OPEN
from app.referrals.partner_feed import CHANGED, OPEN
from app.referrals.rules import SENT_AND_OPEN
from tests.referrals.following import many
from tests.world import World

LIMIT, MANY, OTHERS = 20, 2000, 60
READ = {"referral_requests", "referral_packages"}


async def rows_read(driver: asyncpg.Connection, sql: str, institutions: list[UUID]) -> dict[str, int]:
    """Return how many rows a page reads of each table, those that it throws away included."""
    page = [institutions, "0", NOWHERE, LIMIT, utc_now(), None, NOTHING.snapshot]
    plan = await driver.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *page)
    nodes: list[dict[str, Any]] = [plan[0]["Plan"]]
    found = dict.fromkeys(READ, 0)
    for node in nodes:
        nodes += node.get("Plans", ())
        if node.get("Relation Name") in READ:
            assert node["Node Type"] != "Seq Scan", node
            each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            found[node["Relation Name"]] += round(each * node["Actual Loops"])
    return found


@pytest.mark.parametrize("sql", [OPEN, CHANGED], ids=["everything open", "what changed"])
async def test_page_reads_no_more_than_it_shows(world: World, sql: str) -> None:
    partner = await world.person(Role.PARTNER_USER)
    for number in range(OTHERS):
        await many(world, await world.institution("sozialamt", f"Amt {number}"), 5)
    for state in ("completed", "requested"):
        await many(world, partner.place_id, MANY, state)
    await world.admin.execute("ANALYZE referral_requests, referral_packages")
    async with world.sql(partner) as db:
        found = await rows_read(await db.driver(), sql, [partner.place_id])
    assert found["referral_requests"] <= LIMIT + 1
    assert found["referral_packages"] <= LIMIT


async def test_order_that_no_index_has_reads_everything_and_is_noticed(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    await many(world, partner.place_id, MANY)
    await world.admin.execute("ANALYZE referral_requests, referral_packages")
    worse = CHANGED.replace("ORDER BY q.changed_xid, q.id LIMIT", "ORDER BY q.requested_at, q.id LIMIT")
    async with world.sql(partner) as db:
        found = await rows_read(await db.driver(), worse, [partner.place_id])
    assert found["referral_requests"] >= MANY


def test_what_the_index_holds_open_is_what_the_rules_do() -> None:
    assert {state.strip("'") for state in IS_OPEN.split("(")[1].rstrip(")").split(", ")} == set(SENT_AND_OPEN)
