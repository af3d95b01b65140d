"""Catalogues over HTTP: the vocabularies that everybody's forms and lists are made of."""

from typing import Annotated

from fastapi import Header, Path, Query
from starlette.responses import Response

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.catalogues import queries
from app.catalogues.language import Preferred
from app.catalogues.schemas import EntryRead, VocabularyRead
from app.kit.pages import Paging
from app.kit.routing import Router
from app.kit.schema import Day, Page

router = Router(prefix="/v1/catalogues", tags=["catalogues"])

Reading = Annotated[Context, allow(Permission.CATALOGUE_READ)]
Known = Annotated[str | None, Header(alias="If-None-Match", max_length=400)]
Vocabulary = Annotated[str, Path(max_length=60, pattern=r"^[a-z_]+$")]


@router.get("", response_model=Page[VocabularyRead], responses={304: {"description": "Not changed"}})
async def list_vocabularies(ctx: Reading, page: Paging, known: Known = None) -> Response:
    """List the vocabularies."""
    return await queries.list_vocabularies(ctx, page, known)


@router.get("/{vocabulary}", response_model=Page[EntryRead], responses={304: {"description": "Not changed"}})
async def list_entries(
    ctx: Reading,
    page: Paging,
    vocabulary: Vocabulary,
    language: Preferred,
    valid_on: Annotated[Day | None, Query(description="only what can be chosen on this day")] = None,
    known: Known = None,
) -> Response:
    """List the entries of a vocabulary, labelled in the language of `Accept-Language`."""
    return await queries.list_entries(ctx, page, vocabulary, language, valid_on=valid_on, known=known)
