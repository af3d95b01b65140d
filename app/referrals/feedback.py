"""Whether what an institution tells about a client may be kept: a disclosure of its own."""

from uuid import UUID

from app.access.context import Context
from app.kit.clock import local_date


async def feedback_agreed(ctx: Context, referral_id: UUID) -> bool:
    """Return whether a consent from or with the institution holds now, locked against withdrawal.

    Ask before locking the request: a withdrawal takes its locks in this order, consent and then request.
    """
    driver = await ctx.db.driver()
    found = await driver.fetchval("SELECT feedback_agreed($1, $2)", referral_id, local_date(ctx.now))
    return bool(found)
