"""Reading disputes: all of a person, with those that have ended, and one."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.audit import reading
from app.clients.disputes.models import Dispute
from app.clients.models import Client
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_READ = select(
    Dispute.id,
    Dispute.version,
    Dispute.client_id,
    Dispute.entry,
    Dispute.entry_ids,
    Dispute.field,
    Dispute.says,
    Dispute.disputed_by,
    Dispute.disputed_on,
    Dispute.recorded_by,
    Dispute.outcome,
    Dispute.reason,
    Dispute.resolved_at,
    Dispute.resolved_by,
    Client.pseudonym.label("_client"),
).join_from(
    Dispute,
    Client,
    (Client.municipal_area_id == Dispute.municipal_area_id) & (Client.id == Dispute.client_id),
)
OF_CLIENT = reading.many(
    "dispute.list",
    "dispute",
    _READ.where(Dispute.client_id == bindparam("client_id")),
    order=("id",),
    descending=True,
)
ONE = reading.one("dispute.read", "dispute", _READ.where(Dispute.id == bindparam("id")))


async def list_disputes(ctx: Context, client_id: UUID, page: PageRequest) -> JsonBytes:
    """Return a page of the person's disputes, the newest first."""
    return await OF_CLIENT.answer(ctx.db, page, client_id=client_id)


async def read_dispute(ctx: Context, dispute_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, id=dispute_id)
