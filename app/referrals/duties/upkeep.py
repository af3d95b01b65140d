"""What the worker does about duties: a request or an approval whose time has passed ends."""

from app.access.context import SystemContext
from app.audit import journal

BATCH = 100  # duties a transaction

_EXPIRE = """UPDATE duties d SET state = 'expired', ended_at = $1 FROM (
    SELECT id FROM duties WHERE state IN ('requested', 'approved') AND valid_until <= $1
    ORDER BY valid_until LIMIT $2 FOR UPDATE SKIP LOCKED) due
WHERE d.id = due.id RETURNING d.id, d.client_pseudonym"""


async def expire_due(ctx: SystemContext) -> int:
    """End what was not decided or not sent in time; call again while it returns `BATCH`."""
    rows = await (await ctx.db.driver()).fetch(_EXPIRE, ctx.now, BATCH)
    for row in rows:
        await journal.record(ctx.db, "duty.expire", "duty", row["id"], clients=[row["client_pseudonym"]])
    return len(rows)
