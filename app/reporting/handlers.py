"""The worker's part: computes a requested release and stores what may be shown, or only the refusal.

Figures are read as the reporting role, the rest is done as the worker; neither can do the other's part.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import orjson

from app.access.context import SystemContext
from app.audit import journal
from app.kit.database import Database, Db
from app.kit.events import After, id_in
from app.protection import Known, Rules
from app.reporting.apart import compute_apart
from app.reporting.figures import read_figures
from app.reporting.ledger import read_key
from app.reporting.material import Computed, Material
from app.reporting.parts import Figures, Part
from app.reporting.rules import Quarter, Refusal

Compute = Callable[[AsyncIterator[Material | Part]], Coroutine[Any, Any, Computed | Refusal]]
Result = TypeVar("Result")

_PULSE_SECONDS = 10.0
"""The database ends transactions that say nothing for 30 seconds."""

_WANTED = """SELECT r.quarter, r.detail, a.name AS area FROM releases r
JOIN municipal_areas a ON a.id = r.municipal_area_id WHERE r.id = $1 AND r.state = 'requested'"""
_KNOWN = """SELECT key, max(value) AS value, max(persons) AS persons FROM ledger
WHERE year = $1 GROUP BY key ORDER BY key"""
_DISCLOSED = "SELECT pseudonym::text FROM persons_at_state_databases()"
_IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('state_lines:' || ctx_area(), 0))"
_LOCK = "SELECT 1 FROM releases WHERE id = $1 AND state = 'requested' FOR UPDATE"
_REFUSE = "UPDATE releases SET state = 'refused', refusal = $2, computed_at = $3 WHERE id = $1"
_FINISH = """UPDATE releases
SET state = 'computed', computed_at = $2, content_de = $3, content_en = $4, sha256 = $5 WHERE id = $1"""
_CELLS = """INSERT INTO release_cells (municipal_area_id, release_id, table_name, position, key, codes,
    status, value, persons_status, persons)
SELECT ctx_area(), $1, t.name, t.position, t.key, string_to_array(t.codes, '|'), t.status, t.value,
    t.persons_status, t.persons
FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::int[])
    AS t(name, position, key, codes, status, value, persons_status, persons)"""
_TABLES = """INSERT INTO release_tables
(municipal_area_id, release_id, name, is_public, json_de, json_en, csv_de, csv_en)
VALUES (ctx_area(), $1, $2, $3, $4, $5, $6, $7)"""
_LEARN = """INSERT INTO ledger (municipal_area_id, year, key, release_id, value, persons)
SELECT ctx_area(), $1, t.key, $2, t.value, t.persons
FROM unnest($3::text[], $4::int[], $5::int[]) AS t(key, value, persons)"""


class LinesWereAdded(Exception):
    """A state-wide database gets lines that a computation did not know of; the outbox tries again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a computation needs beside the worker's transaction."""

    reporting: Database
    """The pool of the reporting role."""
    rules: Rules
    compute: Compute = compute_apart


def reporting_handler(desk: Desk | None) -> After:
    """Return the worker's handler of `ReleaseRequested`; without a desk (in the API) it only has a name."""

    async def compute_release(ctx: SystemContext, payload: dict[str, Any]) -> None:
        if desk is None:
            raise RuntimeError("KIM_REPORTING_DATABASE_URL is not set: no release can be computed")
        await compute_now(ctx, desk, id_in(payload, "release_id"))

    return compute_release


async def compute_now(ctx: SystemContext, desk: Desk, release_id: UUID) -> None:
    """Compute a requested release and store it; does nothing for one that is no longer requested."""
    driver = await ctx.db.driver()
    wanted = await driver.fetchrow(_WANTED, release_id)
    if wanted is None:
        return
    quarter = Quarter.parse(wanted["quarter"])
    disclosed = await disclosed_persons(ctx.db)
    begin = partial(
        Material,
        release_id=str(release_id),
        municipal_area_id=ctx.municipal_area_id,
        area_name=wanted["area"],
        quarter=quarter,
        detail=wanted["detail"],
        known=await _known(ctx.db, quarter.year),
        rules=desk.rules,
    )
    async with aclosing(read_figures(desk.reporting, ctx.municipal_area_id, quarter, disclosed)) as read:
        found = await _with_a_pulse(ctx.db, desk.compute(_begun(begin, read)))
    if await driver.fetchval(_LOCK, release_id) is None:
        return
    await take_turn(ctx.db)
    if not await disclosed_persons(ctx.db) <= disclosed:
        raise LinesWereAdded("lines were composed meanwhile, against which nothing was proved")
    if isinstance(found, Refusal):
        await driver.execute(_REFUSE, release_id, found, ctx.now)
    else:
        await _store(ctx, release_id, quarter, found)
    await journal.record(ctx.db, "release.compute", "release", release_id)


async def disclosed_persons(db: Db) -> frozenset[str]:
    """Return the persons of whom state-wide databases have lines, or may fetch some, by their pseudonyms."""
    driver = await db.driver()
    return frozenset(row["pseudonym"] for row in await driver.fetch(_DISCLOSED))


async def take_turn(db: Db) -> None:
    """Let nobody else store a release or lines of this area until the transaction ends."""
    driver = await db.driver()
    await driver.execute(_IN_TURN)


async def _begun(
    begin: Callable[..., Material], read: AsyncIterator[Figures | Part]
) -> AsyncIterator[Material | Part]:
    """Return the material with the size of the area, and then each part as it is read."""
    async for each in read:
        yield begin(figures=each) if isinstance(each, Figures) else each


async def _known(db: Db, year: int) -> tuple[Known, ...]:
    driver = await db.driver()
    rows = await driver.fetch(_KNOWN, year)
    return tuple(Known(read_key(row["key"]), row["value"], row["persons"]) for row in rows)


async def _with_a_pulse(db: Db, work: Awaitable[Result]) -> Result:
    """Wait for work without letting the transaction fall asleep."""
    driver = await db.driver()
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=_PULSE_SECONDS))[0]:
            await driver.execute("SELECT 1")
        return task.result()
    finally:
        task.cancel()


async def _store(ctx: SystemContext, release_id: UUID, quarter: Quarter, found: Computed) -> None:
    """Write cells, renderings and what the ledger learns, in the worker's transaction."""
    driver = await ctx.db.driver()
    columns = [
        (name, place, key, "|".join(cell.codes), cell.units.status.value, cell.units.value,
         cell.persons and cell.persons.status.value, cell.persons and cell.persons.value)
        for name, place, key, cell in found.cells
    ]  # fmt: skip
    await driver.execute(_CELLS, release_id, *map(list, zip(*columns, strict=True)))
    await driver.executemany(
        _TABLES,
        [
            (release_id, each.name, each.is_public, each.json_de, each.json_en, each.csv_de, each.csv_en)
            for each in found.rendered
        ],
    )
    if found.learned:
        learned = map(list, zip(*found.learned, strict=True))
        await driver.execute(_LEARN, quarter.year, release_id, *learned)
    contents = (orjson.dumps(each).decode() for each in (found.content_de, found.content_en))
    await driver.execute(_FINISH, release_id, ctx.now, *contents, found.sha256)
