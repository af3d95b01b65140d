"""What became of the data after the consent had ended, as the recipient says it or the team heard it."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import AT_AN_INSTITUTION
from app.audit import journal
from app.cases.subject import Subject, find_case
from app.cases.tasks.models import Task
from app.cases.tasks.rules import Step
from app.cases.tasks.steps import take
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.versions import Expected
from app.referrals.events import RecallAnswered
from app.referrals.models import Referral, ReferralRecall, ReferralRequest
from app.referrals.recall_schemas import AccountGiven, AccountRecord
from app.referrals.rules import Account


async def answer_recall(ctx: Context, referral_id: UUID, body: AccountGiven, expected: Expected) -> UUID:
    """Say, as the institution, that the data are deleted or why they are kept; it confirms the end too."""
    recall = await locked(ctx.db, ReferralRecall, referral_id, expected)
    require_place(ctx, recall.institution_id, *AT_AN_INSTITUTION)
    return await _answer(ctx, recall, body, None)


async def record_account(ctx: Context, referral_id: UUID, body: AccountRecord, expected: Expected) -> UUID:
    """Write down, off the platform, what the institution has said; 409 where it answers by itself.

    What the team was to do about it is done with that.
    """
    case_id = await ctx.db.scalar(select(Referral.case_id).where(Referral.id == referral_id))
    if case_id is None:
        raise NotFound
    subject = await find_case(ctx, case_id)  # also of a closed one: an answer may come later
    recall = await _off_platform(ctx, referral_id, expected)
    await _answer(ctx, recall, body, body.source)
    await _finish_tasks(ctx, subject, referral_id)
    return referral_id


async def _finish_tasks(ctx: Context, subject: Subject, referral_id: UUID) -> None:
    waiting = select(Task).where(
        Task.case_id == subject.case_id, Task.recall_id == referral_id, Task.done_at.is_(None)
    )
    for task in (await ctx.db.scalars(waiting.order_by(Task.id).with_for_update())).all():
        await take(ctx, task, Step.FINISH)
        await journal.record(ctx.db, "task.finish", "task", task.id, clients=[subject.pseudonym])


async def _off_platform(ctx: Context, referral_id: UUID, expected: Expected) -> ReferralRecall:
    on_platform = select(ReferralRecall.is_on_platform).where(ReferralRecall.id == referral_id)
    if await ctx.db.scalar(on_platform):
        raise Conflict("On the platform the recipient answers.", code="answered_on_platform")
    return await locked(ctx.db, ReferralRecall, referral_id, expected)


async def _answer(ctx: Context, recall: ReferralRecall, body: AccountGiven, source: str | None) -> UUID:
    if recall.answered_at is not None:
        raise WrongState("This has been answered.", state=str(recall.account), allowed=[])
    if body.deleted_on is not None:
        await _require_possible(ctx, recall, body.deleted_on)
    recall.account = Account(body.account)
    recall.deleted_on = body.deleted_on
    recall.kept_reason = body.kept_reason
    recall.norm = body.norm
    recall.source = source
    recall.acknowledged_at = recall.acknowledged_at or ctx.now
    recall.answered_at = ctx.now
    recall.answered_by = ctx.actor.user_id
    await ctx.db.flush()
    await journal.record(
        ctx.db, "referral.answer_recall", "referral", recall.id, clients=[recall.client_pseudonym]
    )
    if source is None:
        await ctx.publish(RecallAnswered(recall.id, recall.institution_id, recall.account))
    return recall.id


async def _require_possible(ctx: Context, recall: ReferralRecall, deleted_on: date) -> None:
    if deleted_on > local_date(ctx.now):
        raise Invalid.at("body.deleted_on", "in_the_future", "Say it once the data are deleted.")
    sent_at = await ctx.db.scalar(select(ReferralRequest.requested_at).where(ReferralRequest.id == recall.id))
    # A day earlier may be the day of the recipient's clock.
    if sent_at is not None and deleted_on < local_date(sent_at) - timedelta(days=1):
        raise Invalid.at("body.deleted_on", "before_sending", "Nothing was there yet to be deleted.")
