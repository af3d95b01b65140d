"""Referrals over HTTP, as the addressed institution: its list, the package, one path for each step."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent, Once
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.schema import Page
from app.kit.versions import Expected, IfMatchOptional
from app.referrals import partner_queries
from app.referrals.actions import partner
from app.referrals.actions.answer import Answer
from app.referrals.partner_schemas import (
    PartnerCancel,
    PartnerReferralRead,
    PartnerReferralSummary,
    ReferralHold,
    ReferralOutcome,
    ReferralReject,
)
from app.referrals.rules import Step

router = APIRouter(prefix="/v1/partner/referrals", tags=["partner referrals"])

Reading = Annotated[Context, allow(Permission.PARTNER_REFERRAL_READ)]
Answering = Annotated[Context, allow(Permission.PARTNER_REFERRAL_ANSWER)]


async def _step(ctx: Context, once: Once, expected: Expected, referral_id: UUID, answer: Answer) -> JsonBytes:
    await once.run(ctx.db, partner.answer_referral(ctx, referral_id, answer, expected))
    return await partner_queries.read_referral(ctx, referral_id)


@router.get("", response_model=Page[PartnerReferralSummary])
async def list_partner_referrals(ctx: Reading, page: Paging) -> JsonBytes:
    """List what was referred to one's institution, newest first."""
    return await partner_queries.list_referrals(ctx, page)


@router.get("/{referral_id}", response_model=PartnerReferralRead)
async def read_partner_referral(ctx: Reading, referral_id: UUID) -> JsonBytes:
    """Read the package exactly as it was frozen; null while it may not be read (any more)."""
    return await partner_queries.read_referral(ctx, referral_id)


@router.post("/{referral_id}/fetched", response_model=PartnerReferralRead)
async def mark_referral_fetched(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID
) -> JsonBytes:
    """Note that the package was taken over."""
    await once.run(ctx.db, partner.mark_fetched(ctx, referral_id, expected))
    return await partner_queries.read_referral(ctx, referral_id)


@router.post("/{referral_id}/accept", response_model=PartnerReferralRead)
async def accept_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID
) -> JsonBytes:
    """Accept it."""
    return await _step(ctx, once, expected, referral_id, Answer(Step.ACCEPT))


@router.post("/{referral_id}/reject", response_model=PartnerReferralRead)
async def reject_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: ReferralReject
) -> JsonBytes:
    """Reject it, with a coded reason."""
    answer = Answer(Step.REJECT, reason=body.reason, text=body.text)
    return await _step(ctx, once, expected, referral_id, answer)


@router.post("/{referral_id}/start", response_model=PartnerReferralRead)
async def start_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID
) -> JsonBytes:
    """Begin the work."""
    return await _step(ctx, once, expected, referral_id, Answer(Step.START))


@router.post("/{referral_id}/hold", response_model=PartnerReferralRead)
async def hold_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: ReferralHold
) -> JsonBytes:
    """Let it wait, with a reason."""
    return await _step(ctx, once, expected, referral_id, Answer(Step.HOLD, reason=body.reason))


@router.post("/{referral_id}/resume", response_model=PartnerReferralRead)
async def resume_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID
) -> JsonBytes:
    """Go on with it."""
    return await _step(ctx, once, expected, referral_id, Answer(Step.RESUME))


@router.post("/{referral_id}/complete", response_model=PartnerReferralRead)
async def complete_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: ReferralOutcome
) -> JsonBytes:
    """Finish it, with what came of it."""
    answer = Answer(Step.COMPLETE, outcome=body.outcome, text=body.text)
    return await _step(ctx, once, expected, referral_id, answer)


@router.post("/{referral_id}/fail", response_model=PartnerReferralRead)
async def fail_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: ReferralOutcome
) -> JsonBytes:
    """End it without success, with what came of it."""
    answer = Answer(Step.FAIL, outcome=body.outcome, text=body.text)
    return await _step(ctx, once, expected, referral_id, answer)


@router.post("/{referral_id}/cancel", response_model=PartnerReferralRead)
async def cancel_partner_referral(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID, body: PartnerCancel
) -> JsonBytes:
    """Give it back, with a reason."""
    return await _step(ctx, once, expected, referral_id, Answer(Step.CANCEL, reason=body.reason))


@router.post("/{referral_id}/acknowledge-revocation", response_model=PartnerReferralRead)
async def acknowledge_revocation(
    ctx: Answering, once: Idempotent, expected: IfMatchOptional, referral_id: UUID
) -> JsonBytes:
    """Confirm that one knows of the revocation."""
    await once.run(ctx.db, partner.acknowledge_revocation(ctx, referral_id, expected))
    return await partner_queries.read_referral(ctx, referral_id)
