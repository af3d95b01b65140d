"""Who is told of what the system does with an obstacle: the coordination."""

from typing import Any

from app.access.context import SystemContext
from app.kit.events import id_in
from app.notifications.handlers import ids_of, tell

COORDINATORS = """SELECT DISTINCT m.user_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.role = 'coordinator' AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())"""


async def tell_of_reopening(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the coordinators that the rate rose again and the obstacle is under review."""
    driver = await ctx.db.driver()
    users = ids_of(await driver.fetch(COORDINATORS))
    await tell(ctx, payload, users, "obstacle_reopened", "obstacle", id_in(payload, "obstacle_id"))
