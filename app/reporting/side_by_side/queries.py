"""Reading what every area published of a quarter: published tables only, as the policies show them."""

import orjson

from app.access.context import Context
from app.catalogues.check import vocabulary
from app.catalogues.language import Language
from app.reporting.side_by_side.composing import Published

_READ = """SELECT r.municipal_area_id AS area, r.content_{language}->>'area' AS name,
    r.id::text AS release_id, r.sha256, r.published_at, t.json_{language} AS body
FROM published_releases r
LEFT JOIN published_tables t ON t.municipal_area_id = r.municipal_area_id AND t.release_id = r.id
    AND t.name = $2
WHERE r.quarter = $1"""
_BY_LANGUAGE = {language: _READ.format(language=language) for language in ("de", "en")}


async def read_published(ctx: Context, language: Language, quarter: str, table: str) -> list[Published]:
    """Return all areas of the catalogue in its order, then others that published (trials)."""
    driver = await ctx.db.driver()
    rows = {row["area"]: row for row in await driver.fetch(_BY_LANGUAGE[language], quarter, table)}
    names = {code: entry.label_de for code, entry in vocabulary("municipal_area").items()}
    names |= {area: row["name"] for area, row in sorted(rows.items()) if area not in names}
    found = []
    for area, name in names.items():
        row = rows.get(area)
        release = row and {word: row[word] for word in ("release_id", "sha256", "published_at")}
        body = orjson.loads(row["body"]) if row and row["body"] else None
        found.append(Published(area, name, release, body))
    return found
