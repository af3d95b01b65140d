"""Writers commit in another order than they begin; who catches up misses nothing and hears it once."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from uuid import UUID

import asyncpg
import pytest

from app.kit.catching_up import written_since
from app.kit.ids import new_id
from app.work.sync import queries
from tests.cases.arrange import a_case
from tests.marks import (
    PRESENT,
    bounded_by_newest,
    by_newest,
    by_oldest,
    left_open,
    of_number,
    without_the_list,
)
from tests.work.arrange import a_task
from tests.work.syncing import Phone
from tests.world import World

WRITERS = 6
STEPS = 100
SEEDS = range(2)
TASKS = "FROM tasks t"


_CLIENT = "(SELECT client_id FROM cases WHERE id = $3)"
ROWS: dict[str, tuple[str, ...]] = {
    "task": (
        """INSERT INTO tasks (municipal_area_id, id, case_id, title, due_on, assignee_id, created_by)
        VALUES ($1, $2, $3, 'Anrufen', '2199-01-01', $4, $4)""",
    ),
    "document": (
        f"""INSERT INTO documents (municipal_area_id, id, case_id, client_id, title, category, dated_on,
            source, kind, size_bytes, sha256, is_scanned, blob_id, sealed_key, created_by)
        VALUES ($1, $2, $3, {_CLIENT}, 'Zeugnis', 'other', '2026-01-01', 'upload', 'pdf', 1, 'x', true, $2,
            'x', $4)""",
    ),
    "guardian": (
        f"""INSERT INTO guardians (municipal_area_id, id, client_id, kind, name, scope, evidence)
        VALUES ($1, $2, {_CLIENT}, 'guardian', 'Herr Adler', '{{custody}}', coalesce($4::uuid::text, ''))""",
    ),
    "conference": (
        """INSERT INTO conferences (municipal_area_id, id, case_id, form, occasion, mode, starts_at, minutes,
            client_takes_part, created_by)
        VALUES ($1, $2, $3, 'case_conference', 'Schule', 'phone', '2199-01-01', 60, true, $4)""",
    ),
    "domain_change": (
        """INSERT INTO domain_changes (municipal_area_id, id, case_id, before, after, changed_on,
            days_without, between_domains, opened_at)
        SELECT $1, $2, $3, 'ASYLBLG', 'SGB_II', '2026-01-01', 0, true, now() WHERE $4::uuid IS NOT NULL""",
        """INSERT INTO domain_change_items (municipal_area_id, id, case_id, domain_change_id, position,
            checklist_version, code, side, label_de, label_en, source)
        VALUES ($1, $2, $3, $2, 0, '1', 'account', 'starts', 'Konto', 'Account',
            coalesce($4::uuid::text, ''))""",
    ),
}  # fmt: skip
"""How a row of a kind is written, with area, id, case and user."""


class Writer:
    """A connection with at most one transaction that takes its time."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.transaction: asyncpg.transaction.Transaction | None = None
        self.written: list[str] = []

    async def write(self, world: World, case_id: str, user_id: UUID, kind: str) -> None:
        if self.transaction is None:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        one = new_id()
        for statement in ROWS[kind]:
            await self.connection.execute(statement, world.area, one, UUID(case_id), user_id)
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


async def played(
    world: World, writers: list[Writer], seed: int, kind: str, limit: int
) -> tuple[set[str], list[str]]:
    """Play one order of beginnings, ends and readings with pages of a size.

    Return what was committed and never told, and what was told more than once.
    """
    chance = random.Random(seed)
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    phone, committed, heard = Phone(anna, limit=limit), set[str](), Counter[str]()

    async def listen() -> None:
        heard.update(line["id"] for line in await phone.catch_up())

    await listen()
    for _ in range(STEPS):
        writer = chance.choice(writers)
        what = chance.random()
        if what < 0.5:
            await writer.write(world, case_id, anna.user_id, kind)
        elif what < 0.8:
            committed.update(await writer.end(keep=chance.random() < 0.9))
        else:
            await listen()
    for writer in writers:
        committed.update(await writer.end(keep=True))
    await listen()
    assert {one for held, one in phone.held if held == kind} <= committed
    return committed - heard.keys(), [one for one, times in heard.items() if times > 1]


async def missed(world: World, writers: list[Writer], seed: int, kind: str = "task") -> set[str]:
    """Return what was committed and never told when rounds have many pages."""
    return (await played(world, writers, seed, kind, limit=5))[0]


@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_missed_whatever_the_order_of_commits(
    world: World, writers: list[Writer], seed: int
) -> None:
    assert await missed(world, writers, seed) == set()


@pytest.mark.parametrize("kind", sorted(ROWS.keys() - {"task"}))
async def test_nothing_of_another_kind_is_missed_either(
    world: World, writers: list[Writer], kind: str
) -> None:
    try:
        assert await missed(world, writers, 0, kind) == set()
    finally:  # their keys open nothing
        await world.admin.execute("DELETE FROM documents WHERE sealed_key = 'x'")


def by_time() -> dict[str, str]:
    """Return the statements with a moment as the place, and tasks asked for by the moment of their change."""
    now, changed = (f"floor(extract(epoch FROM {each}) * 1000)::bigint" for each in ("now()", "t.changed_at"))
    right = f"{TASKS} WHERE $12::bool AND true AND (({written_since('t.changed_xid', '$5')})"
    wrong = (
        f"{TASKS} WHERE $12::bool AND true AND ({changed} >= pg_snapshot_xmin($5::pg_snapshot)::text::bigint"
    )
    assert PRESENT in queries.RIGHTS
    assert right in queries.CHANGED
    return {
        "RIGHTS": queries.RIGHTS.replace(PRESENT, of_number(f"({now})::text")),
        "CHANGED": queries.CHANGED.replace(right, wrong),
    }


def sequence_like() -> dict[str, str]:
    """Return the statements with the newest transaction as the place, as a sequence would be."""
    return {"RIGHTS": by_newest(queries.RIGHTS)}


def only_what_began_later() -> dict[str, str]:
    """Return the statements that look only at what began after the mark."""
    return {"CHANGED": bounded_by_newest(queries.CHANGED)}


@pytest.mark.parametrize("fault", [by_time, sequence_like, only_what_began_later])
async def test_place_that_is_a_time_or_the_newest_number_has_gaps(
    world: World, writers: list[Writer], monkeypatch: pytest.MonkeyPatch, fault: Callable[[], dict[str, str]]
) -> None:
    for name, statement in fault().items():
        monkeypatch.setattr(queries, name, statement)
    assert await missed(world, writers, 0)


def told_by_the_oldest() -> dict[str, str]:
    """Return the statements with the oldest running transaction as the place."""
    return {"RIGHTS": by_oldest(queries.RIGHTS)}


def told_without_the_list() -> dict[str, str]:
    """Return the statements that leave nothing out since the oldest transaction of the mark."""
    return {"CHANGED": without_the_list(queries.CHANGED)}


@pytest.mark.parametrize("fault", [told_by_the_oldest, told_without_the_list])
async def test_place_that_is_the_oldest_number_tells_twice(
    world: World, writers: list[Writer], monkeypatch: pytest.MonkeyPatch, fault: Callable[[], dict[str, str]]
) -> None:
    for name, statement in fault().items():
        monkeypatch.setattr(queries, name, statement)
    gone, twice = await played(world, writers, 0, "task", limit=200)
    assert gone == set()
    assert twice


@pytest.mark.parametrize("seed", SEEDS)
async def test_each_change_is_told_once_where_a_round_is_a_page(
    world: World, writers: list[Writer], seed: int
) -> None:
    assert await played(world, writers, seed, "task", limit=200) == (set(), [])


@pytest.mark.parametrize("where", ["database_url", "admin_url"], ids=["here", "in another database"])
async def test_what_came_while_another_transaction_is_open_is_told_once(
    world: World, request: pytest.FixtureRequest, where: str
) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    phone = Phone(anna)
    await phone.catch_up()
    async with left_open(request.getfixturevalue(where)):
        task = await a_task(world, anna, case_id, "2199-01-01")
        newer = await a_case(world, anna)  # a right, and all that comes with it
        told = {line["id"] for line in await phone.catch_up()}
        assert {task, newer} <= told
        assert await phone.catch_up() == []
    assert await phone.catch_up() == []
