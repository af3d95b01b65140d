"""Who is told of obstacles: those who reported what one rests on. Who and how many, nobody learns here."""

from typing import Any

from app.access.context import SystemContext
from app.kit.events import id_in

_TELL = "SELECT tell_of_outcome($1, $2, $3)"


async def tell_reporters(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case managers what became of what they reported, by a function that answers nothing."""
    driver = await ctx.db.driver()
    await driver.execute(_TELL, id_in(payload, "obstacle_id"), id_in(payload, "event_id"), ctx.now)
