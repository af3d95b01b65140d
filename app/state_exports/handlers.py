"""The worker's part: looks what would leave, and composes and seals the file once it is released."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.access.context import SystemContext
from app.audit import journal
from app.documents.envelope import new_key, seal_key, sealed
from app.kit.clock import end_of, local_date
from app.kit.events import After, id_in
from app.kit.sealing import FieldKeys
from app.reporting.handlers import Desk
from app.state_exports import dry_run
from app.state_exports.gathering import Gathered, Wanted, gather, take, withdrawn
from app.state_exports.lines import as_file, withdrawal_lines
from app.state_exports.rules import FROZEN, KEPT, MINIMUM, Refusal, State

LEFT_OUT = "SELECT * FROM state_export_left_out($1, $2, $3, $4)"
REPEAT = "SELECT repeat_state_figures($1, $2)"
CHECK = "SELECT check_state_export($1, $2, $3, $4, $5, $6)"
STORE = "SELECT store_state_export($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"


def checking(keys: FieldKeys | None, desk: Desk | None) -> After:
    """Return the handler of `StateExportRequested`; without keys it refuses."""

    async def check_export(ctx: SystemContext, payload: dict[str, Any]) -> None:
        await check_now(ctx, keys, id_in(payload, "export_id"), _at_hand(desk))

    return check_export


def composing(keys: FieldKeys | None, desk: Desk | None) -> After:
    """Return the handler of `StateExportReleased`; without keys it refuses."""

    async def compose_export(ctx: SystemContext, payload: dict[str, Any]) -> None:
        await compose_now(ctx, keys, id_in(payload, "export_id"), _at_hand(desk))

    return compose_export


def _at_hand(desk: Desk | None) -> Desk:
    if desk is None:
        raise RuntimeError("KIM_REPORTING_DATABASE_URL is not set: nobody can tell what may leave")
    return desk


async def check_now(ctx: SystemContext, keys: FieldKeys | None, export_id: UUID, desk: Desk) -> None:
    """Write down what would leave; does nothing for an export that is no longer requested.

    Figures that were computed less than the cool-down ago are told again. Of withdrawals alone nothing is
    told, so there is no cool-down.
    """
    wanted = await _held(ctx, keys, export_id, State.REQUESTED)
    if wanted is None or keys is None:
        return
    driver = await ctx.db.driver()
    if wanted.has_quarter:
        await _say(ctx, export_id, None, dry_run.of_withdrawals_alone(), are_own=False)
    elif not await driver.fetchval(REPEAT, export_id, ctx.now):
        await _compute(ctx, keys, wanted, desk)
    await journal.record(ctx.db, "state_export.check", "state_export", export_id)


async def _compute(ctx: SystemContext, keys: FieldKeys, wanted: Wanted, desk: Desk) -> None:
    found = await gather(ctx, wanted, keys, desk)
    driver = await ctx.db.driver()
    left_out = await driver.fetchrow(
        LEFT_OUT, wanted.unit_id, wanted.institution_id, wanted.quarter.last_day, local_date(ctx.now)
    )
    gone = await withdrawn(ctx, wanted, found.holding)
    figures = dry_run.told(found.lines, len(gone), {**left_out, "held_back": found.held_back})
    await _say(ctx, wanted.export_id, _refusal(wanted, found), figures, are_own=True)


async def compose_now(ctx: SystemContext, keys: FieldKeys | None, export_id: UUID, desk: Desk) -> None:
    """Compose and seal the file of a released export, with the consents of this moment.

    Where they would let something else leave than the bands that were released, there is no file, and nobody
    of the area is told: it would tell that somebody withdrew.
    """
    wanted = await _held(ctx, keys, export_id, State.RELEASED)
    if wanted is None or keys is None:
        return
    found = await gather(ctx, wanted, keys, desk)
    gone = await withdrawn(ctx, wanted, found.holding)
    is_sent = wanted.figures is not None and dry_run.are_as_told(found.lines, wanted.figures)
    await _store(ctx, keys, wanted, found, gone, is_sent=is_sent)
    await journal.record(ctx.db, "state_export.compose", "state_export", export_id)


async def _held(ctx: SystemContext, keys: FieldKeys | None, export_id: UUID, state: State) -> Wanted | None:
    """Return the export, held; none where it is no longer in this state, or is refused for want of keys."""
    wanted = await take(ctx, export_id, state)
    if wanted is not None and (keys is None or keys.naming is None):
        await _say(ctx, export_id, Refusal.NO_KEYS, None, are_own=False)
        return None
    return wanted


def _refusal(wanted: Wanted, found: Gathered) -> Refusal | None:
    """Return why nothing is made: too few persons, unless the recipient has had a file of this unit.

    Then one with withdrawals may have to follow, and a refusal would tell that there are none: the file may
    be empty, which the recipient alone sees.
    """
    return Refusal.TOO_FEW if len(found.lines) < MINIMUM and not wanted.has_had_one else None


async def _store(
    ctx: SystemContext, keys: FieldKeys, wanted: Wanted, found: Gathered, gone: list[str], *, is_sent: bool
) -> None:
    lines = found.lines if len(found.lines) >= MINIMUM else []
    content = as_file([*lines, *withdrawal_lines(gone)])
    key, area, name = new_key(), wanted.area, str(wanted.export_id)
    told = list(found.covered.values()) if lines else []
    driver = await ctx.db.driver()
    await driver.execute(
        STORE,
        wanted.export_id,
        ctx.now,
        ctx.now + KEPT,
        _keep_until(ctx.now, found if lines else None),
        len(content),
        hashlib.sha256(content).hexdigest(),
        seal_key(keys, key, area, name),
        b"".join(sealed(content, key, area, name)) if is_sent else None,
        [str(line["pseudonym"]) for line in lines],
        gone,
        [each.case_id for each in told],
        [each.client_pseudonym for each in told],
        [" ".join(sorted(each.categories)) for each in told],
    )


def _keep_until(now: datetime, found: Gathered | None) -> datetime:
    """Return until when the file waits: no longer than the first consent in it holds."""
    latest = now + KEPT
    if found is None or found.ends_on is None:
        return latest
    return min(latest, end_of(found.ends_on))


async def _say(
    ctx: SystemContext,
    export_id: UUID,
    refusal: Refusal | None,
    figures: Mapping[str, Any] | None,
    *,
    are_own: bool,
) -> None:
    driver = await ctx.db.driver()
    told = None if figures is None else orjson.dumps(figures).decode()
    await driver.execute(CHECK, export_id, ctx.now, refusal, told, ctx.now + FROZEN, are_own)
