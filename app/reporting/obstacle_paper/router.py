"""The paper of an obstacle as JSON or PDF: `Accept` chooses."""

from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response

from app.access.guard import allow_first, entered
from app.access.permissions import Permission
from app.catalogues.language import Language, Preferred
from app.kit.clock import local_date
from app.kit.negotiation import Accept, wanted
from app.kit.routing import Router
from app.reporting.forms_router import JSON, PDF, Draws
from app.reporting.obstacle_paper import queries
from app.reporting.obstacle_paper.composing import paper, printed
from app.reporting.obstacle_paper.schemas import PaperRead
from app.reporting.pictures.kinds import Form
from app.reporting.report.queries import read_obstacle

router = Router(prefix="/v1/obstacles", tags=["obstacles"])

_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        "description": "The paper",
    }
}


@router.get(
    "/{obstacle_id}/paper",
    response_model=PaperRead,
    responses=_FORMS,
    dependencies=[allow_first(Permission.OBSTACLE_READ)],
)
async def read_obstacle_paper(
    request: Request,
    draws: Draws,
    language: Preferred,
    obstacle_id: UUID,
    accept: Accept = JSON,
) -> Response:
    """Read all that is said of an obstacle as one document: JSON, or an accessible PDF in German."""
    media_type = wanted(accept, (JSON, PDF))
    language = Language.GERMAN if media_type == PDF else language
    async with entered(request, Permission.OBSTACLE_READ) as ctx:
        obstacle = await read_obstacle(ctx, obstacle_id)
        release, tables = await queries.read_latest(ctx, language)
        area, today = await queries.read_area(ctx), local_date(ctx.now)
    written = paper(area, obstacle, release, tables, today, language)
    headers = {
        "Vary": "Accept, Accept-Language",
        "Content-Language": language,
        "Content-Disposition": f'attachment; filename="hindernis.{"pdf" if media_type == PDF else "json"}"',
    }
    if media_type == JSON:
        return Response(orjson.dumps(written), media_type=JSON, headers=headers)
    made = await draws.make(Form.OBSTACLE_PAPER, printed(obstacle, written, today))
    return Response(made, media_type=PDF, headers=headers)
