"""Asking for an export, releasing it by a second person, putting it aside; and what the recipient does."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import Role
from app.audit import journal
from app.directory.models import Institution
from app.kit.clock import local_date
from app.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound, WrongState
from app.kit.ids import random_id
from app.kit.versions import Expected
from app.organisations.models import Unit
from app.reporting.quarter_asked import require_quarter
from app.state_exports.events import StateExportReleased, StateExportRequested
from app.state_exports.models import StateExport, StateExportFile
from app.state_exports.profile import PROFILE
from app.state_exports.rules import FROZEN, OPEN, RECIPIENT, SENT, State, following
from app.state_exports.schemas import StateExportAcknowledge, StateExportRequest

_RELEASE = "SELECT release_state_export($1, $2)"
_DISCARD = "SELECT discard_state_export($1, $2)"
_OWN = "SELECT is_own_state_export($1)"
_FETCH = "SELECT fetch_state_export($1, $2)"
_SHOWN = "SELECT shown_in_state_export($1)"
_SENT = "SELECT sha256, withdrawals FROM measures_of_fetched_state_exports() WHERE id = $1"
_ACKNOWLEDGE = "SELECT acknowledge_state_export($1, $2)"
_OF_THE_AREA = (State.RELEASED, State.DISCARDED)
_OF_THE_RECIPIENT = (State.FETCHED, State.ACKNOWLEDGED)


async def request_export(ctx: Context, body: StateExportRequest) -> UUID:
    """Ask what would leave; the worker looks.

    422 for a quarter that has not ended or lies before the programme, an unknown unit or another kind of
    recipient; 409 while one is open, for a quarter before one that the recipient has, and while figures of
    another quarter hold. Of the quarter that it has last, withdrawals alone follow, at any time.
    """
    require_quarter(body.quarter, local_date(ctx.now), done="exported")
    await _require_ends(ctx, body)
    await _require_room(ctx, body)
    export = StateExport(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=random_id(),
        profile=PROFILE,
        requested_by=ctx.actor.user_id,
        requested_at=ctx.now,
        **body.model_dump(),
    )
    ctx.db.add(export)
    await journal.record(ctx.db, "state_export.request", "state_export", export.id)
    await ctx.publish(StateExportRequested(export.id))
    return export.id


async def _require_ends(ctx: Context, body: StateExportRequest) -> None:
    if await ctx.db.scalar(select(Unit.id).where(Unit.id == body.unit_id)) is None:
        raise Invalid.at("body.unit_id", "unknown_reference", "There is no such unit.")
    kind = select(Institution.institution_type).where(Institution.id == body.institution_id)
    if await ctx.db.scalar(kind) != RECIPIENT:
        raise Invalid.at(
            "body.institution_id",
            "unknown_reference",
            "There is no such institution with a state-wide database.",
        )


async def _require_room(ctx: Context, body: StateExportRequest) -> None:
    of_both = (StateExport.unit_id == body.unit_id, StateExport.institution_id == body.institution_id)
    if await ctx.db.scalar(select(StateExport.id).where(*of_both, StateExport.state.in_(OPEN))) is not None:
        raise Conflict(
            "Another export of this unit is open: wait until it is fetched and acknowledged, or discard it.",
            code="state_export_open",
        )
    last = await ctx.db.scalar(
        select(func.max(StateExport.quarter)).where(*of_both, StateExport.state.in_(SENT))
    )
    if last == body.quarter:
        return
    if last is not None and body.quarter < last:
        raise Conflict(
            "The recipient has a later quarter, and exports go forward only.", code="state_export_passed"
        )
    holding = select(StateExport.id).where(
        *of_both, StateExport.figures_are_own, StateExport.figures_until > ctx.now
    )
    if await ctx.db.scalar(holding.where(StateExport.quarter != body.quarter)) is not None:
        raise Conflict(
            f"Another quarter of this unit was looked at less than {FROZEN.days} days ago: ask for that one, "
            "or wait until its figures hold no longer.",
            code="state_export_too_soon",
        )


async def release_export(ctx: Context, export_id: UUID, expected: Expected) -> UUID:
    """Let what the dry run told of leave, as a team lead of the unit and never who asked (403)."""
    export = await _export(ctx, export_id, expected)
    require_place(ctx, export.unit_id, Role.TEAM_LEAD)
    if export.requested_by == ctx.actor.user_id:
        raise Forbidden("A second person releases what you asked for.", code="second_person_required")
    driver = await ctx.db.driver()
    if not await driver.fetchval(_RELEASE, export_id, ctx.now):
        raise _wrong(export.state, _OF_THE_AREA)
    await journal.record(ctx.db, "state_export.release", "state_export", export_id)
    await ctx.publish(StateExportReleased(export_id))
    return export_id


async def discard_export(ctx: Context, export_id: UUID, expected: Expected) -> UUID:
    """Put an export aside that the recipient has not fetched; its file is deleted."""
    export = await _export(ctx, export_id, expected)
    driver = await ctx.db.driver()
    if not await driver.fetchval(_DISCARD, export_id, ctx.now):
        raise _wrong(export.state, _OF_THE_AREA)
    await journal.record(ctx.db, "state_export.discard", "state_export", export_id)
    return export_id


async def require_other_hands(ctx: Context, export_id: UUID) -> None:
    """Refuse whoever had the export in hand before, at each call: a repetition is none of the act.

    403 for who asked or released, for a machine of theirs, and for whoever holds a role at a unit.
    """
    await _file(ctx, export_id)
    driver = await ctx.db.driver()
    if await driver.fetchval(_OWN, export_id):
        raise Forbidden(
            "Nobody fetches or acknowledges what they asked for or released, nor by a machine they set up.",
            code="own_export",
        )


async def fetch_export(ctx: Context, export_id: UUID) -> UUID:
    """Take the file, once: from now on it has left, and the disclosure log has everybody in it."""
    file = await _file(ctx, export_id)
    driver = await ctx.db.driver()
    if not await driver.fetchval(_FETCH, export_id, ctx.now):
        if file.fetched_at is None:
            raise Gone("The file was kept no longer. Ask the area for another one.", code="state_export_gone")
        raise _wrong(_state_of(file), _OF_THE_RECIPIENT)
    return export_id


async def note_shown(ctx: Context, export_id: UUID) -> None:
    """Write into the journal whose data the recipient is handed."""
    driver = await ctx.db.driver()
    shown = await driver.fetchval(_SHOWN, export_id)
    await journal.record(
        ctx.db, "state_export.fetch", "state_export", export_id, clients=shown, legal_basis="consent"
    )


async def acknowledge_export(ctx: Context, export_id: UUID, body: StateExportAcknowledge) -> UUID:
    """Write down that the recipient has the file and has deleted whom it names; 409 where that differs."""
    file = await _file(ctx, export_id)
    driver = await ctx.db.driver()
    sent = await driver.fetchrow(_SENT, export_id)
    if sent is not None and body.sha256 != sent["sha256"]:
        raise Conflict("What arrived is not the file that was sent.", code="state_export_differs")
    if sent is not None and body.withdrawals_deleted != sent["withdrawals"]:
        raise Conflict("Delete everybody whom the file names as withdrawn first.", code="withdrawals_left")
    if not await driver.fetchval(_ACKNOWLEDGE, export_id, ctx.now):
        raise _wrong(_state_of(file), _OF_THE_RECIPIENT)
    await journal.record(ctx.db, "state_export.acknowledge", "state_export", export_id)
    return export_id


def _state_of(file: StateExportFile) -> State:
    """Return where an export stands, as its recipient can tell."""
    if file.acknowledged_at is not None:
        return State.ACKNOWLEDGED
    return State.READY if file.fetched_at is None else State.FETCHED


async def _export(ctx: Context, export_id: UUID, expected: Expected) -> StateExport:
    found: StateExport | None = await ctx.db.scalar(select(StateExport).where(StateExport.id == export_id))
    if found is None:
        raise NotFound
    expected.check(found)
    return found


async def _file(ctx: Context, export_id: UUID) -> StateExportFile:
    found: StateExportFile | None = await ctx.db.scalar(
        select(StateExportFile).where(StateExportFile.id == export_id)
    )
    if found is None:
        raise NotFound
    return found


def _wrong(state: str, steps: Iterable[State]) -> WrongState:
    return WrongState(
        "The export is not in a state for this step.", state=state, allowed=following(state, by=steps)
    )
