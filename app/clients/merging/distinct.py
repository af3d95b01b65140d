"""Saying that two persons who look alike are not the same, and taking that back."""

from uuid import UUID

from sqlalchemy import select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.clients.merging.models import DistinctClients
from app.clients.merging.records import load_pair
from app.clients.merging.schemas import DistinctCreate
from app.clients.restrictions.gate import require_processing
from app.kit.errors import NotFound
from app.kit.ids import new_id


async def say_distinct(ctx: Context, body: DistinctCreate) -> UUID:
    """Remember that two persons are not the same; whoever sees both no longer finds them as a pair.

    Raises 409 for one whose data are only kept: they are compared with nobody.
    """
    await require_relation(ctx, client_id=body.client_id)
    await require_relation(ctx, client_id=body.other_client_id)
    pair = await load_pair(ctx, body.client_id, body.other_client_id, lock=True)
    for client_id in (body.client_id, body.other_client_id):
        await require_processing(ctx, client_id)
    row = DistinctClients(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        client_id=body.client_id,
        other_client_id=body.other_client_id,
        reason=body.reason,
        decided_by=ctx.actor.user_id,
        decided_at=ctx.now,
    )
    ctx.db.add(row)
    await journal.record(ctx.db, "client.distinct", "distinct_clients", row.id, clients=pair.pseudonyms)
    return row.id


async def take_back(ctx: Context, distinct_id: UUID) -> None:
    """Forget that two persons are not the same."""
    row: DistinctClients | None = await ctx.db.scalar(
        select(DistinctClients).where(DistinctClients.id == distinct_id)
    )
    if row is None:
        raise NotFound
    await require_relation(ctx, client_id=row.client_id)
    await require_relation(ctx, client_id=row.other_client_id)
    pair = await load_pair(ctx, row.client_id, row.other_client_id)
    await ctx.db.delete(row)
    await journal.record(
        ctx.db, "client.distinct_taken_back", "distinct_clients", distinct_id, clients=pair.pseudonyms
    )
