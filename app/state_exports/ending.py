"""What the worker ends: dry runs that nobody released, files that nobody took in time."""

from app.access.context import SystemContext
from app.state_exports.rules import DECIDED

END = "SELECT end_old_state_exports($1, $2)"


async def end_old(ctx: SystemContext) -> bool:
    """End what has waited too long; the bytes of a file go with it."""
    await (await ctx.db.driver()).execute(END, ctx.now, ctx.now - DECIDED)
    return False
