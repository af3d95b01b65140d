"""Reads what the view of gaps is made of: a release, and the needs that earlier quarters of its year told."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from app.access.context import Context
from app.catalogues.language import Language
from app.reporting.gaps.composing import gaps
from app.reporting.queries import read_whole
from app.reporting.subjects.needs import BY_TOPIC

_EARLIER = """SELECT r.quarter, t.json_{language} AS body FROM published_releases r
LEFT JOIN published_tables t ON t.municipal_area_id = r.municipal_area_id AND t.release_id = r.id
    AND t.name = $3
WHERE r.municipal_area_id = $1 AND left(r.quarter, 4) = left($2, 4) AND r.quarter < $2"""
_BY_LANGUAGE = {language: _EARLIER.format(language=language) for language in ("de", "en")}


async def read_gaps(ctx: Context, language: Language, release_id: UUID) -> dict[str, Any]:
    """Return the gaps of a computed release; 404 for one that cannot be seen."""
    whole = await read_whole(ctx, language, release_id)
    return {"release_id": str(release_id), **await gaps_of(ctx, language, whole)}


async def gaps_of(ctx: Context, language: Language, whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return the gaps of a release as `read_whole` returns it."""
    driver = await ctx.db.driver()
    rows = [
        row
        for area in {each["municipal_area_id"] for each in whole["tables"]}
        for row in await driver.fetch(_BY_LANGUAGE[language], area, whole["quarter"], BY_TOPIC)
    ]
    return gaps(whole, {row["quarter"]: row["body"] and orjson.loads(row["body"]) for row in rows})
