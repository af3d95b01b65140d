"""Reading one's own inbox: the policy shows nobody else's. Ids and codes only, so no journal."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, select

from app.access.context import Context
from app.cases.tasks.models import Task
from app.conferences.models import Conference
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.notifications.models import Notification
from app.transfers.models import CaseTransfer


def _case_of(model: type[Task] | type[Conference] | type[CaseTransfer]) -> Any:
    named = (model.municipal_area_id == Notification.municipal_area_id, model.id == Notification.object_id)
    return select(model.case_id).where(*named).correlate(Notification).scalar_subquery()


_CASE = case(
    (Notification.object_type == "task", _case_of(Task)),
    (Notification.object_type == "conference", _case_of(Conference)),
    (Notification.object_type == "transfer", _case_of(CaseTransfer)),
)
_NOTIFICATION = select(
    Notification.id,
    Notification.kind,
    Notification.object_type,
    Notification.object_id,
    _CASE.label("case_id"),
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
