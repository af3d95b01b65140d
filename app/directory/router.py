"""Institutions over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.directory import actions, queries
from app.directory.schemas import (
    ImportReport,
    InstitutionChange,
    InstitutionCreate,
    InstitutionRead,
    SheetImport,
)
from app.kit.errors import Invalid
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Code, Page
from app.kit.versions import IfMatch

router = Router(prefix="/v1/institutions", tags=["directory"])

Reading = Annotated[Context, allow(Permission.INSTITUTION_READ)]
Changing = Annotated[Context, allow(Permission.INSTITUTION_CHANGE)]
_SHEET: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": SheetImport.model_json_schema()},
        },
    }
}


@router.get("", response_model=Page[InstitutionRead])
async def list_institutions(
    ctx: Reading,
    page: Paging,
    institution_type: Annotated[Code | None, Query(description="only of this kind")] = None,
) -> JsonBytes:
    """List the institutions of the area."""
    return await queries.list_institutions(ctx, page, institution_type)


@router.post("", status_code=201, response_model=InstitutionRead)
async def create_institution(ctx: Changing, once: Idempotent, body: InstitutionCreate) -> JsonBytes:
    """Create an institution."""
    institution_id = await once.run(ctx.db, actions.create_institution(ctx, body))
    return await queries.read_institution(ctx, institution_id, status=201)


@router.post("/import", openapi_extra=_SHEET)
async def import_institutions(
    ctx: Changing,
    request: Request,
    take_good_lines: Annotated[bool, Query(description="take what is good although lines are bad")] = False,
) -> ImportReport:
    """Create and change institutions from a sheet, by name; the report names every bad line.

    The columns are name, institution_type, municipality, street, postcode, phone, email, languages.
    """
    return await actions.import_sheet(ctx.db, await _sheet_text(request), take_good_lines=take_good_lines)


@router.get("/{institution_id:uuid}", response_model=InstitutionRead)
async def read_institution(ctx: Reading, institution_id: UUID) -> JsonBytes:
    """Read one institution."""
    return await queries.read_institution(ctx, institution_id)


@router.patch("/{institution_id:uuid}", response_model=InstitutionRead)
async def change_institution(
    ctx: Changing, expected: IfMatch, institution_id: UUID, body: InstitutionChange
) -> JsonBytes:
    """Change an institution."""
    await actions.change_institution(ctx, institution_id, body, expected)
    return await queries.read_institution(ctx, institution_id)


async def _sheet_text(request: Request) -> str:
    body = await request.body()
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        try:
            return SheetImport.model_validate_json(body).csv
        except ValidationError as error:
            errors = [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors()]
            raise RequestValidationError(errors) from None
    if media_type != "text/csv":
        raise Invalid.at("body", "media_type", "A sheet is sent as text/csv or application/json.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Invalid.at("body", "not_utf8", "A sheet is text in UTF-8.") from None
