"""Imports over HTTP. Announce, send the sheet, look at the report, take until nothing is left."""

import re
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request
from starlette.responses import Response

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.imports import queries
from app.imports.actions.announcing import announce_import as announce
from app.imports.actions.deciding import decide_row
from app.imports.actions.reading import read_sheet
from app.imports.actions.subject import require_keys
from app.imports.actions.taking import take_rows
from app.imports.actions.undoing import undo_import as undo
from app.imports.receiving import BODY, Received
from app.imports.schemas import (
    ImportAnnounce,
    ImportKind,
    ImportRead,
    ImportRowRead,
    ImportTake,
    RowDecide,
)
from app.imports.templates import TEMPLATE_TYPE, template
from app.kit.idempotency import Idempotent, IdempotentStream
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page

router = Router(prefix="/v1/imports", tags=["imports"])
Importing = Annotated[Context, allow(Permission.IMPORT_TAKE)]
RowNumber = Annotated[int, Path(ge=1, le=1_000_000)]
SHEETS = re.compile(r"/v1/imports/[0-9a-fA-F-]{32,36}/sheet")
"""The addresses to which whole sheets are sent."""
_TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The template, to be saved",
        "content": {TEMPLATE_TYPE: {"schema": {"type": "string"}}},
    }
}


@router.get("", response_model=Page[ImportRead])
async def list_imports(ctx: Importing, page: Paging) -> JsonBytes:
    """List one's own imports, the latest first."""
    return await queries.list_imports(ctx, page)


@router.post("", status_code=201, response_model=ImportRead)
async def announce_import(ctx: Importing, once: Idempotent, body: ImportAnnounce) -> JsonBytes:
    """Announce a sheet of clients, households, cases or contacts, and say which heading is which field."""
    import_id = await once.run(ctx.db, announce(ctx, body))
    return await queries.read_import(ctx, import_id, status=201)


@router.get("/templates/{kind}", response_class=Response, responses=_TEMPLATE)
async def read_import_template(ctx: Importing, kind: ImportKind) -> Response:
    """Download an empty sheet (CSV) whose headings need no mapping."""
    del ctx
    return template(kind)


@router.get("/{import_id:uuid}", response_model=ImportRead)
async def read_import(ctx: Importing, import_id: UUID) -> JsonBytes:
    """Read how far an import is."""
    return await queries.read_import(ctx, import_id)


@router.post("/{import_id:uuid}/sheet", response_model=ImportRead, openapi_extra=BODY)
async def read_import_sheet(
    request: Request, sheet: Received, ctx: Importing, once: IdempotentStream, import_id: UUID
) -> JsonBytes:
    """Send the sheet, at most 10 MiB and 20,000 rows. It is read and checked; nothing is taken yet."""
    keys = require_keys(request.app.state.field_keys)
    once = replace(once, digest=bytes.fromhex(sheet.sha256))
    await once.run(ctx.db, read_sheet(ctx, keys, import_id, sheet))
    return await queries.read_import(ctx, import_id)


@router.get("/{import_id:uuid}/rows", response_model=Page[ImportRowRead])
async def list_import_rows(
    ctx: Importing, page: Paging, import_id: UUID, only_bad: Annotated[bool, Query()] = False
) -> JsonBytes:
    """Read the report row by row; with `only_bad` what is wrong, undecided or could not be undone."""
    return await queries.list_rows(ctx, import_id, page, only_bad=only_bad)


@router.post("/{import_id:uuid}/rows/{row_number}/decide", response_model=ImportRowRead)
async def decide_import_row(
    ctx: Importing, once: Idempotent, import_id: UUID, row_number: RowNumber, body: RowDecide
) -> JsonBytes:
    """Decide about a possible duplicate: take it as somebody else, link it, or leave it out."""
    await once.run(ctx.db, decide_row(ctx, import_id, row_number, body))
    return await queries.read_row(ctx, import_id, row_number)


@router.post("/{import_id:uuid}/take", response_model=ImportRead)
async def take_import_rows(ctx: Importing, import_id: UUID, body: ImportTake) -> JsonBytes:
    """Take the next 250 rows; call again while `left` is above zero. Repeating it doubles nothing."""
    await take_rows(ctx, import_id, body)
    return await queries.read_import(ctx, import_id)


@router.post("/{import_id:uuid}/undo", response_model=ImportRead)
async def undo_import(ctx: Importing, import_id: UUID) -> JsonBytes:
    """Undo the next 250 rows, the last first; call again while `left` is above zero.

    What somebody has gone on with stays, and the report says why.
    """
    await undo(ctx, import_id)
    return await queries.read_import(ctx, import_id)
