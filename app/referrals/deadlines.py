"""What the worker does about referrals whose time has come: reminders on day 3 and 9, expiry on day 14."""

from datetime import timedelta

from sqlalchemy import and_, or_, select

from app.access.context import SystemContext
from app.audit import journal
from app.referrals.events import ReferralExpired, ReferralReminderDue
from app.referrals.models import ReferralRequest
from app.referrals.rules import DEADLINE, PLATFORM, REMINDER_DAYS, Delivery, Step, Task, due_reminders
from app.referrals.steps import SYSTEM, take

BATCH = 200  # rows a transaction

_WAITING = (
    select(ReferralRequest)
    .where(ReferralRequest.state == Task.REQUESTED, ReferralRequest.channel == PLATFORM)
    .order_by(ReferralRequest.deadline_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
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

    A day that was missed is not made up for: two reminders never come at once.
    """
    lacks_one = or_(
        *(
            and_(
                ReferralRequest.reminded_day < day,
                ReferralRequest.deadline_at <= ctx.now + DEADLINE - timedelta(days=day),
            )
            for day in REMINDER_DAYS
        )
    )
    due = _WAITING.where(ReferralRequest.deadline_at > ctx.now, lacks_one)
    reminded = (await ctx.db.scalars(due)).all()
    for request in reminded:
        assert request.deadline_at is not None
        request.reminded_day = due_reminders(request.deadline_at - DEADLINE, ctx.now)[-1]
        await ctx.publish(ReferralReminderDue(request.id, request.institution_id, request.reminded_day))
    return len(reminded)
