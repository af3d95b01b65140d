"""Who is reminded that a state-wide database has been told nothing for long: the administrators, who ask."""

from uuid import uuid5

from app.access.context import SystemContext
from app.notifications.handlers import ids_of, tell
from app.notifications.of_incoming import ADMINS
from app.state_exports.rules import FOLLOWED_AFTER

_TO_FOLLOW = "SELECT id, fetched_at FROM state_exports_to_follow($1)"


async def remind_to_follow(ctx: SystemContext) -> bool:
    """Remind of each recipient that fetched its last file of a unit a month ago, and again each month.

    What withdrawals there are it learns with the next file only. Whether there are any is not looked at: a
    reminder that came for one would tell that somebody withdrew.
    """
    driver = await ctx.db.driver()
    for row in await driver.fetch(_TO_FOLLOW, ctx.now - FOLLOWED_AFTER):
        month = (ctx.now - row["fetched_at"]) // FOLLOWED_AFTER
        once = {"event_id": str(uuid5(row["id"], f"state_export_due {month}"))}
        admins = ids_of(await driver.fetch(ADMINS))
        await tell(ctx, once, admins, "state_export_due", "state_export", row["id"])
    return False
