"""Reading what recipients were asked after the consent had ended; policies show each side its own."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import reading
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.referrals.models import Referral, ReferralRecall

_RECALL = select(
    ReferralRecall.id,
    ReferralRecall.institution_id,
    ReferralRecall.is_on_platform,
    ReferralRecall.reason,
    ReferralRecall.asked_at,
    ReferralRecall.due_at,
    ReferralRecall.acknowledged_at,
    ReferralRecall.account,
    ReferralRecall.deleted_on,
    ReferralRecall.kept_reason,
    ReferralRecall.norm,
    ReferralRecall.source,
    ReferralRecall.answered_at,
    ReferralRecall.version,
    ReferralRecall.client_pseudonym.label("_client"),
)
ONE_RECALL = reading.one("recall.read", "referral", _RECALL.where(ReferralRecall.id == bindparam("id")))
RECALLS = reading.many("recall.read", "referral", _RECALL, order=("id",), descending=True)


async def list_addressed(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return what one's institution was asked, the newest referral first."""
    return await RECALLS.answer(ctx.db, page)


async def read_addressed(ctx: Context, referral_id: UUID) -> JsonBytes:
    return await ONE_RECALL.answer(ctx.db, id=referral_id)


async def read_recall(ctx: Context, referral_id: UUID) -> JsonBytes:
    """Return what was asked about a referral of one's case; 404 where nothing was."""
    case_id = await ctx.db.scalar(select(Referral.case_id).where(Referral.id == referral_id))
    if case_id is None:
        raise NotFound
    await require_relation(ctx, case_id=case_id)
    return await ONE_RECALL.answer(ctx.db, id=referral_id)
