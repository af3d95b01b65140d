"""Asking for a release, publishing it by a second person, putting it aside."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.audit import journal
from app.kit.clock import local_date
from app.kit.errors import Conflict, Forbidden, NotFound, WrongState
from app.kit.ids import random_id
from app.kit.versions import Expected
from app.reporting.events import ReleasePublished, ReleaseRequested
from app.reporting.models import Release
from app.reporting.quarter_asked import require_quarter
from app.reporting.rules import OPEN, Quarter, State, following
from app.reporting.schemas import ReleaseRequest

_PUBLISH = "SELECT publish_release($1, $2)"
_DISCARD = "SELECT discard_release($1)"


async def request_release(ctx: Context, body: ReleaseRequest) -> UUID:
    """Ask for a release; the worker computes it.

    422 for a quarter that has not ended or lies before the programme; 409 while another one is open, or
    when the quarter has one.
    """
    require_quarter(body.quarter, local_date(ctx.now), done="released")
    await _require_room(ctx, body.quarter)
    release = Release(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=random_id(),
        requested_by=ctx.actor.user_id,
        requested_at=ctx.now,
        **body.model_dump(),
    )
    ctx.db.add(release)
    await journal.record(ctx.db, "release.request", "release", release.id)
    await ctx.publish(ReleaseRequested(release.id))
    return release.id


async def _require_room(ctx: Context, quarter: str) -> None:
    """Refuse a second open release, a second one of a quarter that was ever computed, and a step back.

    Two computations of one quarter, side by side, would show what changed in between: one person's figures.
    """
    states = select(Release.state, Release.quarter, Release.computed_at)
    for row in await ctx.db.execute(states):
        if row.state in OPEN:
            raise Conflict("Another release is open: publish or discard it first.", code="release_open")
        if row.computed_at and row.state != State.REFUSED and _comes_before(quarter, row.quarter):
            raise Conflict(
                "A later quarter of this year was computed already, and releases go forward only: beside it,"
                " an earlier one would tell what has changed since. The next quarter can be released; the"
                " totals of the year come with its last quarter.",
                code="release_passed",
            )
        if row.quarter == quarter and row.state == State.DISCARDED and row.computed_at is not None:
            raise Conflict(
                "This quarter was computed and put aside; it is not shown again.", code="release_seen"
            )
        if row.quarter == quarter and row.state == State.PUBLISHED:
            raise Conflict("This quarter has been published; a release is frozen.", code="release_frozen")


def _comes_before(quarter: str, computed: str) -> bool:
    """Tell whether a quarter is earlier than one of the same year that readers have seen."""
    wanted, seen = Quarter.parse(quarter), Quarter.parse(computed)
    return wanted.year == seen.year and wanted < seen


async def publish_release(ctx: Context, release_id: UUID, expected: Expected) -> UUID:
    """Publish a computed release, as somebody else than the one who asked for it (403)."""
    release = await _release(ctx, release_id, expected)
    if State.PUBLISHED not in following(State(release.state)):
        raise _wrong(release.state)
    if release.requested_by == ctx.actor.user_id:
        raise Forbidden("A second coordinator publishes what you prepared.", code="second_person_required")
    driver = await ctx.db.driver()
    if not await driver.fetchval(_PUBLISH, release_id, ctx.now):
        raise await _moved(ctx, release_id)
    await journal.record(ctx.db, "release.publish", "release", release_id)
    await ctx.publish(ReleasePublished(release_id))
    return release_id


async def discard_release(ctx: Context, release_id: UUID, expected: Expected) -> UUID:
    """Put an open release aside; what it showed stays in the ledger."""
    await _release(ctx, release_id, expected)
    driver = await ctx.db.driver()
    if not await driver.fetchval(_DISCARD, release_id):
        raise await _moved(ctx, release_id)
    await journal.record(ctx.db, "release.discard", "release", release_id)
    return release_id


async def _release(ctx: Context, release_id: UUID, expected: Expected) -> Release:
    found: Release | None = await ctx.db.scalar(select(Release).where(Release.id == release_id))
    if found is None:
        raise NotFound
    expected.check(found)
    return found


async def _moved(ctx: Context, release_id: UUID) -> WrongState:
    """Return the refusal of a step that another one came before: the state is read anew."""
    return _wrong(str(await ctx.db.scalar(select(Release.state).where(Release.id == release_id))))


def _wrong(state: str) -> WrongState:
    allowed = [target for target in following(State(state)) if target in (State.PUBLISHED, State.DISCARDED)]
    return WrongState("The release is not in a state for this step.", state=state, allowed=allowed)
