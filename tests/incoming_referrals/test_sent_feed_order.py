"""Writers commit in another order than they begin; and a page costs what it shows, whatever lies behind."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from app.access.roles import Role
from app.incoming_referrals import sent_feed
from app.kit.catching_up import NOTHING, NOWHERE
from tests.incoming_referrals.sending import follower, many_sent
from tests.marks import bounded_by_newest, by_newest, by_oldest, left_open, without_the_list
from tests.world import Person, World

LIMIT, MANY, OTHERS = 20, 10_000, 60


async def told_apart(world: World, partner: Person, database_url: str) -> tuple[int, int, int]:
    """Let one send, another send and commit, and then the first one commit.

    Return how many lines a program is told before that, again before it, and after it.
    """
    program = follower(partner)
    await program.catch_up()
    slow = await asyncpg.connect(database_url)
    try:
        async with slow.transaction():
            await many_sent(world, partner, 1, slow)
            await many_sent(world, partner, 2)
            before, again = len(await program.catch_up()), len(await program.catch_up())
    finally:
        await slow.close()
    return before, again, len(await program.catch_up())


async def test_who_commits_late_is_told_of_and_nobody_twice(world: World, database_url: str) -> None:
    partner = await world.person(Role.PARTNER_USER)
    assert await told_apart(world, partner, database_url) == (2, 0, 1)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (by_newest, (2, 0, 0)),
        (bounded_by_newest, (2, 0, 0)),
        (by_oldest, (2, 2, 3)),
        (without_the_list, (2, 2, 3)),
    ],
    ids=["newest", "bounded by the newest", "oldest", "without the list"],
)
async def test_another_place_would_miss_some_or_tell_some_twice(
    world: World,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[str], str],
    told: tuple[int, int, int],
) -> None:
    partner = await world.person(Role.PARTNER_USER)
    monkeypatch.setattr(sent_feed, "CHANGED", fault(sent_feed.CHANGED))
    assert await told_apart(world, partner, database_url) == told


async def test_another_database_makes_nothing_come_again(world: World, admin_url: str) -> None:
    partner = await world.person(Role.PARTNER_USER)
    program = follower(partner)
    await program.catch_up()
    async with left_open(admin_url):
        await many_sent(world, partner, 3)
        assert len(await program.catch_up()) == 3
        assert await program.catch_up() == []


async def rows_read(world: World, partner: Person, sql: str) -> int:
    """Return how many referrals a page reads, those that it throws away included."""
    async with world.sql(partner) as db:
        driver = await db.driver()
        page = ([partner.place_id], "1", NOWHERE, LIMIT, NOTHING.snapshot)
        plan = await driver.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", *page)
    nodes: list[dict[str, Any]] = [plan[0]["Plan"]]
    found = 0
    for node in nodes:
        nodes += node.get("Plans", ())
        if node.get("Relation Name") == "incoming_referrals":
            each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            found += round(each * node["Actual Loops"])
    return found


async def test_page_reads_no_more_than_it_shows(world: World) -> None:
    partner = await world.person(Role.PARTNER_USER)
    for number in range(OTHERS):
        other = await world.institution("sozialamt", f"Amt {number}")
        await many_sent(world, partner, 5, institution=other)
    await many_sent(world, partner, MANY)
    await world.admin.execute("ANALYZE incoming_referrals")
    assert await rows_read(world, partner, sent_feed.CHANGED) == LIMIT + 1
    worse = sent_feed.CHANGED.replace("ORDER BY q.changed_xid, q.id LIMIT", "ORDER BY q.sha256, q.id LIMIT")
    assert await rows_read(world, partner, worse) >= MANY
