"""Sending: one transaction from the draft to a frozen package in the recipient's hands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.access.context import Context
from app.audit import journal
from app.cases.linking import record_linking
from app.cases.rules import CLOSED
from app.cases.subject import closed, require_usable
from app.child_protection.gate import inform
from app.consents.gate import require_consent
from app.consents.rules import Direction
from app.directory.models import Institution
from app.directory.offers.choosing import Chosen, choose_offer
from app.disclosures.basis import require_preparable
from app.disclosures.log import record_disclosure
from app.disclosures.rules import BY_CLIENT, CHILD_PROTECTION, DUTY_BASES, VITAL_INTEREST
from app.kit.clock import end_of, local_date
from app.kit.errors import Conflict
from app.kit.versions import Expected
from app.organisations.models import Unit
from app.referrals.actions.deadlines import waiting_for
from app.referrals.actions.parties import (
    Own,
    held_recipient,
    hold_person,
    own_referral,
    require_on_platform,
    require_site,
    unit_of,
)
from app.referrals.duties.gate import use_approval
from app.referrals.duties.models import Duty
from app.referrals.events import ReferralSent, ReferralSentInEmergency
from app.referrals.messages.told import told_categories
from app.referrals.models import ReferralPackage
from app.referrals.package import build, choose
from app.referrals.rules import HOUSEHOLD, PLATFORM, Delivery, Step, deadline
from app.referrals.steps import refused, sender, stays_shut, take

PURPOSE = "referral"


async def send_referral(ctx: Context, referral_id: UUID, expected: Expected) -> UUID:
    """Send a draft: check everything again as it stands now, freeze, log, hand over.

    Raises 409 for a state, basis, category or consent that does not hold now.
    """
    own, institution, unit = await _ready(ctx, referral_id, expected, Step.SEND)
    request, referral = own.request, own.referral
    readable_until = await _require_basis(ctx, own, institution, unit, own.referral.data_categories)
    waiting = await waiting_for(ctx, institution.institution_type)
    offer = await _offer(ctx, own)
    package = await build(
        ctx,
        referral.client_id,
        choose(institution.institution_type, referral.data_categories, referral.left_out),
        concern_code=referral.concern_code,
        concern_text=referral.concern_text,
        offer=None if offer is None else offer.named(),
    )
    duty = await _let_through(ctx, own, package.sha256)
    on_platform = request.channel == PLATFORM
    ctx.db.add(
        ReferralPackage(
            municipal_area_id=request.municipal_area_id,
            id=request.id,
            institution_id=institution.id,
            is_on_platform=on_platform,
            content=package.content,
            sha256=package.sha256,
            frozen_at=ctx.now,
            readable_until=readable_until,
            offer_id=referral.offer_id,
        )
    )
    await ctx.db.flush()  # the receipt of the step names what was frozen
    request.delivery = Delivery.OFFERED if on_platform else Delivery.QUEUED
    request.requested_at = ctx.now
    request.consent_ends_at = readable_until
    if on_platform:  # off it silence proves nothing
        request.answer_days, request.reminder_days = waiting.answer_days, list(waiting.reminder_days)
    await _hand_over(ctx, own, Step.SEND)
    if referral.legal_basis != BY_CLIENT:  # the client carries it: nothing is transmitted
        await record_disclosure(
            ctx,
            case_id=referral.case_id,
            client_pseudonym=request.client_pseudonym,
            unit_id=unit.id,
            institution_id=institution.id,
            legal_basis=referral.legal_basis,
            purpose=PURPOSE,
            categories=referral.data_categories,
            channel=request.channel,
            referral_id=request.id,
            duty_id=duty.id if duty else None,
            approved_by=duty.decided_by if duty else None,
        )
    await record_linking(ctx, referral.case_id, referral_id)
    if referral.legal_basis == VITAL_INTEREST:
        await ctx.publish(ReferralSentInEmergency(referral_id))
    await ctx.publish(ReferralSent(referral_id, institution.id, request.channel))
    return referral_id


async def send_back(ctx: Context, referral_id: UUID, expected: Expected) -> UUID:
    """Ask for a second look after a rejection, once, with the same package and what was told in messages.

    Raises 409 when the basis does not hold for both now, when it was sent back before, or when the person, or
    a member of the household whom the package names, was restricted after it was made.
    """
    own, institution, unit = await _ready(ctx, referral_id, expected, Step.SEND_BACK)
    request = own.request
    if request.sent_back_at is not None:
        raise refused(request, sender(ctx).side)
    if own.referral.legal_basis in DUTY_BASES:
        raise Conflict("What was sent without consent is sent once: ask anew.", code="duty_workflow_required")
    if await _is_withheld(ctx, referral_id):
        raise Conflict(
            "The consent behind the package was withdrawn. Draft a new one.", code="package_withheld"
        )
    if await stays_shut(ctx, referral_id):
        raise Conflict(
            "Somebody in the package was restricted after it was made, which may endanger them. Draft anew.",
            code="package_outdated",
        )
    shown = {*own.referral.data_categories, *await told_categories(ctx, referral_id)}
    readable_until = await _require_basis(ctx, own, institution, unit, sorted(shown))
    if own.referral.offer_id is not None:
        await choose_offer(ctx, own.referral.offer_id, institution.id, waiting_list=True)
    await ctx.db.execute(
        update(ReferralPackage).where(ReferralPackage.id == referral_id).values(readable_until=readable_until)
    )
    request.consent_ends_at = readable_until
    request.sent_back_at = ctx.now
    request.rejection_reason = None
    request.suggested_type = None
    request.answered_at = None
    request.reminded_day = 0
    await _hand_over(ctx, own, Step.SEND_BACK)
    await ctx.publish(ReferralSent(referral_id, institution.id, request.channel, again=True))
    return referral_id


async def _ready(
    ctx: Context, referral_id: UUID, expected: Expected, step: Step
) -> tuple[Own, Institution, Unit]:
    own = await own_referral(ctx, referral_id, expected)
    if own.request.state != _STARTS[step]:
        raise refused(own.request, sender(ctx).side)
    if own.case.phase == CLOSED:
        raise closed()
    require_usable(own.case)
    with_household = HOUSEHOLD in own.referral.data_categories
    await hold_person(ctx, own.referral.client_id, with_household=with_household)
    institution = await held_recipient(ctx, own.request.institution_id)
    await require_site(ctx, institution.id, own.request.site_id)
    if own.request.channel == PLATFORM:
        await require_on_platform(ctx, institution.id)
    return own, institution, await unit_of(ctx, own.request.unit_id)


async def _require_basis(
    ctx: Context, own: Own, institution: Institution, unit: Unit, categories: Sequence[str]
) -> datetime | None:
    """Return until when the basis carries the recipient's reading; None where it has no end of its own."""
    request, referral = own.request, own.referral
    require_preparable(
        referral.legal_basis,
        unit,
        institution,
        channel=request.channel,
        categories=categories,
        necessity=referral.necessity,
    )
    if referral.legal_basis != "consent":
        return None
    consent = await require_consent(
        ctx,
        client_id=referral.client_id,
        case_id=referral.case_id,
        recipient_id=institution.id,
        purpose=PURPOSE,
        categories=categories,
        direction=Direction.TO,
        on=local_date(ctx.now),
    )
    referral.consent_id = consent.id
    return end_of(consent.valid_until)


async def _offer(ctx: Context, own: Own) -> Chosen | None:
    """Return the offer as it stands now; 409 where it is not open any more, or full."""
    referral = own.referral
    if referral.offer_id is None:
        return None
    return await choose_offer(
        ctx, referral.offer_id, own.request.institution_id, waiting_list=referral.waiting_list_ok
    )


async def _let_through(ctx: Context, own: Own, sha256: str) -> Duty | None:
    """Return the duty that this sending uses up, where the basis is one; the steps of § 4 KKG take theirs."""
    basis = own.referral.legal_basis
    if basis == CHILD_PROTECTION:
        await inform(ctx, own.case.case_id, own.case.client_id, own.request.id)
        await ctx.db.flush()
        return None
    if basis not in DUTY_BASES:
        return None
    duty = await use_approval(ctx, own, sha256)
    await ctx.db.flush()  # the database looks at it before it takes the package
    return duty


async def _hand_over(ctx: Context, own: Own, step: Step) -> None:
    request, referral = own.request, own.referral
    take(ctx.db, request, step, sender(ctx), ctx.now)
    request.deadline_at = deadline(ctx.now, request.answer_days)
    await journal.record(
        ctx.db,
        f"referral.{step}",
        "referral",
        request.id,
        clients=[request.client_pseudonym],
        purpose=PURPOSE,
        legal_basis=referral.legal_basis,
    )


async def _is_withheld(ctx: Context, referral_id: UUID) -> bool:
    withheld = select(ReferralPackage.withheld_at).where(ReferralPackage.id == referral_id)
    return await ctx.db.scalar(withheld) is not None


_STARTS = {Step.SEND: "draft", Step.SEND_BACK: "rejected"}
