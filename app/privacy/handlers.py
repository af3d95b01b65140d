"""Retention starts when a case is closed and ends when it is reopened in time; a review of what one person
did alone is opened in the transaction of the act.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from app.access.context import Context
from app.cases.events import CaseClosed, CaseReopened, GlassBroken, LeadChangedAlone
from app.kit.clock import local_date
from app.kit.errors import WrongState
from app.kit.ids import new_id
from app.privacy.rules import DEFAULT_YEARS, REVIEW_WITHIN, ReviewKind, last_day_of_keeping
from app.referrals.events import ReferralSentInEmergency
from app.transfers.events import TransferReceived

_START = "SELECT start_retention($1, $2, $3, $4, $5)"
_CLOSE_TRANSFERRED = "SELECT complete_transfer($1, $2, $3, $4, $5)"
_REVIEW = "SELECT open_access_review($1, $2, $3, $4, $5, $6)"
_END = "SELECT end_retention($1, $2)"


def start_retention(years: int = DEFAULT_YEARS) -> Callable[[Context, CaseClosed], Awaitable[None]]:
    """Return the handler that keeps a closed case for so many years after the end of its last one."""

    async def handler(ctx: Context, event: CaseClosed) -> None:
        today = local_date(ctx.now)
        driver = await ctx.db.driver()
        kept_until = last_day_of_keeping(today, years)
        await driver.execute(_START, new_id(), event.case_id, today, kept_until, ctx.now)

    return handler


def close_transferred(years: int = DEFAULT_YEARS) -> Callable[[Context, TransferReceived], Awaitable[None]]:
    """Return the handler that closes the case of who transferred it, with its retention, in their area."""

    async def handler(ctx: Context, event: TransferReceived) -> None:
        today = local_date(ctx.now)
        driver = await ctx.db.driver()
        kept_until = last_day_of_keeping(today, years)
        await driver.execute(
            _CLOSE_TRANSFERRED, event.transfer_id, today, ctx.now, kept_until, event.document_ids
        )

    return handler


async def end_retention(ctx: Context, event: CaseReopened) -> None:
    """Stop counting for a case that goes on; 409 when its time is over and it waits for erasure."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_END, event.case_id, local_date(ctx.now)):
        raise WrongState("The retention of this case is over.", state="closed", allowed=[])


async def review_glass(ctx: Context, event: GlassBroken) -> None:
    """Ask the privacy officer to review a look by break-glass; the case's lead is told too."""
    await _open_review(ctx, ReviewKind.BREAK_GLASS, event.assignment_id)


async def review_emergency(ctx: Context, event: ReferralSentInEmergency) -> None:
    """Ask the team lead or the privacy officer to review a disclosure for vital interests."""
    await _open_review(ctx, ReviewKind.VITAL_INTEREST, event.referral_id)


async def review_new_lead(ctx: Context, event: LeadChangedAlone) -> None:
    """Ask the privacy officer to review who leads a case of somebody hidden from now on."""
    kind = ReviewKind.CASE_TAKEN_OVER if event.reason is None else ReviewKind.LEAD_NAMED
    await _open_review(ctx, kind, event.handover_id, event.reason)


async def _open_review(ctx: Context, kind: ReviewKind, object_id: UUID, reason: str | None = None) -> None:
    driver = await ctx.db.driver()
    due_at = ctx.now + REVIEW_WITHIN[kind]
    await driver.execute(_REVIEW, new_id(), kind, object_id, ctx.now, due_at, reason)
