"""Who is told that a credential of a machine ends: administrators and the people of its institution."""

from uuid import uuid5

from app.access.context import SystemContext
from app.identity.partner_systems.rules import TOLD_BEFORE
from app.notifications.handlers import ids_of, tell
from app.notifications.of_incoming import ADMINS, AT_INSTITUTION

_ENDING = "SELECT * FROM credentials_ending($1, $2, $3)"


async def tell_of_ending(ctx: SystemContext) -> None:
    """Tell of each key or secret that ends soon, once in each of its two spans; again does no harm.

    Only an administrator gives the next one, and only the institution can make it and let its machine use it.
    """
    driver = await ctx.db.driver()
    for kind, (after, within) in TOLD_BEFORE.items():
        for row in await driver.fetch(_ENDING, ctx.now, after, within):
            told = {
                *ids_of(await driver.fetch(ADMINS)),
                *ids_of(await driver.fetch(AT_INSTITUTION, row["institution_id"])),
            }
            once = {"event_id": str(uuid5(row["id"], kind))}
            await tell(ctx, once, sorted(told), kind, "partner_system", row["partner_system_id"])
