"""What the worker does about unplaced withdrawals: remind of them, then forget who told them."""

from datetime import datetime, time

from app.access.context import SystemContext
from app.audit import journal
from app.consents.rules import REMIND_OF_LAPSE
from app.kit.clock import local_date, months_later

BATCH = 100  # withdrawals a transaction

_LAPSE = "SELECT lapse_withdrawals($1, $2, $3, $4)"


async def lapse_due(ctx: SystemContext, months: int) -> int:
    """Forget who told what is unsettled for so many months; call again while it returns `BATCH`.

    The privacy officers are reminded once, in the last month before.
    """
    driver = await ctx.db.driver()
    ends, reminds = (_months_ago(ctx.now, each) for each in (months, months - REMIND_OF_LAPSE))
    rows = await driver.fetch(_LAPSE, ends, reminds, ctx.now, BATCH)
    for row in rows:
        await journal.record(ctx.db, "consent.lapse_withdrawal", "withdrawal", row[0])
    return len(rows)


def _months_ago(now: datetime, months: int) -> datetime:
    return datetime.combine(months_later(local_date(now), -months), time.min, now.tzinfo)
