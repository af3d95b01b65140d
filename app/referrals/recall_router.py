"""What follows the end of a consent, over HTTP: what the recipient is asked, and its answer."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent, IdempotentForSure
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional
from app.referrals import recall_queries
from app.referrals.actions import recall
from app.referrals.recall_schemas import AccountGiven, AccountRecord, RecallRead

router = Router(prefix="/v1")

Asked = Annotated[Context, allow(Permission.PARTNER_REFERRAL_READ)]
Answering = Annotated[Context, allow(Permission.PARTNER_REFERRAL_ANSWER)]
Reading = Annotated[Context, allow(Permission.REFERRAL_READ)]
Sending = Annotated[Context, allow(Permission.REFERRAL_SEND)]


@router.get("/partner/recalls", response_model=Page[RecallRead], tags=["partner referrals"])
async def list_partner_recalls(ctx: Asked, page: Paging) -> JsonBytes:
    """List what one's institution is asked because a consent has ended: are the data deleted?"""
    return await recall_queries.list_addressed(ctx, page)


@router.post("/partner/recalls/{referral_id}/answer", response_model=RecallRead, tags=["partner referrals"])
async def answer_recall(
    ctx: Answering, once: IdempotentForSure, expected: IfMatchOptional, referral_id: UUID, body: AccountGiven
) -> JsonBytes:
    """Say that the data are deleted, or why they are kept. It confirms the end of the consent as well."""
    await once.run(ctx.db, recall.answer_recall(ctx, referral_id, body, expected))
    return await recall_queries.read_addressed(ctx, referral_id)


@router.get("/referrals/{referral_id}/recall", response_model=RecallRead, tags=["referrals"])
async def read_recall(ctx: Reading, referral_id: UUID) -> JsonBytes:
    """Read what the recipient was asked after the consent had ended, and what it has said."""
    return await recall_queries.read_recall(ctx, referral_id)


@router.post("/referrals/{referral_id}/recall/record-answer", response_model=RecallRead, tags=["referrals"])
async def record_recall_answer(
    ctx: Sending, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: AccountRecord
) -> JsonBytes:
    """Off the platform: record what the recipient has said became of the data, with the source."""
    await once.run(ctx.db, recall.record_account(ctx, referral_id, body, expected))
    return await recall_queries.read_recall(ctx, referral_id)
