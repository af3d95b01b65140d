"""The recipient's steps on the platform."""

from uuid import UUID

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import AT_AN_INSTITUTION
from app.audit import journal
from app.kit.changes import locked
from app.kit.versions import Expected
from app.referrals.actions.answer import Answer, apply_answer, require_running
from app.referrals.feedback import feedback_agreed
from app.referrals.models import ReferralRequest
from app.referrals.receipts import receipt_of, receipt_of_fetching, receipt_there
from app.referrals.rules import SHUT, Delivery, Step, Task, may_deliver
from app.referrals.steps import note_step, recipient, refused


async def answer_referral(ctx: Context, referral_id: UUID, answer: Answer, expected: Expected) -> UUID:
    """Take one step as the addressed institution and return its receipt; of two at once, one wins."""
    agreed = await feedback_agreed(ctx, referral_id)
    request = await _addressed(ctx, referral_id, expected)
    await apply_answer(ctx, request, answer, recipient(ctx), is_agreed=agreed)
    return receipt_there(await receipt_of(ctx, referral_id, answer.step))


async def mark_fetched(ctx: Context, referral_id: UUID, expected: Expected) -> UUID:
    """Note that the institution has taken the package over and return the receipt of that.

    A second time, or after an answer, changes nothing: the receipt is that of the first.
    """
    request = await _addressed(ctx, referral_id, expected)
    if request.state in SHUT:
        raise refused(request, recipient(ctx).side)
    require_running(ctx, request)
    receipt_id = await receipt_of_fetching(ctx, referral_id)
    if receipt_id is not None and not may_deliver(str(request.delivery), Delivery.FETCHED, Step.FETCH):
        return receipt_id
    note_step(ctx.db, request, Step.FETCH, request.state, recipient(ctx), ctx.now)
    request.delivery = Delivery.FETCHED
    return await _noted(ctx, request, Step.FETCH, "referral.fetched")


async def acknowledge_revocation(ctx: Context, referral_id: UUID, expected: Expected) -> UUID:
    """Confirm that the institution knows of the revocation and return the receipt of that.

    A second time changes nothing.
    """
    request = await _addressed(ctx, referral_id, expected)
    if request.state != Task.REVOKED:
        raise refused(request, recipient(ctx).side)
    receipt_id = await receipt_of(ctx, referral_id, Step.ACKNOWLEDGE)
    if receipt_id is not None:
        return receipt_id
    note_step(ctx.db, request, Step.ACKNOWLEDGE, request.state, recipient(ctx), ctx.now)
    request.revocation_acknowledged_at = request.revocation_acknowledged_at or ctx.now
    return await _noted(ctx, request, Step.ACKNOWLEDGE, "referral.acknowledge_revocation")


async def _noted(ctx: Context, request: ReferralRequest, step: Step, action: str) -> UUID:
    await journal.record(ctx.db, action, "referral", request.id, clients=[request.client_pseudonym])
    return receipt_there(await receipt_of(ctx, request.id, step))


async def _addressed(ctx: Context, referral_id: UUID, expected: Expected) -> ReferralRequest:
    request = await locked(ctx.db, ReferralRequest, referral_id, expected)
    require_place(ctx, request.institution_id, *AT_AN_INSTITUTION)
    return request
