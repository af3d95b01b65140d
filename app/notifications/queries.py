"""Reading one's own inbox: the policy shows nobody else's. Ids and codes only, so no journal."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.notifications.models import Notification

_NOTIFICATION = select(
    Notification.id,
    Notification.kind,
    Notification.object_type,
    Notification.object_id,
    Notification.created_at,
    Notification.read_at,
)
ONE_NOTIFICATION = One(_NOTIFICATION.where(Notification.id == bindparam("id")))
INBOX = Many(_NOTIFICATION, order=("created_at", "id"), descending=True)


async def list_notifications(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the actor's inbox, newest first."""
    return await INBOX.answer(ctx.db, page)


async def read_notification(ctx: Context, notification_id: UUID) -> JsonBytes:
    return await ONE_NOTIFICATION.answer(ctx.db, id=notification_id)
