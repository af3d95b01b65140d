"""Tables of a release in every form, and a release as a workbook: `Accept` chooses."""

import asyncio
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
import structlog
from fastapi import Depends, Path, Query, Request, Response

from app.access.guard import allow_first, entered
from app.access.permissions import Permission
from app.catalogues.language import Language, Preferred
from app.kit.clock import local_date
from app.kit.errors import Invalid, NotFound, Unavailable
from app.kit.negotiation import Accept, wanted
from app.kit.routing import Router
from app.reporting import queries
from app.reporting.gaps.forms import as_grid
from app.reporting.gaps.queries import gaps_of
from app.reporting.pictures.charts import chart
from app.reporting.pictures.drawing import Drawing
from app.reporting.pictures.kinds import Form
from app.reporting.pictures.map import TOTAL, codes_beside, has_regions, region_map
from app.reporting.pictures.outlines import UnusableOutlines, load_outlines
from app.reporting.report.composing import report
from app.reporting.report.queries import read_obstacles
from app.reporting.schemas import ReleaseTableRead

log = structlog.get_logger(__name__)

router = Router(prefix="/v1/releases", tags=["reporting"])

TableCode = Annotated[str, Path(max_length=60, pattern=r"^[a-z_]+$")]

JSON, CSV = "application/json", "text/csv"
VEGA_LITE = "application/vnd.vegalite.v6+json"
SVG, PNG = "image/svg+xml", "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"

_ENDING = {CSV: "csv", VEGA_LITE: "vl.json", SVG: "svg", PNG: "png"}
_PICTURES = {SVG: Form.SVG, PNG: Form.PNG}
_MAPS = (VEGA_LITE, SVG, PNG)
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


Draws = Annotated[Drawing, Depends(_drawing)]


@router.get(
    "/{release_id}/tables/{table}",
    response_model=ReleaseTableRead,
    responses=_FORMS,
    dependencies=[allow_first(Permission.RELEASE_READ)],
)
async def read_release_table(
    request: Request,
    draws: Draws,
    language: Preferred,
    release_id: UUID,
    table: TableCode,
    drawn_as: Annotated[Literal["chart", "map"], Query(alias="as")] = "chart",
    code: Annotated[str, Query(max_length=60, pattern=r"^[A-Za-z0-9_+-]+$")] = TOTAL,
    accept: Accept = "*/*",
) -> Response:
    """Read a table as JSON or CSV, or its chart as Vega-Lite, SVG or PNG: `Accept` chooses.

    A table with regions can be drawn `as` a map, of all or of one `code` of its other dimension. A map is
    Vega-Lite, SVG or PNG: 406 for JSON and CSV, which would be the table and no map.
    """
    media_type = wanted(accept, _MAPS if drawn_as == "map" else (JSON, *_ENDING))
    async with entered(request, Permission.RELEASE_READ) as ctx:
        form = "csv" if media_type == CSV else "json"
        text = await queries.read_table(ctx, language, release_id, table, form=form)
    headers = {"Vary": "Accept, Accept-Language", "Content-Language": language}
    if media_type == JSON:
        return Response(text, media_type=JSON, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{table}.{_ENDING[media_type]}"'
    if media_type == CSV:
        return Response(text, media_type=f"{CSV}; charset=utf-8; header=present", headers=headers)
    frozen = orjson.loads(text)
    if drawn_as == "map":
        spec = await _map(request, frozen, language, code)
    else:
        spec = chart(frozen, language)
    picture = _PICTURES.get(media_type)
    body = orjson.dumps(spec) if picture is None else await draws.make(picture, spec)
    return Response(body, media_type=media_type, headers=headers)


async def _map(request: Request, table: dict[str, Any], language: str, code: str) -> dict[str, Any]:
    """Return the map of a table; 404 where it has no regions, 422 for a code that it has not."""
    if not has_regions(table):
        raise NotFound("This table has no regions, so there is no map of it.")
    if code not in codes_beside(table):
        raise Invalid.at("query.code", "unknown", "It is none of the codes of this table.")
    path = request.app.state.map_file
    if path is None:
        raise Unavailable("No outlines of municipalities are set up here.", retry_after=3600)
    try:
        outlines = await asyncio.to_thread(load_outlines, path)
    except (OSError, UnusableOutlines) as error:
        log.warning("outlines_unusable", why=str(error) if isinstance(error, ValueError) else "unreadable")
        raise Unavailable("The outlines of municipalities cannot be read.", retry_after=3600) from None
    return region_map(table, outlines, language, code)


@router.get(
    "/{release_id}/workbook",
    response_class=Response,
    responses=_WORKBOOK,
    dependencies=[allow_first(Permission.RELEASE_READ)],
)
async def read_release_workbook(
    request: Request, draws: Draws, language: Preferred, release_id: UUID
) -> Response:
    """Read a computed release as one XLSX workbook: what it states, and a sheet for each public table.

    The last sheet sets needs and offers beside each other, where it tells of them.
    """
    async with entered(request, Permission.RELEASE_READ) as ctx:
        whole = await queries.read_whole(ctx, language, release_id)
        view = await gaps_of(ctx, language, whole)
    if view["lines"]:
        whole["gaps"] = {**view, **as_grid(view, language)}
    name = f"kim-{whole['content']['period']['to']}.xlsx"
    headers = {
        "Vary": "Accept-Language",
        "Content-Language": language,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(await draws.make(Form.WORKBOOK, whole), media_type=XLSX, headers=headers)


@router.get(
    "/{release_id}/report",
    response_class=Response,
    responses=_REPORT,
    dependencies=[allow_first(Permission.OBSTACLE_READ)],
)
async def read_release_report(request: Request, draws: Draws, release_id: UUID) -> Response:
    """Read the report for the steering group as an accessible PDF, in German."""
    async with entered(request, Permission.OBSTACLE_READ) as ctx:
        whole = await queries.read_whole(ctx, Language.GERMAN, release_id)
        told = report(whole, await read_obstacles(ctx), local_date(ctx.now))
    name = f"kim-bericht-{whole['content']['period']['to']}.pdf"
    headers = {"Content-Language": "de", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(await draws.make(Form.REPORT, told), media_type=PDF, headers=headers)
