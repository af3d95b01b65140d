"""Whether a person's data may be used now: the one rule that everything that writes or sends asks."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists

from app.access.context import Context
from app.clients.histories.models import Period
from app.clients.restrictions.models import ProcessingRestriction
from app.clients.touch import processing_restricted

_MAY = "SELECT may_process($1)"


async def require_processing(ctx: Context, client_id: UUID) -> None:
    """Raise 409 for a person whose data are only kept, unless the actor has written down a permitted use."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_MAY, client_id):
        raise processing_restricted()


def is_kept_only(model: type[Period]) -> ColumnElement[bool]:
    """Return whether the period in the enclosing select is restricted by itself."""
    return (
        exists()
        .where(
            ProcessingRestriction.municipal_area_id == model.municipal_area_id,
            ProcessingRestriction.client_id == model.client_id,
            ProcessingRestriction.entry_id == model.id,
            ProcessingRestriction.lifted_at.is_(None),
        )
        .correlate(model)
    )
