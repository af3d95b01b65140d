"""What the worker does about referrals whose time has come: reminders, expiry, the end of the consent, and
recipients who do not say what became of the data.
"""

from datetime import timedelta

from sqlalchemy import DateTime, bindparam, exists, select, text

from app.access.context import SystemContext
from app.audit import journal
from app.clients.models import Client
from app.referrals.events import (
    RecallOverdue,
    ReferralExpired,
    ReferralRecalled,
    ReferralReminderDue,
    ReferralRevoked,
)
from app.referrals.models import Referral, ReferralRecall, ReferralRequest
from app.referrals.rules import (
    PLATFORM,
    RECALL_DAYS,
    SENT_AND_OPEN,
    Delivery,
    Step,
    Task,
    due_reminders,
)
from app.referrals.steps import SYSTEM, take

BATCH = 200  # rows a transaction
ENDED = "consent_ended"
TO_TELL = "end_to_tell"  # off the platform, where nobody reads that it has ended
OVERDUE = "recall_overdue"

_TASK = "SELECT open_referral_task($1, $2, $3)"

_WAITING = (
    select(ReferralRequest)
    .where(ReferralRequest.state == Task.REQUESTED, ReferralRequest.channel == PLATFORM)
    .order_by(ReferralRequest.deadline_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)

_LACKS_ONE = text(
    """EXISTS (SELECT FROM unnest(referral_requests.reminder_days) AS day
    WHERE day > referral_requests.reminded_day
        AND referral_requests.deadline_at
            - (referral_requests.answer_days - day) * interval '1 day' <= :now)"""
).bindparams(bindparam("now", type_=DateTime(timezone=True)))

_ONLY_KEPT = exists(Referral.id).where(
    Referral.municipal_area_id == ReferralRequest.municipal_area_id,
    Referral.id == ReferralRequest.id,
    Client.municipal_area_id == Referral.municipal_area_id,
    Client.id == Referral.client_id,
    Client.processing_restricted_at.is_not(None),
)


async def expire_due(ctx: SystemContext) -> int:
    """Expire what nobody answered in time and return how many; call again while it returns `BATCH`."""
    due = _WAITING.where(ReferralRequest.deadline_at <= ctx.now)
    expired = (await ctx.db.scalars(due)).all()
    for request in expired:
        take(ctx.db, request, Step.EXPIRE, SYSTEM, ctx.now)
        request.outcome = "no_answer"
        if request.delivery == Delivery.OFFERED:
            request.delivery = Delivery.EXPIRED
        await journal.record(
            ctx.db, "referral.expire", "referral", request.id, clients=[request.client_pseudonym]
        )
        await ctx.publish(ReferralExpired(request.id, request.institution_id))
    return len(expired)


async def remind_due(ctx: SystemContext) -> int:
    """Announce each reminder once and return how many; call again while it returns `BATCH`.

    A day that was missed is not made up for: two reminders never come at once. Nobody is asked to work with
    the data of a person whose processing is restricted (Art. 18 GDPR).
    """
    due = _WAITING.where(ReferralRequest.deadline_at > ctx.now, _LACKS_ONE, ~_ONLY_KEPT)
    reminded = (await ctx.db.scalars(due.params(now=ctx.now))).all()
    for request in reminded:
        assert request.deadline_at is not None
        assert request.answer_days is not None
        days = due_reminders(request.deadline_at, request.answer_days, request.reminder_days, ctx.now)
        request.reminded_day = days[-1]
        await ctx.publish(ReferralReminderDue(request.id, request.institution_id, request.reminded_day))
    return len(reminded)


async def end_with_consent(ctx: SystemContext) -> int:
    """Revoke what rests on a consent whose last day is past; call again while it returns `BATCH`.

    Whoever answers at this moment holds the row: it is looked at again the next time.
    """
    statement = (
        select(ReferralRequest)
        .where(ReferralRequest.state.in_(SENT_AND_OPEN), ReferralRequest.consent_ends_at <= ctx.now)
        .order_by(ReferralRequest.consent_ends_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    ended = (await ctx.db.scalars(statement)).all()
    for request in ended:
        await _end_with_consent(ctx, request)
    return len(ended)


async def _end_with_consent(ctx: SystemContext, request: ReferralRequest) -> None:
    before = request.state
    take(ctx.db, request, Step.REVOKE, SYSTEM, ctx.now, reason=ENDED)
    request.closed_at = ctx.now
    request.outcome = None
    request.revoke_reason = ENDED
    ctx.db.add(_recall(ctx, request))
    await ctx.db.flush()
    await journal.record(
        ctx.db, "referral.revoke", "referral", request.id, clients=[request.client_pseudonym]
    )
    driver = await ctx.db.driver()
    await driver.execute(_TASK, request.id, ENDED if request.channel == PLATFORM else TO_TELL, ctx.now)
    await ctx.publish(ReferralRevoked(request.id, request.institution_id, before))
    await ctx.publish(ReferralRecalled(request.id, request.institution_id, request.channel))


def _recall(ctx: SystemContext, request: ReferralRequest) -> ReferralRecall:
    return ReferralRecall(
        municipal_area_id=request.municipal_area_id,
        id=request.id,
        institution_id=request.institution_id,
        client_pseudonym=request.client_pseudonym,
        is_on_platform=request.channel == PLATFORM,
        reason=ENDED,
        asked_at=ctx.now,
        due_at=ctx.now + timedelta(days=RECALL_DAYS),
    )


async def chase_recalls(ctx: SystemContext) -> int:
    """Tell the team of each recipient who has not said in time what became of the data, once, with a task.

    Off the platform the team itself asks and has had its task from the beginning; a closed case took none.
    """
    statement = (
        select(ReferralRecall)
        .where(
            ReferralRecall.answered_at.is_(None),
            ReferralRecall.chased_at.is_(None),
            ReferralRecall.due_at <= ctx.now,
        )
        .order_by(ReferralRecall.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    silent = (await ctx.db.scalars(statement)).all()
    driver = await ctx.db.driver()
    for recall in silent:
        recall.chased_at = ctx.now
        if recall.is_on_platform:
            await driver.execute(_TASK, recall.id, OVERDUE, ctx.now)
        await journal.record(
            ctx.db, "referral.chase_recall", "referral", recall.id, clients=[recall.client_pseudonym]
        )
        await ctx.publish(RecallOverdue(recall.id, recall.institution_id))
    return len(silent)
