"""The calendar address over HTTP, and the calendar itself, which is read without sign-in."""

from typing import Annotated, Any

from fastapi import Header
from starlette.responses import Response

from app.access.context import Context, PublicContext
from app.access.guard import allow, everyone
from app.access.permissions import Permission
from app.calendars import actions, queries
from app.calendars.schemas import CalendarRead, CalendarSecret
from app.kit.reading import JsonBytes
from app.kit.routing import Router

router = Router(prefix="/v1", tags=["calendars"])
Owner = Annotated[Context, allow(Permission.CALENDAR_SHARE)]

_ICS: dict[int | str, dict[str, Any]] = {
    200: {"content": {queries.MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "iCalendar"},
    304: {"description": "Nothing has changed"},
}


@router.get("/me/calendar", response_model=CalendarRead)
async def read_calendar(ctx: Owner) -> JsonBytes:
    """Read whether one shares one's dates, and when they were last fetched."""
    return await queries.read_calendar(ctx)


@router.post("/me/calendar", status_code=201)
async def share_calendar(ctx: Owner) -> CalendarSecret:
    """Get a new secret address for one's dates; the one before opens nothing from now on."""
    return await actions.share_calendar(ctx)


@router.delete("/me/calendar", status_code=204)
async def revoke_calendar(ctx: Owner) -> None:
    """Take the secret address back."""
    await actions.revoke_calendar(ctx)


@router.get("/calendar/{secret}.ics", response_class=Response, responses=_ICS)
async def read_calendar_feed(
    ctx: Annotated[PublicContext, everyone()],
    secret: str,
    if_none_match: Annotated[str | None, Header(max_length=400)] = None,
) -> Response:
    """Read one's dates in a calendar program: when something is due, and nothing of what it is."""
    owner = await actions.open_calendar(ctx, secret)
    return await queries.read_dates(ctx.db, owner, ctx.now, if_none_match)
