"""What is to do from time to time in every area: deadlines, reminders, recurrence, forgetting."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from app.access.context import SystemContext
from app.barriers.actions.proposals import propose_after_waiting
from app.cases.noting.drafts import forget_drafts
from app.cases.tasks import series
from app.clients.merging import finishing
from app.consents import lapsing
from app.documents.clearing import end_keeping, sweep
from app.documents.store import Store
from app.imports.clearing import sweep_rows
from app.incoming_referrals import upkeep as incoming_referrals
from app.inquiries.actions import forget
from app.kit.catching_up import KEPT
from app.kit.idempotency import KEPT as KEPT_KEYS
from app.notifications import of_machines, of_state_exports
from app.privacy import reminding
from app.referrals import deadlines
from app.referrals.duties import upkeep as duties
from app.state_exports import ending as state_exports
from app.transfers import handlers as transfers
from app.webhooks.clearing import forget_deliveries

KEEP_DONE = timedelta(days=30)
KEEP_NOTIFICATIONS = timedelta(days=180)
KEEP_CHECKS = timedelta(days=30)
_FORGET_KEYS = "DELETE FROM idempotency_keys WHERE created_at < $1"
_FORGET_DONE = "DELETE FROM outbox WHERE done_at < $1"
_FORGET_TOLD = "DELETE FROM notifications WHERE created_at < $1"
_FORGET_CHECKS = "DELETE FROM duplicate_checks WHERE checked_at < $1"
_FORGET_TOMBSTONES = "DELETE FROM tombstones WHERE removed_at < $1"
_REMIND_OF_VACANCIES = "SELECT remind_of_vacancies()"
_FORGET_SIGN_INS = "SELECT forget_old_sign_ins()"


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do in every area from time to time; twice does no harm. Answers whether there is more."""

    name: str
    every: timedelta
    work: Callable[[SystemContext], Awaitable[bool]]


async def expire_referrals(ctx: SystemContext) -> bool:
    """Expire referrals that nobody answered in time."""
    return await deadlines.expire_due(ctx) >= deadlines.BATCH


async def remind_of_referrals(ctx: SystemContext) -> bool:
    """Announce the reminders that are due."""
    await deadlines.remind_due(ctx)
    return False


async def expire_duties(ctx: SystemContext) -> bool:
    """End requests that nobody decided, and approvals that nobody used, in time."""
    return await duties.expire_due(ctx) >= duties.BATCH


async def remind_of_reviews(ctx: SystemContext) -> bool:
    """Remind of reviews that are overdue, and tell the privacy officers when that did not help."""
    return await reminding.remind_due(ctx) >= reminding.BATCH


async def remind_of_vacancies(ctx: SystemContext) -> bool:
    """Tell team leads of restricted cases on which nobody is left since a deputyship has ended."""
    await (await ctx.db.driver()).execute(_REMIND_OF_VACANCIES)
    return False


async def end_referrals_with_consent(ctx: SystemContext) -> bool:
    """Revoke referrals whose consent has run out."""
    return await deadlines.end_with_consent(ctx) >= deadlines.BATCH


async def chase_recalls(ctx: SystemContext) -> bool:
    """Give teams a task where a recipient has not said in time what became of the data."""
    return await deadlines.chase_recalls(ctx) >= deadlines.BATCH


async def expire_transfers(ctx: SystemContext) -> bool:
    """Expire transfers that the receiving unit has not moved on in time."""
    return await transfers.expire_due(ctx) >= transfers.BATCH


async def tell_of_ending_credentials(ctx: SystemContext) -> bool:
    """Tell that keys and secrets of machines end soon."""
    await of_machines.tell_of_ending(ctx)
    return False


async def make_occurrences(ctx: SystemContext) -> bool:
    """Make what comes again after each task whose day has passed."""
    return await series.make_due(ctx) >= series.BATCH


async def remind_of_tasks(ctx: SystemContext) -> bool:
    """Remind of what is due soon."""
    await series.remind_due(ctx)
    return False


async def finish_merges(ctx: SystemContext) -> bool:
    """Make merges final that nobody has undone in time."""
    return await finishing.finish_due(ctx.db, ctx.now) >= finishing.BATCH


async def forget_keys(ctx: SystemContext) -> bool:
    """Delete idempotency keys that no client will repeat any more."""
    await (await ctx.db.driver()).execute(_FORGET_KEYS, ctx.now - KEPT_KEYS)
    return False


async def forget_done(ctx: SystemContext) -> bool:
    """Delete rows of the outbox that were done long ago."""
    await (await ctx.db.driver()).execute(_FORGET_DONE, ctx.now - KEEP_DONE)
    return False


async def forget_notifications(ctx: SystemContext) -> bool:
    """Delete notifications that nobody looks at any more; what they told of has its own retention."""
    await (await ctx.db.driver()).execute(_FORGET_TOLD, ctx.now - KEEP_NOTIFICATIONS)
    return False


async def forget_checks(ctx: SystemContext) -> bool:
    """Delete who once looked for namesakes; longer than any limit on it counts back."""
    await (await ctx.db.driver()).execute(_FORGET_CHECKS, ctx.now - KEEP_CHECKS)
    return False


async def forget_sign_ins(ctx: SystemContext) -> bool:
    """Delete sessions, refresh tokens and counted failures that are over."""
    await (await ctx.db.driver()).execute(_FORGET_SIGN_INS)
    return False


async def forget_contact_drafts(ctx: SystemContext) -> bool:
    """Delete drafts of contacts that nobody has touched for 30 days."""
    await forget_drafts(ctx.db, ctx.now)
    return False


async def forget_tombstones(ctx: SystemContext) -> bool:
    """Delete what tells of things that are gone, once no cursor is old enough to ask."""
    await (await ctx.db.driver()).execute(_FORGET_TOMBSTONES, ctx.now - KEPT - timedelta(days=1))
    return False


async def remind_of_incoming(ctx: SystemContext) -> bool:
    """Announce that institutions wait for an answer."""
    return await incoming_referrals.remind_due(ctx) >= incoming_referrals.BATCH


def forget_inquiries(months: int) -> Callable[[SystemContext], Awaitable[bool]]:
    """Return the work of deleting what tells of the person in inquiries untouched for so many months.

    And what was received with referrals that came to nothing.
    """

    async def work(ctx: SystemContext) -> bool:
        await forget(ctx.db, ctx.now, months)
        await incoming_referrals.erase_ended(ctx, months)
        return False

    return work


def lapse_withdrawals(months: int) -> Callable[[SystemContext], Awaitable[bool]]:
    """Return the work of forgetting who told a withdrawal that nobody has placed for so many months."""

    async def work(ctx: SystemContext) -> bool:
        return await lapsing.lapse_due(ctx, months) >= lapsing.BATCH

    return work


def propose_for_schools(weeks: int) -> Callable[[SystemContext], Awaitable[bool]]:
    """Return the work of proposing reports for children who have waited for a school so many weeks."""

    async def work(ctx: SystemContext) -> bool:
        await propose_after_waiting(ctx, weeks)
        return False

    return work


JOBS: tuple[Job, ...] = (
    Job("expire_referrals", timedelta(minutes=5), expire_referrals),
    Job("remind_of_referrals", timedelta(hours=1), remind_of_referrals),
    Job("end_referrals_with_consent", timedelta(minutes=5), end_referrals_with_consent),
    Job("chase_recalls", timedelta(hours=1), chase_recalls),
    Job("expire_transfers", timedelta(minutes=30), expire_transfers),
    Job("expire_duties", timedelta(minutes=5), expire_duties),
    Job("remind_of_reviews", timedelta(hours=1), remind_of_reviews),
    Job("remind_of_vacancies", timedelta(hours=1), remind_of_vacancies),
    Job("remind_of_incoming", timedelta(minutes=15), remind_of_incoming),
    Job("tell_of_ending_credentials", timedelta(hours=6), tell_of_ending_credentials),
    Job("make_occurrences", timedelta(minutes=10), make_occurrences),
    Job("remind_of_tasks", timedelta(minutes=1), remind_of_tasks),
    Job("finish_merges", timedelta(hours=1), finish_merges),
    Job("forget_keys", timedelta(hours=1), forget_keys),
    Job("forget_done", timedelta(hours=6), forget_done),
    Job("forget_contact_drafts", timedelta(hours=12), forget_contact_drafts),
    Job("forget_notifications", timedelta(hours=24), forget_notifications),
    Job("forget_checks", timedelta(hours=24), forget_checks),
    Job("forget_sign_ins", timedelta(hours=6), forget_sign_ins),
    Job("forget_tombstones", timedelta(hours=24), forget_tombstones),
    Job("sweep_imports", timedelta(hours=12), sweep_rows),
    Job("forget_webhook_deliveries", timedelta(hours=6), forget_deliveries),
    Job("end_keeping_of_documents", timedelta(hours=12), end_keeping),
    Job("end_state_exports", timedelta(minutes=30), state_exports.end_old),
    Job("remind_of_state_exports", timedelta(hours=12), of_state_exports.remind_to_follow),
)


def remind_to_settle(days: int) -> Callable[[SystemContext], Awaitable[bool]]:
    """Return the work of reminding teams of a transfer that was received so many days ago and left open."""

    async def work(ctx: SystemContext) -> bool:
        return await transfers.remind_to_settle(ctx, days) >= transfers.BATCH

    return work


def jobs(
    *, inquiry_months: int = 6, store: Store | None = None, school_weeks: int = 8, settle_days: int = 14
) -> tuple[Job, ...]:
    """Return everything that is to do, with what an operator has set."""
    return (
        *JOBS,
        Job("forget_inquiries", timedelta(hours=12), forget_inquiries(inquiry_months)),
        Job("lapse_withdrawals", timedelta(hours=12), lapse_withdrawals(inquiry_months)),
        Job("sweep_documents", timedelta(hours=6), sweep(store)),
        Job("propose_for_schools", timedelta(hours=12), propose_for_schools(school_weeks)),
        Job("remind_to_settle", timedelta(hours=6), remind_to_settle(settle_days)),
    )
