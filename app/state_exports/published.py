"""Reads, as the worker and the reporting role, what was published and whom it counts: who may be told of.

All of it before consents are held, since it can take long: who consents meanwhile waits for the next file.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.access.context import SystemContext
from app.kit.database import System
from app.protection import Known
from app.reporting.handlers import Desk, LinesWereAdded, disclosed_persons, take_turn
from app.reporting.ledger import read_key
from app.reporting.rules import Quarter
from app.reporting.subjects.every import SUBJECTS
from app.state_exports.subtraction import Counted, counted, held_back

_TOLD = "SELECT key, max(value) AS value FROM ledger GROUP BY year, key ORDER BY year, key"
_ASKING = "SELECT pseudonym::text FROM persons_for_state_export($1, $2, $3)"
_IN_LINES = tuple(each for each in SUBJECTS if each.is_in_lines)

Told = Mapping[Quarter, Sequence[Known]]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Of whom lines may leave, and what that rests on."""

    persons: frozenset[str]
    disclosed: frozenset[str]
    told: Told


async def allowed_persons(
    ctx: SystemContext, desk: Desk, unit_id: UUID, institution_id: UUID, quarter: Quarter
) -> Allowed:
    """Return of whom lines may leave: without them few others are left of no figure of any release.

    Who stays back for one figure stays back for all, so it is enough to look at each once.
    """
    driver = await ctx.db.driver()
    disclosed = await disclosed_persons(ctx.db)
    told = await _told(ctx)
    rows = await driver.fetch(_ASKING, unit_id, institution_id, quarter.last_day)
    asking = frozenset(row["pseudonym"] for row in rows)
    async for each in _every(ctx, desk, told, quarter):
        asking -= await asyncio.to_thread(held_back, each, disclosed, asking, desk.rules)
    return Allowed(disclosed | asking, disclosed, told)


async def hold_what_it_rests_on(ctx: SystemContext, allowed: Allowed) -> None:
    """Let no release and no other lines come in between; raise where some came already."""
    await take_turn(ctx.db)
    if not await disclosed_persons(ctx.db) <= allowed.disclosed or await _told(ctx) != allowed.told:
        raise LinesWereAdded("a release or lines came meanwhile, which were not looked at")


async def _told(ctx: SystemContext) -> Told:
    driver = await ctx.db.driver()
    found: dict[Quarter, list[Known]] = defaultdict(list)
    for row in await driver.fetch(_TOLD):
        key = read_key(row["key"])
        if any(subject.owns(key) for subject in _IN_LINES):
            found[Quarter.parse(dict(key)["quarter"])].append(Known(key, row["value"]))
    return dict(found)


async def _every(ctx: SystemContext, desk: Desk, told: Told, quarter: Quarter) -> AsyncIterator[Counted]:
    """Yield what each subject counts in each quarter that was released, and in the one of the lines."""
    ours = await ctx.db.driver()
    for each in sorted({*told, quarter}):
        for subject in _IN_LINES:
            async with desk.reporting.transaction(System(ctx.municipal_area_id)) as db:
                further = await subject.read(await db.driver(), each)
            await ours.execute("SELECT 1")  # the database ends transactions that say nothing
            yield counted(
                subject, each, further, [cell for cell in told.get(each, ()) if subject.owns(cell.key)]
            )
