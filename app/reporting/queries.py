"""Reading releases, their tables and the signals: protected figures only, so no journal.

What is published is read from the copies, which do not know when it was computed: how long that took depends
on hidden figures. Coordinators of the area read the releases themselves, published or not.
"""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.catalogues.language import Language
from app.catalogues.models import CatalogueEntry
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.reporting.catalogue import SIGNALS
from app.reporting.classes import NO_INSTITUTION, WITHOUT_GROUP
from app.reporting.models import PublishedRelease, Release, ReleaseCell
from app.reporting.rules import State


def _word(text: str) -> ColumnElement[str]:
    """Return a word of our own as it stands in the SQL."""
    return literal_column(f"'{text}'", Text)


_ENGLISH = cast(bindparam("language"), Text) == _word("en")

_QUARTER = cast(bindparam("quarter"), Text)

_OWN = select(
    Release.id,
    Release.municipal_area_id,
    Release.quarter,
    Release.state,
    Release.detail,
    Release.refusal,
    Release.requested_at,
    Release.computed_at,
    Release.published_at,
    Release.sha256,
    case((_ENGLISH, Release.content_en), else_=Release.content_de).label("content"),
    Release.version,
)

_PUBLISHED = select(
    PublishedRelease.id,
    PublishedRelease.municipal_area_id,
    PublishedRelease.quarter,
    _word(State.PUBLISHED),
    cast(null(), Text),
    cast(null(), Text),
    cast(null(), DateTime(timezone=True)),
    cast(null(), DateTime(timezone=True)),
    PublishedRelease.published_at,
    PublishedRelease.sha256,
    case((_ENGLISH, PublishedRelease.content_en), else_=PublishedRelease.content_de),
    PublishedRelease.version,
).where(~exists().where(Release.id == PublishedRelease.id))

_ALL = union_all(_OWN, _PUBLISHED).subquery()
_RELEASE = select(*_ALL.c)

_WITHHELD = ("requested_at", "computed_at", "detail")
"""Of a release that the reader knows as published only."""

ONE_RELEASE = One(_RELEASE.where(_ALL.c.id == bindparam("id")), withheld=_WITHHELD)
RELEASES = Many(_RELEASE, order=("quarter", "municipal_area_id", "id"), descending=True, withheld=_WITHHELD)

# One indexed read, whatever the number of reports; a coordinator finds a published table twice.
_TABLE = """SELECT {body} FROM published_tables WHERE release_id = $1 AND name = $2
UNION ALL SELECT {body} FROM release_tables WHERE release_id = $1 AND name = $2 LIMIT 1"""
_BODIES = {
    f"{form}_{language}": _TABLE.format(body=f"{form}_{language}")
    for form in ("json", "csv")
    for language in ("de", "en")
}
_STATED = """SELECT r.quarter, r.sha256, r.content_{language}::text AS content,
    (SELECT coalesce(array_agg(t.json_{language}), '{{}}') FROM {tables} t
        WHERE t.municipal_area_id = r.municipal_area_id AND t.release_id = r.id AND {public}) AS tables
FROM {releases} r WHERE r.id = $1 AND r.sha256 IS NOT NULL"""
_SOURCES = (("published_releases", "published_tables", "true"), ("releases", "release_tables", "t.is_public"))
_WHOLE = {
    language: " UNION ALL ".join(
        _STATED.format(language=language, releases=releases, tables=tables, public=public)
        for releases, tables, public in _SOURCES
    )
    + " LIMIT 1"
    for language in ("de", "en")
}

_code_of_type = cast(literal_column("release_cells.codes[1]"), Text)
_code_of_group = cast(literal_column("release_cells.codes[2]"), Text)
_TYPE = aliased(CatalogueEntry)
_GROUP = aliased(CatalogueEntry)
_WITHOUT = case((_ENGLISH, _word(NO_INSTITUTION.en)), else_=_word(NO_INSTITUTION.de))

# The codes of a cell are those of its table: type, group. Only types and groups are found in their
# vocabularies, so totals and categories fall away; zeros are left out, and what is left is no line.
_SIGNALS = (
    select(
        Release.quarter,
        _TYPE.code.label("barrier_type"),
        case((_ENGLISH, _TYPE.label_en), else_=_TYPE.label_de).label("barrier_type_label"),
        _GROUP.code.label("institution_group"),
        func.coalesce(case((_ENGLISH, _GROUP.label_en), else_=_GROUP.label_de), _WITHOUT).label(
            "institution_group_label"
        ),
        case((ReleaseCell.value.is_not(None), _word("count")), else_=_word("signal")).label("status"),
        ReleaseCell.value.label("count"),
        Release.id.label("release_id"),
        ReleaseCell.position.label("_position"),
    )
    .select_from(Release)
    .join(
        ReleaseCell,
        and_(
            ReleaseCell.municipal_area_id == Release.municipal_area_id,
            ReleaseCell.release_id == Release.id,
            ReleaseCell.table_name == _word(SIGNALS),
            or_(ReleaseCell.status == _word("published"), ReleaseCell.status == _word("suppressed")),
        ),
    )
    .join(_TYPE, and_(_TYPE.vocabulary == _word("barrier_type"), _TYPE.code == _code_of_type))
    .outerjoin(_GROUP, and_(_GROUP.vocabulary == _word("institution_group"), _GROUP.code == _code_of_group))
    .where(
        or_(Release.state == _word(State.COMPUTED), Release.state == _word(State.PUBLISHED)),
        or_(_GROUP.code.is_not(None), _code_of_group == _word(WITHOUT_GROUP)),
        or_(_QUARTER.is_(None), Release.quarter == _QUARTER),
    )
)
LIST_SIGNALS = Many(_SIGNALS, order=("quarter", "_position"))


async def read_release(ctx: Context, language: Language, release_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_RELEASE.answer(ctx.db, status=status, id=release_id, language=language)


async def list_releases(ctx: Context, language: Language, page: PageRequest) -> JsonBytes:
    return await RELEASES.answer(ctx.db, page, language=language)


async def read_table(ctx: Context, language: Language, release_id: UUID, name: str, *, form: str) -> str:
    """Return a table of a release as it was rendered (`json`, `csv`); 404 for what nobody may see."""
    driver = await ctx.db.driver()
    body: str | None = await driver.fetchval(_BODIES[f"{form}_{language}"], release_id, name)
    if body is None:
        raise NotFound
    return body


async def read_whole(ctx: Context, language: Language, release_id: UUID) -> dict[str, Any]:
    """Return what a computed release states, and its public tables in the order in which it names them."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_WHOLE[language], release_id)
    if row is None:
        raise NotFound
    content = orjson.loads(row["content"])
    tables = {each["name"]: each for each in map(orjson.loads, row["tables"])}
    return {
        "language": language,
        "quarter": row["quarter"],
        "sha256": row["sha256"],
        "content": content,
        "tables": [tables[each["name"]] for each in content["tables"]],
    }


async def list_signals(ctx: Context, language: Language, page: PageRequest, quarter: str | None) -> JsonBytes:
    return await LIST_SIGNALS.answer(ctx.db, page, language=language, quarter=quarter)
