"""Referrals over HTTP, as the addressed institution: list and feed, the package, one path for each step."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.catching_up import LONGEST_CURSOR
from app.kit.errors import Invalid
from app.kit.following import refuse_cursor
from app.kit.idempotency import IdempotentForSure, Once
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import Expected, IfMatchOptional
from app.referrals import partner_batch, partner_feed, partner_queries, receipts
from app.referrals.actions import partner
from app.referrals.actions.answer import Answer
from app.referrals.partner_batch import Desk
from app.referrals.partner_schemas import (
    BatchRead,
    PartnerBatch,
    PartnerCancel,
    PartnerReferralPage,
    PartnerReferralRead,
    ReceiptRead,
    ReferralHold,
    ReferralOutcome,
    ReferralReject,
    StepTaken,
)
from app.referrals.receipts import Notary, Signing
from app.referrals.rules import Step

router = Router(prefix="/v1/partner/referrals", tags=["partner referrals"])

Reading = Annotated[Context, allow(Permission.PARTNER_REFERRAL_READ)]
Answering = Annotated[Context, allow(Permission.PARTNER_REFERRAL_ANSWER)]
Since = Annotated[
    str | None,
    Query(
        max_length=LONGEST_CURSOR,
        description="`next` of the feed's page before; empty: begin with everything open",
    ),
]
OfOffer = Annotated[UUID | None, Query(description="only what is for this offer")]

WhoseCharge = Annotated[
    partner_queries.Assigned | None,
    Query(description="`me`: in charge is oneself, or for whom one stands in today; `nobody`: free to take"),
]
AtSite = Annotated[UUID | None, Query(description="for this site of the institution")]


@dataclass(frozen=True, slots=True)
class _Taking:
    """How every step is taken: once, on which version, and with whose signature."""

    once: Once
    expected: Expected
    notary: Notary

    async def answer(self, ctx: Context, referral_id: UUID, answer: Answer) -> JsonBytes:
        """Take a step of the task and answer with its receipt."""
        return await self.done(
            ctx, referral_id, partner.answer_referral(ctx, referral_id, answer, self.expected)
        )

    async def done(self, ctx: Context, referral_id: UUID, act: Awaitable[UUID]) -> JsonBytes:
        """Do what leaves a receipt, once, and answer with it."""
        receipt_id = await self.once.run(ctx.db, act)
        seen = await partner_queries.read_after_step(ctx, referral_id)
        return await receipts.with_receipt(ctx, self.notary, seen, receipt_id)


async def _taking(once: IdempotentForSure, expected: IfMatchOptional, notary: Signing) -> _Taking:
    return _Taking(once, expected, notary)


Taking = Annotated[_Taking, Depends(_taking)]


@router.get("", response_model=PartnerReferralPage)
async def list_partner_referrals(
    ctx: Reading,
    page: Paging,
    since: Since = None,
    offer_id: OfOffer = None,
    assigned: WhoseCharge = None,
    site_id: AtSite = None,
) -> JsonBytes:
    """List what was referred to one's institution, newest first; with `since`, follow the feed.

    The feed tells what came or changed since its cursor, the oldest change first, without gaps and once;
    what changes while a round of several pages is read may come twice. What went out of sight is told by its
    id, as `lost`. With `offer_id` only what is for this offer; in the feed also what has no package to tell
    its offer by.
    """
    if since is None:
        return await partner_queries.list_referrals(
            ctx, page, assigned=assigned, site_id=site_id, offer_id=offer_id
        )
    if assigned is not None or site_id is not None:
        raise Invalid.at("query.since", "one_of", "The feed tells of everything that one sees.")
    refuse_cursor(page)
    return await partner_feed.read_feed(ctx, since, page.limit, offer_id)


@router.post("/batch", response_model=BatchRead)
async def answer_referrals(desk: Desk, notary: Signing, body: PartnerBatch) -> JsonBytes:
    """Take up to fifty steps, one after the other, each by itself: the answer tells of each, in their order.

    Each has its own version and is its own transaction, so that one that is refused keeps no other back. The
    same key and body again finds what was done, and does what was not.
    """
    return await partner_batch.take_steps(desk, notary, body.items)


@router.get("/{referral_id:uuid}", response_model=PartnerReferralRead)
async def read_partner_referral(ctx: Reading, referral_id: UUID) -> JsonBytes:
    """Read the package exactly as it was frozen; absent while it may not be read (any more)."""
    return await partner_queries.read_referral(ctx, referral_id)


@router.get("/{referral_id:uuid}/receipts", response_model=Page[ReceiptRead])
async def list_partner_receipts(ctx: Reading, notary: Signing, page: Paging, referral_id: UUID) -> JsonBytes:
    """Read the signed receipts of every step, the first one first."""
    return await receipts.list_of_the_recipient(ctx, notary, referral_id, page)


@router.post("/{referral_id:uuid}/fetched", response_model=StepTaken)
async def mark_referral_fetched(ctx: Answering, take: Taking, referral_id: UUID) -> JsonBytes:
    """Note that the package was taken over."""
    return await take.done(ctx, referral_id, partner.mark_fetched(ctx, referral_id, take.expected))


@router.post("/{referral_id:uuid}/accept", response_model=StepTaken)
async def accept_referral(ctx: Answering, take: Taking, referral_id: UUID) -> JsonBytes:
    """Accept it."""
    return await take.answer(ctx, referral_id, Answer(Step.ACCEPT))


@router.post("/{referral_id:uuid}/reject", response_model=StepTaken)
async def reject_referral(ctx: Answering, take: Taking, referral_id: UUID, body: ReferralReject) -> JsonBytes:
    """Reject it, with a coded reason."""
    return await take.answer(ctx, referral_id, Answer(Step.REJECT, reason=body.reason, text=body.text))


@router.post("/{referral_id:uuid}/start", response_model=StepTaken)
async def start_referral(ctx: Answering, take: Taking, referral_id: UUID) -> JsonBytes:
    """Begin the work."""
    return await take.answer(ctx, referral_id, Answer(Step.START))


@router.post("/{referral_id:uuid}/hold", response_model=StepTaken)
async def hold_referral(ctx: Answering, take: Taking, referral_id: UUID, body: ReferralHold) -> JsonBytes:
    """Let it wait, with a reason."""
    return await take.answer(ctx, referral_id, Answer(Step.HOLD, reason=body.reason))


@router.post("/{referral_id:uuid}/resume", response_model=StepTaken)
async def resume_referral(ctx: Answering, take: Taking, referral_id: UUID) -> JsonBytes:
    """Go on with it."""
    return await take.answer(ctx, referral_id, Answer(Step.RESUME))


@router.post("/{referral_id:uuid}/complete", response_model=StepTaken)
async def complete_referral(
    ctx: Answering, take: Taking, referral_id: UUID, body: ReferralOutcome
) -> JsonBytes:
    """Finish it, with what came of it."""
    return await take.answer(ctx, referral_id, Answer(Step.COMPLETE, outcome=body.outcome, text=body.text))


@router.post("/{referral_id:uuid}/fail", response_model=StepTaken)
async def fail_referral(ctx: Answering, take: Taking, referral_id: UUID, body: ReferralOutcome) -> JsonBytes:
    """End it without success, with what came of it."""
    return await take.answer(ctx, referral_id, Answer(Step.FAIL, outcome=body.outcome, text=body.text))


@router.post("/{referral_id:uuid}/cancel", response_model=StepTaken)
async def cancel_partner_referral(
    ctx: Answering, take: Taking, referral_id: UUID, body: PartnerCancel
) -> JsonBytes:
    """Give it back, with a reason."""
    return await take.answer(ctx, referral_id, Answer(Step.CANCEL, reason=body.reason))


@router.post("/{referral_id:uuid}/acknowledge-revocation", response_model=StepTaken)
async def acknowledge_revocation(ctx: Answering, take: Taking, referral_id: UUID) -> JsonBytes:
    """Confirm that one knows of the revocation."""
    return await take.done(ctx, referral_id, partner.acknowledge_revocation(ctx, referral_id, take.expected))
