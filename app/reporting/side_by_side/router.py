"""The state's view over HTTP: a table of a quarter over all areas."""

from typing import Annotated, Any

import orjson
from fastapi import Path, Request, Response

from app.access.guard import allow_first, entered
from app.access.permissions import Permission
from app.catalogues.language import Preferred
from app.kit.errors import NotFound
from app.kit.negotiation import Accept, wanted
from app.kit.quarters import QuarterCode
from app.kit.routing import Router
from app.reporting.forms_router import CSV, JSON, XLSX, Draws, TableCode
from app.reporting.pictures.kinds import Form
from app.reporting.side_by_side.composing import side_by_side
from app.reporting.side_by_side.forms import as_csv, as_paper
from app.reporting.side_by_side.queries import read_published
from app.reporting.side_by_side.rules import by_town, comparable
from app.reporting.side_by_side.schemas import SideBySideRead

router = Router(prefix="/v1/state", tags=["reporting"])

QuarterOfPath = Annotated[QuarterCode, Path()]
_BY_TOWN = "Tables by town are shown by each area alone: every area has towns of its own."
_ENDING = {CSV: "csv", XLSX: "xlsx"}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            CSV: {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
        "description": "The table over all areas",
    }
}


@router.get(
    "/quarters/{quarter}/tables/{table}",
    response_model=SideBySideRead,
    responses=_ANSWERS,
    dependencies=[allow_first(Permission.STATE_VIEW_READ)],
)
async def read_state_table(
    request: Request,
    draws: Draws,
    language: Preferred,
    quarter: QuarterOfPath,
    table: TableCode,
    accept: Accept = JSON,
) -> Response:
    """Read a table of a quarter as every area published it, side by side: JSON, CSV or XLSX.

    Tables by town are not among them (404, `detail` says so): they are read in each area alone.
    """
    media_type = wanted(accept, (JSON, *_ENDING))
    if table not in comparable():
        raise NotFound(_BY_TOWN if table in by_town() else None)
    which, words = comparable()[table]
    async with entered(request, Permission.STATE_VIEW_READ) as ctx:
        areas = await read_published(ctx, language, quarter, table)
    view = side_by_side(areas, which, words, quarter, language)
    headers = {"Vary": "Accept, Accept-Language", "Content-Language": language}
    if media_type == JSON:
        return Response(orjson.dumps(view), media_type=JSON, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{table}-{quarter}.{_ENDING[media_type]}"'
    if media_type == CSV:
        text = as_csv(view, language)
        return Response(text, media_type=f"{CSV}; charset=utf-8; header=present", headers=headers)
    paper = as_paper(view, language, is_rate=which.quotient is not None)
    body = await draws.make(Form.SHEETS, {**paper})
    return Response(body, media_type=XLSX, headers=headers)
