"""Who is told of what happens around a team inbox, and that an institution should be invited."""

from typing import Any
from uuid import uuid5

from app.access.context import SystemContext
from app.kit.clock import local_date
from app.kit.events import id_in
from app.notifications.handlers import ids_of, tell
from app.notifications.of_incoming import ADMINS

_TOLD = "SELECT user_id FROM told_of_referral($1, $2, false)"


async def tell_handed_on(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell who has a referral now, with who stands in for them; or from whom it was taken over."""
    referral_id, to = id_in(payload, "referral_id"), id_in(payload, "to")
    driver = await ctx.db.driver()
    told = ids_of(await driver.fetch(_TOLD, referral_id, local_date(ctx.now)))
    await tell(ctx, payload, told if to in told else [to], "referral_handed_on", "referral", referral_id)


async def tell_of_proposal(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the administrators that an institution should be invited: once a day, however many propose it."""
    institution_id = id_in(payload, "institution_id")
    driver = await ctx.db.driver()
    of_the_day = {"event_id": str(uuid5(institution_id, f"invitation_proposed {local_date(ctx.now)}"))}
    admins = ids_of(await driver.fetch(ADMINS))
    await tell(ctx, of_the_day, admins, "invitation_proposed", "institution", institution_id)
