"""The inbox over HTTP."""

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
from app.notifications import actions, queries
from app.notifications.schemas import NotificationRead

router = Router(prefix="/v1/me/notifications", tags=["notifications"])

Owner = Annotated[Context, allow(Permission.NOTIFICATION_READ)]


@router.get("", response_model=Page[NotificationRead])
async def list_notifications(ctx: Owner, page: Paging) -> JsonBytes:
    """List one's notifications, newest first."""
    return await queries.list_notifications(ctx, page)


@router.post("/{notification_id}/read", response_model=NotificationRead)
async def mark_notification_read(ctx: Owner, once: Idempotent, notification_id: UUID) -> JsonBytes:
    """Mark a notification as read."""
    await once.run(ctx.db, actions.mark_read(ctx, notification_id))
    return await queries.read_notification(ctx, notification_id)
