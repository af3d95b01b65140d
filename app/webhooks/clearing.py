"""Forgetting: the log of deliveries after 30 days, secrets that sign no more, and waiting that had no end."""

from app.access.context import SystemContext
from app.webhooks.rules import KEEP_LOG

_FORGET = "DELETE FROM webhook_deliveries WHERE ended_at < $1"
_PARK = """UPDATE webhook_deliveries d SET state = 'parked', failure = 'paused_too_long', ended_at = $2
FROM webhooks w JOIN institutions i ON i.municipal_area_id = w.municipal_area_id AND i.id = w.institution_id
WHERE w.municipal_area_id = d.municipal_area_id AND w.id = d.webhook_id
    AND (w.state = 'paused' OR NOT i.is_active) AND d.state = 'pending' AND d.created_at < $1"""
_FORGET_SECRETS = "DELETE FROM webhook_secrets WHERE expires_at < $1"


async def forget_deliveries(ctx: SystemContext) -> bool:
    """Delete what was delivered or parked 30 days ago with its attempts, and old secrets.

    What has waited so long at a paused webhook, or for an institution that is not active, is parked: visible
    for as long again, then forgotten.
    """
    driver = await ctx.db.driver()
    await driver.execute(_FORGET, ctx.now - KEEP_LOG)
    await driver.execute(_PARK, ctx.now - KEEP_LOG, ctx.now)
    await driver.execute(_FORGET_SECRETS, ctx.now)
    return False
