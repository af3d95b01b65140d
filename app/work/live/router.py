"""Live changes over HTTP."""

from typing import Annotated, Any

from fastapi import Header, Request

from app.access.context import Context
from app.access.guard import Gate, allow, asked_again
from app.access.permissions import Permission
from app.kit.catching_up import LONGEST_CURSOR
from app.kit.routing import Router
from app.settings import Settings
from app.work.live.hub import Stream
from app.work.live.streaming import EventStream, Pace
from app.work.sync.queries import check_cursor, present_cursor

router = Router(prefix="/v1/events", tags=["work"])
LastEvent = Annotated[
    str | None,
    Header(
        min_length=20,
        max_length=LONGEST_CURSOR,
        description="the id of the last event, or `next` of `/v1/sync`: go on there",
    ),
]


_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A stream of events; the data of `changes` are the `items` of `/v1/sync`",
        "content": {"text/event-stream": {"schema": {"description": "each with `event`, `id` and `data`"}}},
    }
}


@router.get("", status_code=200, response_class=EventStream, response_model=None, responses=_EVENTS)
async def follow_changes(
    request: Request, ctx: Annotated[Context, allow(Permission.SYNC_READ)], last_event_id: LastEvent = None
) -> EventStream:
    """Follow what changes in one's cases as server-sent events: ids and versions as in `/v1/sync`.

    Events are `begin`, `changes` and `end`; the id of each is a cursor of `/v1/sync`. The server ends a
    stream after some time; come back with `Last-Event-ID`.
    """
    if last_event_id is not None:
        await check_cursor(ctx, last_event_id)
    cursor = last_event_id or await present_cursor(ctx)
    gate: Gate = request.app.state.gate
    settings: Settings = request.app.state.settings
    return EventStream(
        request.app.state.hub,
        Stream(ctx.actor.municipal_area_id, ctx.actor.user_id),
        lambda: asked_again(gate, ctx.actor.session_id, request.state.request_id, Permission.SYNC_READ),
        cursor,
        Pace(settings.event_heartbeat_seconds, settings.event_stream_seconds),
    )
