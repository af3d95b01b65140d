"""Disputing an entry and resolving a dispute; both are possible while the data are only kept."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.disputes.models import Dispute
from app.clients.disputes.rules import CLIENT, CLIENT_FIELDS, HOUSEHOLD, MEMBER_FIELDS
from app.clients.disputes.schemas import DisputeCreate, DisputeResolve
from app.clients.histories.kinds import HISTORY, HistoryName
from app.clients.histories.models import PERIOD_KEYS, model_of
from app.clients.models import HouseholdMember
from app.clients.touch import touch_kept_client
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected


async def dispute_entry(ctx: Context, client_id: UUID, body: DisputeCreate) -> UUID:
    """Mark an entry as disputed; 422 names an entry or field that is none."""
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_kept_client(ctx, client_id)
    entry_ids = await _entry(ctx, client_id, body)
    dispute = Dispute(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        client_id=client_id,
        entry_ids=entry_ids,
        recorded_by=ctx.actor.user_id,
        **body.model_dump(exclude={"entry_id"}),
    )
    ctx.db.add(dispute)
    await journal.record(
        ctx.db,
        "dispute.record",
        "dispute",
        dispute.id,
        clients=[pseudonym],
        changed=[body.field or body.entry],
    )
    return dispute.id


async def resolve_dispute(
    ctx: Context, client_id: UUID, dispute_id: UUID, body: DisputeResolve, expected: Expected | None
) -> UUID:
    """Write down how a dispute ended; 409 when it has. What stays marked can end later."""
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_kept_client(ctx, client_id)
    dispute = await locked(ctx.db, Dispute, dispute_id, expected)
    if dispute.client_id != client_id:
        raise NotFound
    if dispute.outcome not in (None, "undecidable"):
        raise WrongState("The dispute has ended.", state=dispute.outcome, allowed=())
    dispute.outcome, dispute.reason = body.outcome, body.reason
    dispute.resolved_at, dispute.resolved_by = ctx.now, ctx.actor.user_id
    await journal.record(
        ctx.db, "dispute.resolve", "dispute", dispute_id, clients=[pseudonym], changed=["outcome"]
    )
    return dispute_id


async def _entry(ctx: Context, client_id: UUID, body: DisputeCreate) -> list[UUID]:
    """Return the ids of the entry; raise 422 for one that the person does not have."""
    if body.disputed_on > local_date(ctx.now):
        raise Invalid.at("body.disputed_on", "in_the_future", "It was said today or before.")
    if body.entry == CLIENT:
        if body.entry_id is not None or body.field not in CLIENT_FIELDS:
            raise Invalid.at("body.field", "unknown_field", "Name a field of the person, and no id.")
        return []
    model = HouseholdMember if body.entry == HOUSEHOLD else model_of(HISTORY[HistoryName(body.entry)])
    if body.field is not None and body.field not in _fields_of(body.entry):
        raise Invalid.at("body.field", "unknown_field", "The entry has no such field.")
    found = await ctx.db.scalar(
        select(model.id).where(model.id == body.entry_id, model.client_id == client_id)
    )
    if found is None:
        raise Invalid.at("body.entry_id", "unknown_reference", "The person has no such entry.")
    return [found]


def _fields_of(entry: str) -> frozenset[str]:
    if entry == HOUSEHOLD:
        return MEMBER_FIELDS
    columns = {column.key for column in model_of(HISTORY[HistoryName(entry)]).__table__.columns}
    return frozenset(columns - PERIOD_KEYS | {"valid_from", "valid_until"})
