"""Giving a referral back as not responsible, with the kind of institution that is."""

from uuid import UUID

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import AT_AN_INSTITUTION
from app.catalogues.check import require_code
from app.kit.changes import locked
from app.kit.versions import Expected
from app.referrals.actions.answer import Answer, apply_answer
from app.referrals.feedback import feedback_agreed
from app.referrals.models import ReferralRequest
from app.referrals.recall_schemas import ReferralReturn
from app.referrals.receipts import receipt_of, receipt_there
from app.referrals.rules import Step
from app.referrals.steps import recipient

NOT_RESPONSIBLE = "not_responsible"


async def return_referral(ctx: Context, referral_id: UUID, body: ReferralReturn, expected: Expected) -> UUID:
    """Reject it as not responsible and return the receipt of that.

    Whom else the client needs tells something of them: the suggestion reaches the sender only if the client
    agreed to feedback.
    """
    require_code("institution_type", body.suggested_type, "body.suggested_type")
    agreed = await feedback_agreed(ctx, referral_id)
    request = await locked(ctx.db, ReferralRequest, referral_id, expected)
    require_place(ctx, request.institution_id, *AT_AN_INSTITUTION)
    answer = Answer(Step.REJECT, reason=NOT_RESPONSIBLE, text=body.text)
    await apply_answer(ctx, request, answer, recipient(ctx), is_agreed=agreed)
    request.suggested_type = body.suggested_type if agreed else None
    return receipt_there(await receipt_of(ctx, referral_id, Step.REJECT))
