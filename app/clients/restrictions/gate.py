"""Whether a person's data may be used now: the one rule that everything that writes or sends asks."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import aliased

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


def restrictions_of_one() -> Any:
    """Return the restrictions of the person `:id`, looked up once for all parts of a statement."""
    here = select(func.ctx_area()).scalar_subquery()
    rows = select(ProcessingRestriction).where(
        ProcessingRestriction.municipal_area_id == here,
        ProcessingRestriction.client_id == bindparam("id"),
        ProcessingRestriction.lifted_at.is_(None),
    )
    return aliased(ProcessingRestriction, rows.cte("restrictions_of_one"))


def is_kept_only(model: type[Period], among: Any = ProcessingRestriction) -> ColumnElement[bool]:
    """Return whether the period in the enclosing select is restricted by itself."""
    return (
        exists()
        .where(
            among.municipal_area_id == model.municipal_area_id,
            among.client_id == model.client_id,
            among.entry_id == model.id,
            among.lifted_at.is_(None),
        )
        .correlate(model)
    )
