"""What the paper of an obstacle takes from published releases: the latest one, and its tables."""

from typing import Any

import orjson

from app.access.context import Context
from app.catalogues.language import Language

_AREA = "SELECT name FROM municipal_areas WHERE id = ctx_area()"
_LATEST = """SELECT id, quarter, sha256 FROM published_releases
WHERE municipal_area_id = ctx_area() ORDER BY quarter DESC LIMIT 1"""
_TABLES = {
    language: f"""SELECT json_{language} FROM published_tables
WHERE municipal_area_id = ctx_area() AND release_id = $1 ORDER BY name"""
    for language in ("de", "en")
}


async def read_area(ctx: Context) -> str:
    """Return the name of the area."""
    return str(await (await ctx.db.driver()).fetchval(_AREA))


async def read_latest(ctx: Context, language: Language) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return the latest published release of the area and its tables; none and nothing before the first."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_LATEST)
    if row is None:
        return None, []
    tables = await driver.fetch(_TABLES[language], row["id"])
    return {**dict(row), "id": str(row["id"])}, [orjson.loads(each[0]) for each in tables]
