"""Ending a referral from the sender's side: cancelling it, or saying that it should never have been."""

from uuid import UUID

from sqlalchemy import update

from app.access.context import Context
from app.audit import journal
from app.kit.versions import Expected
from app.referrals.actions.parties import own_referral
from app.referrals.duties.actions import withdraw_with_draft
from app.referrals.events import ReferralCancelled
from app.referrals.models import ReferralPackage
from app.referrals.rules import Side, Step
from app.referrals.schemas import ReferralCancel
from app.referrals.steps import sender, take


async def cancel_referral(ctx: Context, referral_id: UUID, body: ReferralCancel, expected: Expected) -> UUID:
    """Cancel a referral; the recipient no longer sees its package."""
    return await _finish(ctx, referral_id, expected, Step.CANCEL, body.reason)


async def enter_in_error(ctx: Context, referral_id: UUID, expected: Expected) -> UUID:
    """Mark a referral as entered in error; the recipient no longer sees its package."""
    return await _finish(ctx, referral_id, expected, Step.ENTER_IN_ERROR, None)


async def _finish(
    ctx: Context, referral_id: UUID, expected: Expected, step: Step, reason: str | None
) -> UUID:
    own = await own_referral(ctx, referral_id, expected)
    request = own.request
    was_sent = request.requested_at is not None
    state = take(ctx.db, request, step, sender(ctx), ctx.now, reason=reason)
    request.cancel_reason = reason
    request.closed_at = ctx.now
    request.outcome = None
    if not was_sent:
        await withdraw_with_draft(ctx, referral_id)
    await ctx.db.execute(
        update(ReferralPackage).where(ReferralPackage.id == referral_id).values(withheld_at=ctx.now)
    )
    await journal.record(
        ctx.db, f"referral.{step}", "referral", referral_id, clients=[request.client_pseudonym]
    )
    if was_sent:
        await ctx.publish(ReferralCancelled(referral_id, request.institution_id, state, Side.SENDER))
    return referral_id
