"""Timeline, working list and caseload over HTTP."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.settings import Settings
from app.work.caseload import queries as caseload
from app.work.caseload.schemas import CaseloadRead
from app.work.timeline import queries as timeline
from app.work.timeline.schemas import TimelineRead
from app.work.timeline.sources import KINDS, Kind
from app.work.working_list import queries as working_list
from app.work.working_list.schemas import WorkRead
from app.work.working_list.sources import Group

router = APIRouter(prefix="/v1", tags=["work"])

_KIND = f"(?:{'|'.join(KINDS)})"
_KINDS = f"^{_KIND}(?:,{_KIND}){{0,{len(KINDS) - 1}}}$"


async def weeks_asked(
    request: Request,
    weeks_without_contact: Annotated[
        int | None, Query(ge=1, le=52, description="after how many weeks a case counts as without contact")
    ] = None,
) -> int:
    """Return the weeks asked for, or those that the operator has set."""
    settings: Settings = request.app.state.settings
    return weeks_without_contact or settings.weeks_without_contact


@router.get("/cases/{case_id}/timeline", response_model=TimelineRead)
async def read_timeline(
    ctx: Annotated[Context, allow(Permission.CASE_READ)],
    page: Paging,
    case_id: UUID,
    kinds: Annotated[
        str | None, Query(pattern=_KINDS, description="only these kinds, separated by commas")
    ] = None,
) -> JsonBytes:
    """Read the story of a case, newest first, in both directions."""
    wanted = cast("list[Kind]", kinds.split(",")) if kinds else None  # the pattern lets nothing else pass
    return await timeline.read_timeline(ctx, case_id, page, wanted)


@router.get("/me/work", response_model=WorkRead)
async def read_work(
    ctx: Annotated[Context, allow(Permission.WORK_READ)],
    page: Paging,
    weeks: Annotated[int, Depends(weeks_asked)],
    group: Annotated[Group | None, Query(description="only this group, page by page")] = None,
) -> JsonBytes:
    """Read what is due in one's own and deputised cases; `limit` bounds each group."""
    return await working_list.read_work(ctx, page, group, weeks)


@router.get("/units/{unit_id}/caseload", response_model=CaseloadRead)
async def read_caseload(ctx: Annotated[Context, allow(Permission.CASELOAD_READ)], unit_id: UUID) -> JsonBytes:
    """Read how many cases a unit and its case managers carry, by phase and waiting time, without content."""
    return await caseload.read_caseload(ctx, unit_id)
