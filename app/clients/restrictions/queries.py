"""Reading restrictions and uses."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.audit import reading
from app.clients.models import Client
from app.clients.restrictions.models import ProcessingRestriction as Restriction
from app.clients.restrictions.models import ProcessingUse as Use
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes

_HIDDEN = {"municipal_area_id"}
_RESTRICTION = select(
    *(column for column in Restriction.__table__.columns if column.name not in _HIDDEN),
    Client.pseudonym.label("_client"),
).join_from(
    Restriction,
    Client,
    (Client.municipal_area_id == Restriction.municipal_area_id) & (Client.id == Restriction.client_id),
)
RESTRICTIONS = reading.many(
    "client.list_restrictions",
    "processing_restriction",
    _RESTRICTION.where(Restriction.client_id == bindparam("of_client")).with_only_columns(
        *(column for column in Restriction.__table__.columns if column.name not in _HIDDEN),
        Client.pseudonym.label("_client"),
        Restriction.restricted_at.label("_at"),
    ),
    order=("_at", "id"),
    descending=True,
)
ONE_RESTRICTION = reading.one(
    "client.read_restriction",
    "processing_restriction",
    _RESTRICTION.where(Restriction.id == bindparam("of_id")),
)
_USE = select(
    *(column for column in Use.__table__.columns if column.name not in _HIDDEN),
    Client.pseudonym.label("_client"),
).join_from(Use, Client, (Client.municipal_area_id == Use.municipal_area_id) & (Client.id == Use.client_id))
USES = reading.many(
    "client.list_uses",
    "processing_use",
    _USE.where(Use.client_id == bindparam("of_client")),
    order=("id",),
    descending=True,
)
ONE_USE = reading.one("client.read_use", "processing_use", _USE.where(Use.id == bindparam("of_id")))


async def list_restrictions(ctx: Context, client_id: UUID, page: PageRequest) -> JsonBytes:
    """Return a page of a person's restrictions, the newest first."""
    return await RESTRICTIONS.answer(ctx.db, page, of_client=client_id)


async def read_restriction(ctx: Context, restriction_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_RESTRICTION.answer(ctx.db, status=status, of_id=restriction_id)


async def list_uses(ctx: Context, client_id: UUID, page: PageRequest) -> JsonBytes:
    """Return a page of what was used all the same, the newest first."""
    return await USES.answer(ctx.db, page, of_client=client_id)


async def read_use(ctx: Context, use_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_USE.answer(ctx.db, status=status, of_id=use_id)
