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


async def missed(world: World, writers: list[Writer], seed: int, kind: str = "task") -> set[str]:
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
            await writer.write(world, case_id, anna.user_id, kind)
        elif what < 0.8:
            committed.update(await writer.end(keep=chance.random() < 0.9))
        else:
            await listen()
    for writer in writers:
        committed.update(await writer.end(keep=True))
    await listen()
    assert {one for held, one in phone.held if held == kind} <= committed
    return committed - heard


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
    right = f"{TASKS} WHERE $12::bool AND true AND (t.changed_xid >= $5::text::xid8"
    wrong = f"{TASKS} WHERE $12::bool AND true AND ({changed} >= $5::text::bigint"
    assert OLDEST in queries.RIGHTS
    assert right in queries.CHANGED
    return {
        "RIGHTS": queries.RIGHTS.replace(OLDEST, f"({now})"),
        "CHANGED": queries.CHANGED.replace(right, wrong),
    }


def by_newest() -> dict[str, str]:
    """Return the statements with the newest transaction as the place, as a sequence would be."""
    assert OLDEST in queries.RIGHTS
    return {"RIGHTS": queries.RIGHTS.replace(OLDEST, NEWEST)}


@pytest.mark.parametrize("fault", [by_time, by_newest])
async def test_place_that_is_a_time_or_the_newest_number_has_gaps(
    world: World, writers: list[Writer], monkeypatch: pytest.MonkeyPatch, fault: Callable[[], dict[str, str]]
) -> None:
    for name, statement in fault().items():
        monkeypatch.setattr(queries, name, statement)
    assert await missed(world, writers, 0)
