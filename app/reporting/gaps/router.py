"""The view of gaps over HTTP: needs and offers of a release side by side."""

from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response

from app.access.guard import allow_first, entered
from app.access.permissions import Permission
from app.catalogues.language import Preferred
from app.kit.negotiation import Accept, wanted
from app.kit.routing import Router
from app.reporting.forms_router import CSV, JSON, XLSX, Draws
from app.reporting.gaps.forms import as_csv, as_paper
from app.reporting.gaps.queries import read_gaps
from app.reporting.gaps.schemas import GapsRead
from app.reporting.pictures.kinds import Form

router = Router(prefix="/v1/releases", tags=["reporting"])

_ENDING = {CSV: "csv", XLSX: "xlsx"}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            CSV: {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
        "description": "Needs and offers, side by side",
    }
}


@router.get(
    "/{release_id}/gaps",
    response_model=GapsRead,
    responses=_ANSWERS,
    dependencies=[allow_first(Permission.RELEASE_READ)],
)
async def read_release_gaps(
    request: Request, draws: Draws, language: Preferred, release_id: UUID, accept: Accept = JSON
) -> Response:
    """Read where offers are missing: needs and offers by topic and region, from published figures alone.

    As JSON, CSV or XLSX: `Accept` chooses.
    """
    media_type = wanted(accept, (JSON, *_ENDING))
    async with entered(request, Permission.RELEASE_READ) as ctx:
        view = await read_gaps(ctx, language, release_id)
    headers = {"Vary": "Accept, Accept-Language", "Content-Language": language}
    if media_type == JSON:
        return Response(orjson.dumps(view), media_type=JSON, headers=headers)
    name = f"kim-gaps-{view['quarter']}.{_ENDING[media_type]}"
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if media_type == CSV:
        text = as_csv(view, language)
        return Response(text, media_type=f"{CSV}; charset=utf-8; header=present", headers=headers)
    body = await draws.make(Form.SHEETS, {**as_paper(view, language)})
    return Response(body, media_type=XLSX, headers=headers)
