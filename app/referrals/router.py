"""Referrals over HTTP, from the sender's side: one path for each step."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatchOptional
from app.referrals import bases, preview, queries, receipts
from app.referrals.actions import draft, finish, record, send
from app.referrals.partner_schemas import ReceiptRead
from app.referrals.receipts import Signing
from app.referrals.schemas import (
    AnswerRecord,
    BasesRead,
    DeliveryRecord,
    ReferralCancel,
    ReferralDraft,
    ReferralPreview,
    ReferralRead,
    ReferralSummary,
)

router = Router(prefix="/v1/referrals", tags=["referrals"])

Reading = Annotated[Context, allow(Permission.REFERRAL_READ)]
Sending = Annotated[Context, allow(Permission.REFERRAL_SEND)]


@router.post("", status_code=201, response_model=ReferralRead)
async def draft_referral(ctx: Sending, once: Idempotent, body: ReferralDraft) -> JsonBytes:
    """Draft a referral: nothing leaves."""
    referral_id = await once.run(ctx.db, draft.draft_referral(ctx, body))
    return await queries.read_referral(ctx, referral_id, status=201)


@router.get("", response_model=Page[ReferralSummary])
async def list_referrals(ctx: Reading, page: Paging, case_id: UUID) -> JsonBytes:
    """List the referrals of a case, newest first."""
    return await queries.list_referrals(ctx, case_id, page)


@router.get("/{referral_id}", response_model=ReferralRead)
async def read_referral(ctx: Reading, referral_id: UUID) -> JsonBytes:
    """Read one referral with its history and answers."""
    return await queries.read_referral(ctx, referral_id)


@router.get("/{referral_id}/preview", response_model=ReferralPreview)
async def preview_referral(ctx: Reading, referral_id: UUID) -> JsonBytes:
    """See exactly what will be read by whom, and what is missing to send it."""
    return await preview.preview_referral(ctx, referral_id)


@router.get("/{referral_id}/bases", response_model=BasesRead)
async def read_bases(ctx: Reading, referral_id: UUID) -> JsonBytes:
    """See which legal bases hold for this draft now, and why the others do not."""
    return await bases.read_bases(ctx, referral_id)


@router.get("/{referral_id}/receipts", response_model=Page[ReceiptRead])
async def list_receipts(ctx: Reading, notary: Signing, page: Paging, referral_id: UUID) -> JsonBytes:
    """Read the signed receipts of every step on the platform, the first one first."""
    return await receipts.list_of_ones_case(ctx, notary, referral_id, page)


@router.post("/{referral_id}/send", response_model=ReferralRead)
async def send_referral(
    ctx: Sending, once: Idempotent, expected: IfMatchOptional, referral_id: UUID
) -> JsonBytes:
    """Send it: the basis must hold now, and the package is frozen."""
    await once.run(ctx.db, send.send_referral(ctx, referral_id, expected))
    return await queries.read_referral(ctx, referral_id)


@router.post("/{referral_id}/send-back", response_model=ReferralRead)
async def send_back_referral(
    ctx: Sending, once: Idempotent, expected: IfMatchOptional, referral_id: UUID
) -> JsonBytes:
    """Ask for a second look after a rejection, once."""
    await once.run(ctx.db, send.send_back(ctx, referral_id, expected))
    return await queries.read_referral(ctx, referral_id)


@router.post("/{referral_id}/cancel", response_model=ReferralRead)
async def cancel_referral(
    ctx: Sending, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: ReferralCancel
) -> JsonBytes:
    """Cancel it, with a reason."""
    await once.run(ctx.db, finish.cancel_referral(ctx, referral_id, body, expected))
    return await queries.read_referral(ctx, referral_id)


@router.post("/{referral_id}/enter-in-error", response_model=ReferralRead)
async def enter_referral_in_error(
    ctx: Sending, once: Idempotent, expected: IfMatchOptional, referral_id: UUID
) -> JsonBytes:
    """Say that it should never have been."""
    await once.run(ctx.db, finish.enter_in_error(ctx, referral_id, expected))
    return await queries.read_referral(ctx, referral_id)


@router.post("/{referral_id}/record-delivery", response_model=ReferralRead)
async def record_delivery(
    ctx: Sending, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: DeliveryRecord
) -> JsonBytes:
    """Off the platform: record where the package is, with the source."""
    await once.run(ctx.db, record.record_delivery(ctx, referral_id, body, expected))
    return await queries.read_referral(ctx, referral_id)


@router.post("/{referral_id}/record-answer", response_model=ReferralRead)
async def record_answer(
    ctx: Sending, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: AnswerRecord
) -> JsonBytes:
    """Off the platform: record what the recipient did, with the source."""
    await once.run(ctx.db, record.record_answer(ctx, referral_id, body, expected))
    return await queries.read_referral(ctx, referral_id)
