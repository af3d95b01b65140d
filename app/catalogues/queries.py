"""Reading the catalogues: no personal data, so no journal, and whoever has them may keep them."""

import hashlib
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Date, Integer, bindparam, cast, func, or_, select
from starlette.responses import Response

from app.access.context import Context
from app.catalogues.language import Language
from app.catalogues.models import CatalogueEntry
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import Many

_SECONDS_FRESH = 300

VOCABULARIES = Many(
    select(CatalogueEntry.vocabulary, cast(func.count(), Integer).label("entries")).group_by(
        CatalogueEntry.vocabulary
    ),
    order=("vocabulary",),
)


def _entries(language: Language, *, valid: bool) -> Many:
    label = CatalogueEntry.label_de if language is Language.GERMAN else CatalogueEntry.label_en
    statement = select(
        CatalogueEntry.code,
        label.label("label"),
        CatalogueEntry.label_de,
        CatalogueEntry.label_en,
        CatalogueEntry.parent,
        CatalogueEntry.note,
        CatalogueEntry.attributes,
        CatalogueEntry.valid_from,
        CatalogueEntry.valid_to,
        CatalogueEntry.position.label("_position"),
    ).where(CatalogueEntry.vocabulary == bindparam("vocabulary"))
    if valid:
        day = bindparam("valid_on", type_=Date)
        statement = statement.where(
            or_(CatalogueEntry.valid_from.is_(None), CatalogueEntry.valid_from <= day),
            or_(CatalogueEntry.valid_to.is_(None), CatalogueEntry.valid_to >= day),
        )
    return Many(statement, order=("_position", "code"))


_ALL: Mapping[Language, Many] = {language: _entries(language, valid=False) for language in Language}
_VALID: Mapping[Language, Many] = {language: _entries(language, valid=True) for language in Language}
_EXISTS = "SELECT EXISTS (SELECT FROM catalogue_entries WHERE vocabulary = $1)"


async def list_vocabularies(ctx: Context, page: PageRequest, known: str | None) -> Response:
    return cacheable(await VOCABULARIES.answer(ctx.db, page), known)


async def list_entries(
    ctx: Context,
    page: PageRequest,
    vocabulary: str,
    language: Language,
    *,
    valid_on: date | None,
    known: str | None,
) -> Response:
    """Answer the entries of a vocabulary in the order of its source; 404 for an unknown one."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_EXISTS, vocabulary):
        raise NotFound
    read = _ALL[language] if valid_on is None else _VALID[language]
    answer = await read.answer(ctx.db, page, vocabulary=vocabulary, valid_on=valid_on)
    return cacheable(answer, known)


def cacheable(answer: Response, known: str | None) -> Response:
    """Return the answer with a strong ETag of its bytes, or 304 when the caller knows it."""
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": f"private, max-age={_SECONDS_FRESH}",
        "Vary": "Accept-Language, Authorization",
    }
    if etag in (part.strip() for part in (known or "").split(",")):
        return Response(status_code=304, headers=headers)
    answer.headers.update(headers)
    return answer
