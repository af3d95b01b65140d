"""What the worker does: the rows of a sheet are swept after two weeks, whatever became of them."""

from app.access.context import SystemContext
from app.imports.rules import KEEP_ROWS

BATCH = 2_000
_SWEEP = """DELETE FROM import_rows WHERE id = ANY (ARRAY(
    SELECT r.id FROM import_rows r
    JOIN imports i ON i.municipal_area_id = r.municipal_area_id AND i.id = r.import_id
    WHERE i.created_at < $1 LIMIT $2))"""


async def sweep_rows(ctx: SystemContext) -> bool:
    """Delete the rows of old imports; what was made of them stays, and can still be undone."""
    driver = await ctx.db.driver()
    swept = str(await driver.execute(_SWEEP, ctx.now - KEEP_ROWS, BATCH))
    return int(swept.rpartition(" ")[2]) >= BATCH
