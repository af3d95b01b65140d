"""The mark of a reader: which transactions it knows to have ended, its length, and what is refused."""

from datetime import UTC, datetime
from random import Random
from uuid import UUID

import asyncpg
import pytest

from app.kit.catching_up import (
    LONGEST_CURSOR,
    MOST_RUNNING,
    MOST_TRANSACTIONS,
    NOW,
    Line,
    Mark,
    NotACursor,
    Place,
    Snapshot,
    decode,
    encode,
    refuse_outdated,
    written_since,
)
from app.kit.errors import Gone

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LAST = datetime(2199, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
EPOCH = "0123456789ab"
TOLD = f"SELECT id FROM changed_rows WHERE {written_since('changed_xid', '$1')} ORDER BY id"


def marked(snapshot: Snapshot) -> Mark:
    return Mark.of({"snapshot": snapshot, "at": AT})


def test_mark_comes_back_from_its_cursor() -> None:
    for running in ((), (7,), (7, 8, 20), tuple(range(7, 7 + MOST_RUNNING))):
        mark = marked((7, 10**6, running))
        place = Place(mark, marked((7, 10**6 + 1, running)), Line(3, UUID(int=1), UUID(int=2)))
        assert decode(encode(place, EPOCH, "me"), "me") == (place, EPOCH)


def widest(chance: Random) -> Mark:
    """Return a mark whose numbers lie as far apart as numbers of transactions can."""
    running = sorted(chance.sample(range(2, MOST_TRANSACTIONS - 1), MOST_RUNNING))
    return Mark(2, MOST_TRANSACTIONS, tuple(running), LAST)


@pytest.mark.parametrize("seed", range(20))
def test_longest_cursor_fits_its_parameter(seed: int) -> None:
    chance = Random(seed)
    last = Line(MOST_TRANSACTIONS, UUID(int=2**128 - 1), UUID(int=2**128 - 1))
    cursor = encode(Place(widest(chance), widest(chance), last), EPOCH, "me")
    assert LONGEST_CURSOR // 2 < len(cursor) <= LONGEST_CURSOR
    assert decode(cursor, "me", ranks=MOST_TRANSACTIONS)[0].last == last


def test_what_a_mark_has_no_room_for_counts_as_not_ended() -> None:
    running = tuple(range(10, 10 + 3 * MOST_RUNNING, 3))
    assert marked((10, 500, running)).snapshot == (10, 500, running)
    more = (*running, 400, 450)
    assert marked((10, 500, more)).snapshot == (10, 400, running)


@pytest.mark.parametrize("seed", range(5))
def test_cut_mark_never_lies_behind_one_from_before_it(seed: int) -> None:
    """A reader whose place seems to lie ahead would be sent back to the beginning."""
    chance, following, running = Random(seed), 100, set[int]()
    before = marked((100, 100, ()))
    for _ in range(400):
        if running and chance.random() < 0.45:
            running.remove(chance.choice(sorted(running)))
        else:
            running.add(following)
            following += 1
        now = marked((min(running, default=following), following, tuple(sorted(running))))
        assert not before.is_after(now)
        before = now
    assert following > 100 + MOST_RUNNING


@pytest.mark.parametrize(
    ("since", "now"),
    [((9, 9, ()), (8, 9, (8,))), ((8, 10, (8,)), (8, 9, (8,)))],
    ids=["oldest", "next"],
)
def test_mark_that_knows_what_has_not_begun_is_from_before_a_restore(since: Snapshot, now: Snapshot) -> None:
    place, present = Place(marked(since)), marked(now)
    refuse_outdated(Place(present), EPOCH, present, EPOCH)
    with pytest.raises(Gone):
        refuse_outdated(place, EPOCH, present, EPOCH)


def test_marks_that_no_database_gives_are_no_cursor() -> None:
    for wrong in (
        Mark(0, 5, (), AT),
        Mark(5, 4, (), AT),
        Mark(5, 9, (9,), AT),
        Mark(5, 9, (4,), AT),
        Mark(5, 9, (6, 6), AT),
        Mark(5, 9, (7, 6), AT),
        Mark(5, MOST_TRANSACTIONS + 1, (), AT),
        Mark(5, 900, tuple(range(5, 6 + MOST_RUNNING)), AT),
    ):
        with pytest.raises(NotACursor):
            decode(encode(Place(wrong), EPOCH, "me"), "me")


async def test_what_ends_later_is_told_once_also_from_inside_savepoints(database_url: str) -> None:
    reader, slow, quick = [await asyncpg.connect(database_url) for _ in range(3)]

    async def mark() -> Mark:
        row = await reader.fetchrow(f"SELECT {NOW}")
        assert row is not None
        return Mark.of(row)

    async def told(since: Mark) -> list[int]:
        return [row["id"] for row in await reader.fetch(TOLD, since.snapshot)]

    try:
        await reader.execute(
            "CREATE TABLE changed_rows (id int, changed_xid xid8 DEFAULT pg_current_xact_id())"
        )
        begin = await mark()
        async with slow.transaction():
            await slow.execute("INSERT INTO changed_rows VALUES (1)")
            async with slow.transaction():
                await slow.execute("INSERT INTO changed_rows VALUES (2)")
            await quick.execute("INSERT INTO changed_rows VALUES (3)")
            assert await told(begin) == [3]
            meanwhile = await mark()
            assert await told(meanwhile) == []
        assert await told(meanwhile) == [1, 2]
        assert await told(await mark()) == []
    finally:
        await reader.execute("DROP TABLE IF EXISTS changed_rows")
        for connection in (reader, slow, quick):
            await connection.close()
