"""Writers commit in another order than they begin, and a reader who catches up meanwhile misses nothing."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from uuid import UUID

import asyncpg
import pytest

from app.kit.ids import new_id
from app.work.sync import queries
from tests.cases.arrange import a_case
from tests.work.syncing import Phone
from tests.world import World

WRITERS = 6
STEPS = 100
SEEDS = range(2)
NEWEST = "pg_snapshot_xmax(pg_current_snapshot())"
OLDEST = "pg_snapshot_xmin(pg_current_snapshot())"
TASKS = "FROM tasks t"


class Writer:
    """A connection with at most one transaction that takes its time."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.transaction: asyncpg.transaction.Transaction | None = None
        self.written: list[str] = []

    async def write(self, world: World, case_id: str, user_id: UUID) -> None:
        if self.transaction is None:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        one = new_id()
        await self.connection.execute(
            """INSERT INTO tasks (municipal_area_id, id, case_id, title, due_on, assignee_id, created_by)
            VALUES ($1, $2, $3, 'Anrufen', '2199-01-01', $4, $4)""",
            world.area,
            one,
            UUID(case_id),
            user_id,
        )
        self.written.append(str(one))

    async def end(self, *, keep: bool) -> list[str]:
        """Commit or roll back; return what is there now."""
        if self.transaction is None:
            return []
        await (self.transaction.commit() if keep else self.transaction.rollback())
        kept, self.written, self.transaction = self.written if keep else [], [], None
        return kept


@pytest.fixture
async def writers(database_url: str) -> AsyncIterator[list[Writer]]:
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(WRITERS):
            connection = await asyncpg.connect(database_url)
            stack.push_async_callback(connection.close)
            found.append(Writer(connection))
        yield found


async def missed(world: World, writers: list[Writer], seed: int) -> set[str]:
    """Play one order of beginnings, ends and readings; return what was committed and never told."""
    chance = random.Random(seed)
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    phone, committed, heard = Phone(anna, limit=5), set[str](), set[str]()

    async def listen() -> None:
        heard.update(line["id"] for line in await phone.catch_up())

    await listen()
    for _ in range(STEPS):
        writer = chance.choice(writers)
        what = chance.random()
        if what < 0.5:
            await writer.write(world, case_id, anna.user_id)
        elif what < 0.8:
            committed.update(await writer.end(keep=chance.random() < 0.9))
        else:
            await listen()
    for writer in writers:
        committed.update(await writer.end(keep=True))
    await listen()
    assert {one for kind, one in phone.held if kind == "task"} <= committed
    return committed - heard


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_missed_whatever_the_order_of_commits(
    world: World, writers: list[Writer], seed: int
) -> None:
    assert await missed(world, writers, seed) == set()


def by_time(statement: str) -> str:
    """Return the statement with tasks asked for by the moment of their change."""
    tasks = f"{TASKS} WHERE (t.changed_xid >= $1::text::xid8)"
    assert tasks in statement
    return statement.replace(tasks, f"{TASKS} WHERE (t.changed_at >= $2::timestamptz)")


def by_newest(statement: str) -> str:
    """Return the statement with the newest transaction as the place, as a sequence would be."""
    assert OLDEST in statement
    return statement.replace(OLDEST, NEWEST)


@pytest.mark.parametrize("fault", [by_time, by_newest])
async def test_place_that_is_a_time_or_the_newest_number_has_gaps(
    world: World, writers: list[Writer], monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], str]
) -> None:
    monkeypatch.setattr(queries, "STATEMENT", fault(queries.STATEMENT))
    assert await missed(world, writers, 0)
