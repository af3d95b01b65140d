"""What the worker does about reviews that are overdue: remind who judges, then tell the privacy officers."""

from app.access.context import SystemContext
from app.audit import journal
from app.privacy.rules import ESCALATE_AFTER

BATCH = 100  # reviews a transaction

_REMIND = "SELECT * FROM remind_of_reviews($1, $2, $3)"


async def remind_due(ctx: SystemContext) -> int:
    """Tell each overdue review on, once a stage; call again while it returns `BATCH`.

    A disclosure for vital interests is first for the unit's team leads, everything else, and what is about a
    restricted person, for the privacy officers alone.
    """
    driver = await ctx.db.driver()
    rows = await driver.fetch(_REMIND, ctx.now, ctx.now - ESCALATE_AFTER, BATCH)
    for row in rows:
        await journal.record(
            ctx.db, "access_review.remind", "access_review", row["id"], clients=[row["client_pseudonym"]]
        )
    return len(rows)
