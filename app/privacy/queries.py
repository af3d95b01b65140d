"""Reading retentions: metadata only."""

from sqlalchemy import Date, bindparam, or_, select

from app.access.context import Context
from app.audit import reading
from app.cases.queries.shapes import json_object
from app.kit.clock import local_date
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.organisations.models import Unit
from app.privacy.models import Retention

_ON = bindparam("on", type_=Date)
RETENTIONS = reading.many(
    "retention.list",
    "retention",
    select(
        Retention.id,
        Retention.object_type,
        Retention.client_pseudonym.label("client"),
        json_object(id=Unit.id, name=Unit.name).label("unit"),
        Retention.starts_on,
        Retention.delete_after,
        Retention.reason,
        Retention.client_pseudonym.label("_client"),
    )
    .join(Unit, (Unit.municipal_area_id == Retention.municipal_area_id) & (Unit.id == Retention.unit_id))
    .where(or_(_ON.is_(None), Retention.delete_after < _ON)),
    order=("delete_after", "id"),
)


async def list_retentions(ctx: Context, page: PageRequest, *, is_due: bool) -> JsonBytes:
    """Return what is kept, the earliest due first; on demand only what should be erased by now."""
    return await RETENTIONS.answer(ctx.db, page, on=local_date(ctx.now) if is_due else None)
