"""What was told in messages of the sender: it goes on with the package, and needs the same basis."""

from uuid import UUID

from sqlalchemy import func, select

from app.access.context import Context
from app.referrals.messages.models import ReferralMessage
from app.referrals.rules import Side


async def told_categories(ctx: Context, referral_id: UUID) -> frozenset[str]:
    """Return every data category that the sender told of in the thread; the request is locked."""
    told = select(func.unnest(ReferralMessage.data_categories)).where(
        ReferralMessage.referral_id == referral_id, ReferralMessage.side == Side.SENDER
    )
    return frozenset((await ctx.db.scalars(told)).all())
