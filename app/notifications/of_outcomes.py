"""Who is told of obstacles: those who reported what one rests on, and the institutions that are heard.

Who reported and how many they are, nobody learns here: a function tells them and answers nothing.
"""

from typing import Any
from uuid import UUID

from app.access.context import SystemContext
from app.kit.events import id_in
from app.notifications.handlers import ids_of, tell

_TELL = "SELECT tell_of_outcome($1, $2, $3)"
_HEARD = """SELECT DISTINCT h.id AS hearing_id, m.user_id FROM obstacle_hearings h
JOIN memberships m ON m.municipal_area_id = h.municipal_area_id AND m.institution_id = h.institution_id
    AND m.role IN ('partner_user', 'authority_officer')
    AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
WHERE h.obstacle_id = $1 AND h.release_id = $2"""
_COORDINATORS = """SELECT DISTINCT m.user_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.role = 'coordinator' AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())"""


async def tell_reporters(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case managers what became of what they reported."""
    driver = await ctx.db.driver()
    await driver.execute(_TELL, id_in(payload, "obstacle_id"), id_in(payload, "event_id"), ctx.now)


async def tell_heard(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the people of the institutions that they can look and comment."""
    driver = await ctx.db.driver()
    rows = await driver.fetch(_HEARD, id_in(payload, "obstacle_id"), id_in(payload, "release_id"))
    for row in rows:
        hearing = UUID(str(row["hearing_id"]))
        await tell(ctx, payload, ids_of([row]), "hearing_opened", "hearing", hearing)


async def tell_of_comment(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the coordinators that an institution has commented."""
    driver = await ctx.db.driver()
    told = ids_of(await driver.fetch(_COORDINATORS))
    await tell(ctx, payload, told, "hearing_commented", "hearing", id_in(payload, "hearing_id"))
