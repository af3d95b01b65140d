"""Setting how long a kind of institution has to answer; what was sent before keeps what held then."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.access.context import Context
from app.audit import journal
from app.catalogues.check import vocabulary
from app.kit.errors import Invalid, NotFound, VersionStale
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.referrals.deadline_models import ReferralDeadline
from app.referrals.rules import ANSWER_DAYS, REMINDER_DAYS, Waiting
from app.referrals.schemas import DeadlineSet


class _Unset:
    """What holds where nothing was set: the version before the first."""

    version = 0


async def waiting_for(ctx: Context, institution_type: str) -> Waiting:
    """Return how long this kind of institution has from now on."""
    statement = select(ReferralDeadline).where(ReferralDeadline.institution_type == institution_type)
    found = await ctx.db.scalar(statement)
    if found is None:
        return Waiting(ANSWER_DAYS, REMINDER_DAYS)
    return Waiting(found.answer_days, tuple(found.reminder_days))


async def set_deadline(ctx: Context, institution_type: str, body: DeadlineSet, expected: Expected) -> UUID:
    """Set it for what is sent from now on; 404 for an unknown kind of institution."""
    if institution_type not in vocabulary("institution_type"):
        raise NotFound
    days = sorted(set(body.reminder_days))
    if len(days) < len(body.reminder_days) or (days and days[-1] >= body.answer_days):
        raise Invalid.at(
            "body.reminder_days", "reminder_days", "Each reminder comes once, before the last day to answer."
        )
    values = {"answer_days": body.answer_days, "reminder_days": days, "changed_by": ctx.actor.user_id}
    statement = select(ReferralDeadline).where(ReferralDeadline.institution_type == institution_type)
    row = (await ctx.db.scalars(statement.with_for_update())).one_or_none()
    if row is None:
        expected.check(_Unset())
        identity = await _first(ctx, institution_type, values)
    else:
        expected.check(row)
        identity = row.id
        for name, value in values.items():
            setattr(row, name, value)
    await journal.record(
        ctx.db,
        "referral_deadline.set",
        "referral_deadline",
        identity,
        changed=["answer_days", "reminder_days"],
    )
    return identity


async def _first(ctx: Context, institution_type: str, values: dict[str, object]) -> UUID:
    key = {"municipal_area_id": ctx.actor.municipal_area_id, "institution_type": institution_type}
    identity = new_id()
    statement = insert(ReferralDeadline).values(id=identity, **key, **values).on_conflict_do_nothing()
    made = await ctx.db.execute(statement.returning(ReferralDeadline.id))
    if made.scalar_one_or_none() is None:  # somebody else was first
        raise VersionStale(version=1)
    return identity
