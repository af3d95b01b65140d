"""Entering a figure and correcting one; what was said before stays."""

from uuid import UUID

from app.access.context import Context
from app.access.roles import Role
from app.audit import journal
from app.authority_figures.models import AuthorityFigure
from app.authority_figures.schemas import AuthorityFigureCorrect, AuthorityFigureEnter
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, WrongState
from app.kit.ids import random_id
from app.kit.versions import Expected
from app.reporting.quarter_asked import require_quarter

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('authority_figure:' || ctx_area() || $1, 0))"
_ENTERED = """SELECT EXISTS (SELECT FROM authority_figures WHERE institution_id = $1 AND quarter = $2
    AND figure = $3 AND superseded_at IS NULL)"""


async def enter_figure(ctx: Context, body: AuthorityFigureEnter) -> UUID:
    """Enter a figure of one's authority; 409 `figure_entered` for one that is there: it is corrected."""
    institution_id = _authority(ctx, body.institution_id)
    require_quarter(body.quarter, local_date(ctx.now), done="counted")
    driver = await ctx.db.driver()
    await driver.execute(_LOCK, f"{institution_id}{body.quarter}{body.figure}")
    if await driver.fetchval(_ENTERED, institution_id, body.quarter, body.figure):
        raise Conflict("This figure is entered: correct it.", code="figure_entered")
    row = _row(ctx, institution_id, body.quarter, body.figure, body)
    await journal.record(ctx.db, "authority_figure.enter", "authority_figure", row.id)
    return row.id


async def correct_figure(
    ctx: Context, figure_id: UUID, body: AuthorityFigureCorrect, expected: Expected
) -> UUID:
    """Say what is believed instead and return the new row; 409 for one that was corrected before.

    A quarter that has been released stays as it was told.
    """
    old = await locked(ctx.db, AuthorityFigure, figure_id, expected)
    if old.superseded_at is not None:
        raise WrongState("Something else is believed now.", state="corrected", allowed=())
    old.superseded_at, old.correction_reason = ctx.now, body.reason
    old.superseded_by = random_id()
    await ctx.db.flush()  # the old row must be out of the way before the new one comes
    new = _row(ctx, old.institution_id, old.quarter, old.figure, body, identity=old.superseded_by)
    await journal.record(
        ctx.db, "authority_figure.correct", "authority_figure", new.id, changed=["groups", "total"]
    )
    return new.id


def _authority(ctx: Context, named: UUID | None) -> UUID:
    places = ctx.actor.places(Role.AUTHORITY_OFFICER)
    if named is None and len(places) == 1:
        return next(iter(places))
    if named is None or named not in places:
        raise Invalid.at("body.institution_id", "not_yours", "Name the authority whose officer you are.")
    return named


def _row(
    ctx: Context,
    institution_id: UUID,
    quarter: str,
    figure: str,
    body: AuthorityFigureEnter | AuthorityFigureCorrect,
    *,
    identity: UUID | None = None,
) -> AuthorityFigure:
    row = AuthorityFigure(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=identity or random_id(),
        institution_id=institution_id,
        quarter=quarter,
        figure=figure,
        total=body.total,
        groups={group: count for group, count in sorted(body.groups.items()) if count},
        entered_by=ctx.actor.user_id,
        entered_at=ctx.now,
    )
    ctx.db.add(row)
    return row
