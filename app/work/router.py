"""Timeline, working list and caseload over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.settings import Settings
from app.work.caseload import queries as caseload
from app.work.caseload.schemas import CaseloadRead
from app.work.open_items import queries as open_items
from app.work.open_items.schemas import OpenItemsRead
from app.work.timeline import queries as timeline
from app.work.timeline.schemas import TimelineRead
from app.work.timeline.source import KINDS
from app.work.working_list import queries as working_list
from app.work.working_list.groups import Group
from app.work.working_list.schemas import WorkRead

router = Router(prefix="/v1", tags=["work"])

_KIND = f"(?:{'|'.join(KINDS)})"
_KINDS = f"^{_KIND}(?:,{_KIND}){{0,{len(KINDS) - 1}}}$"


async def school_weeks(request: Request) -> int:
    """Return after how many weeks a child without a school comes up, as the operator has set."""
    settings: Settings = request.app.state.settings
    return settings.weeks_waiting_for_school


async def evidence_days(request: Request) -> int:
    """Return after how many days a consent without evidence comes up, as the operator has set."""
    settings: Settings = request.app.state.settings
    return settings.days_without_evidence


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
    return await timeline.read_timeline(ctx, case_id, page, kinds.split(",") if kinds else None)


@router.get("/cases/{case_id}/open-items", response_model=OpenItemsRead)
async def read_open_items(ctx: Annotated[Context, allow(Permission.CASE_READ)], case_id: UUID) -> JsonBytes:
    """Read what is open in a case, before it is closed or when it is handed over."""
    return await open_items.read_open_items(ctx, case_id)


@router.get("/me/work", response_model=WorkRead)
async def read_work(
    ctx: Annotated[Context, allow(Permission.WORK_READ)],
    page: Paging,
    weeks: Annotated[int, Depends(weeks_asked)],
    waiting: Annotated[int, Depends(school_weeks)],
    unproven: Annotated[int, Depends(evidence_days)],
    group: Annotated[Group | None, Query(description="only this group, page by page")] = None,
) -> JsonBytes:
    """Read what is due in one's own and deputised cases, or for a team lead; `limit` bounds each group."""
    return await working_list.read_work(ctx, page, group, weeks, waiting, unproven)


@router.get("/units/{unit_id}/caseload", response_model=CaseloadRead)
async def read_caseload(ctx: Annotated[Context, allow(Permission.CASELOAD_READ)], unit_id: UUID) -> JsonBytes:
    """Read how many cases a unit and its case managers carry, by phase and waiting time, without content."""
    return await caseload.read_caseload(ctx, unit_id)
