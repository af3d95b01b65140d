"""Writers commit in another order than they begin, and whoever follows the feed meanwhile misses nothing."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from app.referrals import partner_feed
from tests.referrals.following import Follower
from tests.world import Person, World

WRITERS, STEPS = 6, 100
OLDEST = "pg_snapshot_xmin(pg_current_snapshot())"
NEWEST = "pg_snapshot_xmax(pg_current_snapshot())"
_SEND = """INSERT INTO referral_requests (municipal_area_id, id, institution_id, unit_id, client_pseudonym,
    channel, urgency, state, delivery, requested_at, deadline_at, answer_days)
VALUES ($1, $2, $3, $4, gen_random_uuid(), 'platform', 'normal', 'requested', 'offered', now(), now(), 14)"""
_END = """UPDATE referral_requests SET state = 'revoked' WHERE id = (SELECT id FROM referral_requests
    WHERE municipal_area_id = $1 AND state = 'requested' LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id::text"""


class Writer:
    """A connection with at most one transaction that takes its time."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.transaction: asyncpg.transaction.Transaction | None = None
        self.sent: set[str] = set()
        self.ended: set[str] = set()

    async def write(self, world: World, partner: Person, *, ends: bool) -> None:
        if self.transaction is None:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        if ends:
            self.ended |= {row["id"] for row in await self.connection.fetch(_END, world.area)}
        else:
            one = new_id()
            await self.connection.execute(_SEND, world.area, one, partner.place_id, await world.unit())
            self.sent.add(str(one))

    async def finish(self, *, keep: bool) -> tuple[set[str], set[str]]:
        """Commit or roll back; return what was sent and what ended by that."""
        if self.transaction is None:
            return set(), set()
        await (self.transaction.commit() if keep else self.transaction.rollback())
        done = (self.sent, self.ended) if keep else (set[str](), set[str]())
        self.sent, self.ended, self.transaction = set(), set(), None
        return done


@pytest.fixture
async def writers(database_url: str) -> AsyncIterator[list[Writer]]:
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(WRITERS):
            connection = await asyncpg.connect(database_url)
            stack.push_async_callback(connection.close)
            found.append(Writer(connection))
        yield found


async def wrong(world: World, writers: list[Writer], seed: int) -> set[str]:
    """Play one order of beginnings, ends and readings; return where follower and database differ."""
    chance = random.Random(seed)
    partner = await world.person(Role.PARTNER_USER)
    await world.unit()
    follower = Follower(partner, limit=5)
    sent, ended = set[str](), set[str]()

    async def finish(writer: Writer, *, keep: bool) -> None:
        came, went = await writer.finish(keep=keep)
        sent.update(came)
        ended.update(went)

    await follower.catch_up()
    for _ in range(STEPS):
        writer, what = chance.choice(writers), chance.random()
        if what < 0.5:
            await writer.write(world, partner, ends=chance.random() < 0.3)
        elif what < 0.8:
            await finish(writer, keep=chance.random() < 0.9)
        elif what < 0.9:
            await follower.page()
        else:
            await follower.catch_up()
    for writer in writers:
        await finish(writer, keep=True)
    await follower.catch_up()
    assert len(sent) > STEPS // 5
    assert ended
    return (sent - ended) ^ set(follower.held)


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_missed_whatever_the_order_of_commits(
    world: World, writers: list[Writer], seed: int
) -> None:
    assert await wrong(world, writers, seed) == set()


def by_newest(sql: str) -> str:
    """Return a statement with the newest transaction as the place, as a sequence would be."""
    assert OLDEST in sql
    return sql.replace(OLDEST, NEWEST)


@pytest.mark.parametrize("fault", [by_newest])
async def test_place_that_is_the_newest_number_has_gaps(
    world: World, writers: list[Writer], monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], str]
) -> None:
    for name in ("OPEN", "CHANGED"):
        monkeypatch.setattr(partner_feed, name, fault(getattr(partner_feed, name)))
    found = [await wrong(world, writers, seed) for seed in range(3)]
    assert any(found)


async def test_large_transaction_beyond_an_open_one_is_read_to_its_end(
    world: World, writers: list[Writer]
) -> None:
    """What may come again is more than a page: the reader gets on all the same."""
    partner = await world.person(Role.PARTNER_USER)
    follower = Follower(partner, limit=5)
    await follower.catch_up()
    slow, quick = writers[:2]
    await slow.write(world, partner, ends=False)
    for _ in range(23):
        await quick.write(world, partner, ends=False)
    await quick.finish(keep=True)
    for _ in range(2):
        assert len(await follower.catch_up()) == 23
    await slow.finish(keep=True)
    await follower.catch_up()
    assert len(follower.held) == 24
    assert await follower.catch_up() == []
