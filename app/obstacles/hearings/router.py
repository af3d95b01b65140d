"""Hearings over HTTP: the coordination asks, institutions read and comment."""

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
from app.kit.versions import IfMatchOptional
from app.obstacles import queries as obstacles
from app.obstacles.hearings import actions, queries
from app.obstacles.hearings.schemas import HearingComment, HearingOpen, HearingRead
from app.obstacles.schemas import ObstacleRead

router = Router(prefix="/v1", tags=["obstacles"])

Heard = Annotated[Context, allow(Permission.HEARING_ANSWER)]


@router.post("/obstacles/{obstacle_id}/hearings", response_model=ObstacleRead)
async def open_hearings(
    ctx: Annotated[Context, allow(Permission.OBSTACLE_WORK)],
    once: Idempotent,
    obstacle_id: UUID,
    body: HearingOpen,
) -> JsonBytes:
    """Show the institutions concerned what a release says about their group, and ask them for comments."""
    await once.run(ctx.db, actions.open_hearings(ctx, obstacle_id, body))
    return await obstacles.read_obstacle(ctx, obstacle_id)


@router.get("/obstacles/{obstacle_id}/hearings", response_model=Page[HearingRead])
async def list_obstacle_hearings(
    ctx: Annotated[Context, allow(Permission.OBSTACLE_READ)], page: Paging, obstacle_id: UUID
) -> JsonBytes:
    """List who was asked about an obstacle, and what they said, newest first."""
    return await queries.list_obstacle_hearings(ctx, obstacle_id, page)


@router.get("/hearings", response_model=Page[HearingRead])
async def list_hearings(ctx: Heard, page: Paging) -> JsonBytes:
    """List what one's institution was asked, newest first."""
    return await queries.list_hearings(ctx, page)


@router.get("/hearings/{hearing_id}", response_model=HearingRead)
async def read_hearing(ctx: Heard, hearing_id: UUID) -> JsonBytes:
    """Read what one's institution was asked."""
    return await queries.read_hearing(ctx, hearing_id)


@router.post("/hearings/{hearing_id}/comment", response_model=HearingRead)
async def comment_on_hearing(
    ctx: Heard, once: Idempotent, expected: IfMatchOptional, hearing_id: UUID, body: HearingComment
) -> JsonBytes:
    """Comment in the name of the institution, until the last day."""
    await once.run(ctx.db, actions.comment_on_hearing(ctx, hearing_id, body, expected))
    return await queries.read_hearing(ctx, hearing_id)
