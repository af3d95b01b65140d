"""Meetings of the steering group over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional
from app.obstacles.meetings import actions, queries
from app.obstacles.meetings.schemas import (
    MeetingCancel,
    MeetingChange,
    MeetingHold,
    MeetingItem,
    MeetingPlan,
    MeetingRead,
)

router = Router(prefix="/v1/steering-meetings", tags=["obstacles"])

Reader = Annotated[Context, allow(Permission.MEETING_READ)]
Keeper = Annotated[Context, allow(Permission.MEETING_KEEP)]


@router.get("", response_model=Page[MeetingItem])
async def list_meetings(ctx: Reader, page: Paging) -> JsonBytes:
    """List the meetings of the steering group, the latest first."""
    return await queries.list_meetings(ctx, page)


@router.post("", status_code=201, response_model=MeetingRead)
async def plan_meeting(ctx: Keeper, once: Idempotent, body: MeetingPlan) -> JsonBytes:
    """Plan a meeting: day, place, agenda, and the release that is among the papers."""
    meeting_id = await once.run(ctx.db, actions.plan_meeting(ctx, body))
    return await queries.read_meeting(ctx, meeting_id, status=201)


@router.get("/{meeting_id}", response_model=MeetingRead)
async def read_meeting(ctx: Reader, meeting_id: UUID) -> JsonBytes:
    """Read a meeting with its agenda, the decisions taken at it and its minutes."""
    return await queries.read_meeting(ctx, meeting_id)


@router.patch("/{meeting_id}", response_model=MeetingRead)
async def change_meeting(ctx: Keeper, expected: IfMatch, meeting_id: UUID, body: MeetingChange) -> JsonBytes:
    """Change the plan of a meeting."""
    await actions.change_meeting(ctx, meeting_id, body, expected)
    return await queries.read_meeting(ctx, meeting_id)


@router.post("/{meeting_id}/hold", response_model=MeetingRead)
async def hold_meeting(
    ctx: Keeper, once: Idempotent, expected: IfMatchOptional, meeting_id: UUID, body: MeetingHold
) -> JsonBytes:
    """Close a meeting that took place, with its minutes."""
    await once.run(ctx.db, actions.hold_meeting(ctx, meeting_id, body, expected))
    return await queries.read_meeting(ctx, meeting_id)


@router.post("/{meeting_id}/cancel", response_model=MeetingRead)
async def cancel_meeting(
    ctx: Keeper, once: Idempotent, expected: IfMatchOptional, meeting_id: UUID, body: MeetingCancel
) -> JsonBytes:
    """Close a meeting that does not take place."""
    await once.run(ctx.db, actions.cancel_meeting(ctx, meeting_id, body, expected))
    return await queries.read_meeting(ctx, meeting_id)
