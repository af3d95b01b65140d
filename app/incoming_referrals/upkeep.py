"""What the worker does about incoming referrals: telling of silence, and erasing what has served."""

from datetime import datetime
from uuid import UUID

from app.access.context import SystemContext
from app.incoming_referrals.events import IncomingReminderDue
from app.incoming_referrals.rules import due_level
from app.kit.clock import local_date, months_later

BATCH = 200  # rows a transaction

# A third of the time before the deadline, at it, and each week after it.
_DUE = """SELECT id, institution_id, unit_id, state, waits_since, deadline_at, reminded
FROM incoming_referrals WHERE deadline_at IS NOT NULL AND $1 >= CASE
    WHEN reminded = 0 THEN deadline_at - (deadline_at - waits_since) / 3
    ELSE deadline_at + interval '7 days' * (reminded - 1) END
ORDER BY deadline_at LIMIT $2 FOR UPDATE SKIP LOCKED"""
_REMINDED = "UPDATE incoming_referrals SET reminded = $2 WHERE id = $1 AND deadline_at IS NOT NULL"
_ENDED = """ARRAY(SELECT r.id FROM incoming_referrals r WHERE r.state IN ('rejected', 'withdrawn', 'revoked')
AND r.closed_at < $1 OR r.state = 'entered_in_error')"""
_ERASE = (
    f"DELETE FROM incoming_messages WHERE incoming_id = ANY ({_ENDED}) RETURNING id",
    f"DELETE FROM received_data WHERE id = ANY ({_ENDED})",
)


async def remind_due(ctx: SystemContext) -> int:
    """Announce silence once at each of its times and return how many; call again while it returns `BATCH`.

    What was missed is not made up for: two reminders never come at once.
    """
    driver = await ctx.db.driver()
    rows = await driver.fetch(_DUE, ctx.now, BATCH)
    for row in rows:
        level = due_level(row["waits_since"], row["deadline_at"], ctx.now)
        await driver.execute(_REMINDED, row["id"], level)
        incoming, institution, unit = (UUID(str(row[name])) for name in ("id", "institution_id", "unit_id"))
        await ctx.publish(IncomingReminderDue(incoming, institution, unit, row["state"], level))
    return len(rows)


async def erase_ended(ctx: SystemContext, months: int) -> None:
    """Delete what was received with referrals that came to nothing so many months ago, errors at once.

    That it was received, when, from whom and its digest stay.
    """
    driver = await ctx.db.driver()
    before = months_later(local_date(ctx.now), -months)
    for statement in _ERASE:
        await driver.execute(statement, datetime.combine(before, datetime.min.time(), ctx.now.tzinfo))
