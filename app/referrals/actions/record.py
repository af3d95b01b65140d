"""Off the platform: the sender records delivery and answer with their source."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.kit.errors import Conflict
from app.kit.versions import Expected
from app.referrals.actions.answer import Answer, apply_answer
from app.referrals.actions.parties import own_referral
from app.referrals.feedback import feedback_agreed
from app.referrals.models import ReferralRequest
from app.referrals.rules import PLATFORM, SENT_AND_OPEN, SOURCES_OF_CLIENT, Step, may_deliver
from app.referrals.schemas import AnswerRecord, DeliveryRecord
from app.referrals.steps import Taker, note_step, refused, reported, sender


async def record_delivery(ctx: Context, referral_id: UUID, body: DeliveryRecord, expected: Expected) -> UUID:
    """Record that the package was handed over or has arrived."""
    own = await own_referral(ctx, referral_id, expected)
    request = own.request
    _require_off_platform(request)
    if request.state not in SENT_AND_OPEN:
        raise refused(request, sender(ctx).side)
    if not may_deliver(str(request.delivery), body.delivery, Step.RECORD_DELIVERY):
        raise Conflict("The delivery has come that far already.", code="wrong_delivery")
    taker = Taker(sender(ctx).side, ctx.actor.user_id, body.source)
    note_step(ctx.db, request, Step.RECORD_DELIVERY, request.state, taker, ctx.now, reason=body.delivery)
    request.delivery = body.delivery
    await journal.record(
        ctx.db, "referral.record_delivery", "referral", referral_id, clients=[request.client_pseudonym]
    )
    return referral_id


async def record_answer(ctx: Context, referral_id: UUID, body: AnswerRecord, expected: Expected) -> UUID:
    """Record what the recipient did.

    What the institution told about the client needs a consent to feedback; what the client told does not.
    """
    agreed = body.source in SOURCES_OF_CLIENT or await feedback_agreed(ctx, referral_id)
    own = await own_referral(ctx, referral_id, expected)
    _require_off_platform(own.request)
    answer = Answer(Step(body.step), reason=body.reason, outcome=body.outcome, text=body.text)
    await apply_answer(ctx, own.request, answer, reported(ctx, body.source), is_agreed=agreed)
    return referral_id


def _require_off_platform(request: ReferralRequest) -> None:
    if request.channel == PLATFORM:
        raise Conflict("On the platform the recipient answers.", code="answered_on_platform")
