"""What one does with one's inbox."""

from uuid import UUID

from app.access.context import Context
from app.kit.changes import locked
from app.notifications.models import Notification


async def mark_read(ctx: Context, notification_id: UUID) -> UUID:
    """Mark a notification as read; the first time counts. 404 for somebody else's."""
    notification = await locked(ctx.db, Notification, notification_id)
    if notification.read_at is None:
        notification.read_at = ctx.now
    return notification_id
