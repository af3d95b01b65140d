"""A dispute follows its period: what is believed instead is disputed too, until the dispute is resolved."""

from uuid import UUID

from sqlalchemy import any_, func, literal, update

from app.access.context import Context
from app.clients.disputes.models import Dispute


async def follow_period(ctx: Context, client_id: UUID, old_id: UUID, new_id: UUID) -> None:
    """Let the disputes of a period also mark the row that is believed instead."""
    await ctx.db.execute(
        update(Dispute)
        .where(Dispute.client_id == client_id, literal(old_id) == any_(Dispute.entry_ids))
        .values(entry_ids=func.array_append(Dispute.entry_ids, new_id))
    )
