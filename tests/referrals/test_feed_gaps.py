"""Writers commit in another order than they begin; a follower misses nothing and hears each thing once."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from app.referrals import partner_feed
from tests.marks import bounded_by_newest, by_newest, by_oldest, left_open, without_the_list
from tests.referrals.following import Follower, many
from tests.world import Person, World

WRITERS, STEPS = 6, 100
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


async def played(world: World, writers: list[Writer], seed: int, limit: int) -> tuple[set[str], list[str]]:
    """Play one order of beginnings, ends and readings with pages of a size.

    Return where follower and database differ, and what was told more than once: each as it was told.
    """
    chance = random.Random(seed)
    partner = await world.person(Role.PARTNER_USER)
    await world.unit()
    follower, told = Follower(partner, limit=limit), Counter[str]()
    sent, ended = set[str](), set[str]()

    async def finish(writer: Writer, *, keep: bool) -> None:
        came, went = await writer.finish(keep=keep)
        sent.update(came)
        ended.update(went)

    async def follow(*, to_the_end: bool) -> None:
        follower.told = []
        while await follower.page() and to_the_end:
            pass
        told.update(f"{each['id']} {each.get('version', 'lost')}" for each in follower.told)

    await follow(to_the_end=True)
    for _ in range(STEPS):
        writer, what = chance.choice(writers), chance.random()
        if what < 0.5:
            await writer.write(world, partner, ends=chance.random() < 0.3)
        elif what < 0.8:
            await finish(writer, keep=chance.random() < 0.9)
        else:
            await follow(to_the_end=what >= 0.9)
    for writer in writers:
        await finish(writer, keep=True)
    await follow(to_the_end=True)
    assert len(sent) > STEPS // 5
    assert ended
    return (sent - ended) ^ set(follower.held), [each for each, times in told.items() if times > 1]


async def wrong(world: World, writers: list[Writer], seed: int) -> set[str]:
    """Return where follower and database differ when rounds have many pages."""
    return (await played(world, writers, seed, limit=5))[0]


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_missed_whatever_the_order_of_commits(
    world: World, writers: list[Writer], seed: int
) -> None:
    assert await wrong(world, writers, seed) == set()


@pytest.mark.parametrize("seed", range(3))
async def test_each_change_is_told_once_where_a_round_is_a_page(
    world: World, writers: list[Writer], seed: int
) -> None:
    assert await played(world, writers, seed, limit=200) == (set(), [])


def plant(monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], str]) -> None:
    for name in ("OPEN", "CHANGED"):
        monkeypatch.setattr(partner_feed, name, fault(getattr(partner_feed, name)))


@pytest.mark.parametrize("fault", [by_newest, bounded_by_newest])
async def test_place_that_is_the_newest_number_has_gaps(
    world: World, writers: list[Writer], monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], str]
) -> None:
    plant(monkeypatch, fault)
    found = [await wrong(world, writers, seed) for seed in range(3)]
    assert any(found)


@pytest.mark.parametrize("fault", [by_oldest, without_the_list])
async def test_place_that_is_the_oldest_number_tells_twice(
    world: World, writers: list[Writer], monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], str]
) -> None:
    plant(monkeypatch, fault)
    missed, twice = await played(world, writers, 0, limit=200)
    assert missed == set()
    assert twice


@pytest.mark.parametrize("where", ["database_url", "admin_url"], ids=["here", "in another database"])
async def test_what_came_while_another_transaction_is_open_is_told_once(
    world: World, request: pytest.FixtureRequest, where: str
) -> None:
    partner = await world.person(Role.PARTNER_USER)
    follower = Follower(partner)
    async with left_open(request.getfixturevalue(where)) as begun:
        await many(world, partner.place_id, 3)
        oldest = "SELECT min(changed_xid::text::int8) FROM referral_requests WHERE institution_id = $1"
        assert await world.admin.fetchval(oldest, partner.place_id) > begun
        assert len(await follower.catch_up()) == 3
        assert await follower.catch_up() == []
        await many(world, partner.place_id, 2)
        assert len(await follower.catch_up()) == 2
    assert await follower.catch_up() == []


async def test_what_changes_while_a_round_of_pages_is_read_may_come_twice_and_never_too_late(
    world: World,
) -> None:
    partner = await world.person(Role.PARTNER_USER)
    await many(world, partner.place_id, 6)
    follower = Follower(partner, limit=5)
    assert await follower.page()
    (last,) = await world.admin.fetch(
        """UPDATE referral_requests SET state = 'revoked' WHERE institution_id = $1 AND id <> ALL ($2)
        RETURNING id::text""",
        partner.place_id, [UUID(each) for each in follower.held],
    )  # fmt: skip
    assert not await follower.page()
    assert last["id"] not in follower.held
    assert await follower.catch_up() == [{"id": last["id"], "lost": True}]


async def test_large_transaction_beyond_an_open_one_is_read_to_its_end(
    world: World, writers: list[Writer]
) -> None:
    """What lies beyond it is more than a page: the reader gets on all the same, and hears it once."""
    partner = await world.person(Role.PARTNER_USER)
    follower = Follower(partner, limit=5)
    await follower.catch_up()
    slow, quick = writers[:2]
    await slow.write(world, partner, ends=False)
    for _ in range(23):
        await quick.write(world, partner, ends=False)
    await quick.finish(keep=True)
    assert len(await follower.catch_up()) == 23
    assert await follower.catch_up() == []
    await slow.finish(keep=True)
    assert len(await follower.catch_up()) == 1
    assert len(follower.held) == 24
    assert await follower.catch_up() == []
