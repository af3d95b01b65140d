"""Tables of a release in every form, and a release as a workbook: `Accept` chooses."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Header, Path, Request, Response

from app.access.guard import PERMISSION, entered
from app.access.permissions import Permission
from app.catalogues.language import Language, Preferred
from app.kit.clock import local_date
from app.kit.negotiation import wanted
from app.reporting import queries
from app.reporting.pictures.charts import chart
from app.reporting.pictures.drawing import Drawing, Form
from app.reporting.report.composing import report
from app.reporting.report.queries import read_obstacles
from app.reporting.schemas import ReleaseTableRead

router = APIRouter(prefix="/v1/releases", tags=["reporting"])

TableCode = Annotated[str, Path(max_length=60, pattern=r"^[a-z_]+$")]

JSON, CSV = "application/json", "text/csv"
VEGA_LITE = "application/vnd.vegalite.v6+json"
SVG, PNG = "image/svg+xml", "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"

_ENDING = {CSV: "csv", VEGA_LITE: "vl.json", SVG: "svg", PNG: "png"}
_PICTURES = {SVG: Form.SVG, PNG: Form.PNG}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            CSV: {"schema": {"type": "string"}},
            VEGA_LITE: {"schema": {"type": "object"}},
            SVG: {"schema": {"type": "string"}},
            PNG: _BINARY,
        },
        "description": "The whole table, or its chart",
    }
}
_WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: _BINARY}, "description": "The workbook"}
}
_REPORT: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: _BINARY}, "description": "The report"}}


async def _drawing(request: Request) -> Drawing:
    drawing: Drawing = request.app.state.drawing
    return drawing


async def _table(
    request: Request,
    language: Preferred,
    release_id: UUID,
    table: TableCode,
    accept: Annotated[str, Header(max_length=300)] = JSON,
) -> tuple[str, str]:
    media_type = wanted(accept, (JSON, *_ENDING))
    form = "csv" if media_type == CSV else "json"
    async with entered(request, Permission.RELEASE_READ) as ctx:
        return media_type, await queries.read_table(ctx, language, release_id, table, form=form)


async def _release(request: Request, language: Preferred, release_id: UUID) -> dict[str, Any]:
    async with entered(request, Permission.RELEASE_READ) as ctx:
        return await queries.read_whole(ctx, language, release_id)


async def _report(request: Request, release_id: UUID) -> tuple[str, dict[str, Any]]:
    async with entered(request, Permission.OBSTACLE_READ) as ctx:
        whole = await queries.read_whole(ctx, Language.GERMAN, release_id)
        told = report(whole, await read_obstacles(ctx), local_date(ctx.now))
        return whole["content"]["period"]["to"], told


# Each reads in a transaction of its own that is over before anything is drawn.
for _reading, _permission in (
    (_table, Permission.RELEASE_READ),
    (_release, Permission.RELEASE_READ),
    (_report, Permission.OBSTACLE_READ),
):
    setattr(_reading, PERMISSION, _permission)

Draws = Annotated[Drawing, Depends(_drawing)]


@router.get("/{release_id}/tables/{table}", response_model=ReleaseTableRead, responses=_FORMS)
async def read_release_table(
    draws: Draws, language: Preferred, table: TableCode, found: Annotated[tuple[str, str], Depends(_table)]
) -> Response:
    """Read a table as JSON or CSV, or its chart as Vega-Lite, SVG or PNG: `Accept` chooses."""
    media_type, text = found
    headers = {"Vary": "Accept, Accept-Language", "Content-Language": language}
    if media_type == JSON:
        return Response(text, media_type=JSON, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{table}.{_ENDING[media_type]}"'
    if media_type == CSV:
        return Response(text, media_type=f"{CSV}; charset=utf-8; header=present", headers=headers)
    spec = chart(orjson.loads(text), language)
    form = _PICTURES.get(media_type)
    body = orjson.dumps(spec) if form is None else await draws.make(form, spec)
    return Response(body, media_type=media_type, headers=headers)


@router.get("/{release_id}/workbook", response_class=Response, responses=_WORKBOOK)
async def read_release_workbook(
    draws: Draws, language: Preferred, whole: Annotated[dict[str, Any], Depends(_release)]
) -> Response:
    """Read a computed release as one XLSX workbook: what it states, and a sheet for each public table."""
    name = f"kim-{whole['content']['period']['to']}.xlsx"
    headers = {
        "Vary": "Accept-Language",
        "Content-Language": language,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(await draws.make(Form.WORKBOOK, whole), media_type=XLSX, headers=headers)


@router.get("/{release_id}/report", response_class=Response, responses=_REPORT)
async def read_release_report(
    draws: Draws, found: Annotated[tuple[str, dict[str, Any]], Depends(_report)]
) -> Response:
    """Read the report for the steering group as an accessible PDF, in German."""
    until, told = found
    headers = {
        "Content-Language": "de",
        "Content-Disposition": f'attachment; filename="kim-bericht-{until}.pdf"',
    }
    return Response(await draws.make(Form.REPORT, told), media_type=PDF, headers=headers)
