"""The recipient's steps on the platform."""

from uuid import UUID

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import AT_AN_INSTITUTION
from app.audit import journal
from app.kit.changes import locked
from app.kit.versions import Expected
from app.referrals.actions.answer import Answer, apply_answer
from app.referrals.feedback import feedback_agreed
from app.referrals.models import ReferralRequest
from app.referrals.rules import SHUT, Delivery, Step, Task, may_deliver
from app.referrals.steps import note_step, recipient, refused


async def answer_referral(ctx: Context, referral_id: UUID, answer: Answer, expected: Expected) -> UUID:
    """Take one step as the addressed institution; of two who try at once, one wins."""
    agreed = await feedback_agreed(ctx, referral_id)
    request = await _addressed(ctx, referral_id, expected)
    await apply_answer(ctx, request, answer, recipient(ctx), is_agreed=agreed)
    return referral_id


async def mark_fetched(ctx: Context, referral_id: UUID, expected: Expected) -> UUID:
    """Note that the institution has taken the package over; a second time changes nothing."""
    request = await _addressed(ctx, referral_id, expected)
    if request.state in SHUT:
        raise refused(request, recipient(ctx).side)
    if may_deliver(str(request.delivery), Delivery.FETCHED, Step.FETCH):
        note_step(ctx.db, request, Step.FETCH, request.state, recipient(ctx), ctx.now)
        request.delivery = Delivery.FETCHED
        await journal.record(
            ctx.db, "referral.fetched", "referral", referral_id, clients=[request.client_pseudonym]
        )
    return referral_id


async def acknowledge_revocation(ctx: Context, referral_id: UUID, expected: Expected) -> UUID:
    """Confirm that the institution knows of the revocation; a second time changes nothing."""
    request = await _addressed(ctx, referral_id, expected)
    if request.state != Task.REVOKED:
        raise refused(request, recipient(ctx).side)
    if request.revocation_acknowledged_at is None:
        request.revocation_acknowledged_at = ctx.now
        await journal.record(
            ctx.db,
            "referral.acknowledge_revocation",
            "referral",
            referral_id,
            clients=[request.client_pseudonym],
        )
    return referral_id


async def _addressed(ctx: Context, referral_id: UUID, expected: Expected) -> ReferralRequest:
    request = await locked(ctx.db, ReferralRequest, referral_id, expected)
    require_place(ctx, request.institution_id, *AT_AN_INSTITUTION)
    return request
