"""Recording, removing and showing an official number."""

from uuid import UUID

import structlog
from sqlalchemy import delete, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal
from app.catalogues.check import require_code
from app.clients.models import Client
from app.clients.numbers.kinds import accepted_number
from app.clients.numbers.models import OfficialNumber
from app.clients.numbers.schemas import NumberRead, NumberRecord, NumberShow
from app.clients.restrictions.gate import require_processing
from app.clients.touch import touch_client
from app.kit.errors import NotFound, Unavailable
from app.kit.ids import new_id
from app.kit.sealing import FieldKeys, Unsealable

log = structlog.get_logger(__name__)


async def record_number(ctx: Context, keys: FieldKeys, client_id: UUID, body: NumberRecord) -> UUID:
    """Record a number of a person and return their id; it replaces the one of its kind."""
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_client(ctx, client_id)
    number = accepted_number(body.kind, body.value, "body")
    area = ctx.actor.municipal_area_id
    of_its_kind = (OfficialNumber.client_id == client_id, OfficialNumber.kind == body.kind)
    await ctx.db.execute(delete(OfficialNumber).where(*of_its_kind))
    recorded = OfficialNumber(
        municipal_area_id=area,
        id=new_id(),
        client_id=client_id,
        kind=body.kind,
        sealed=keys.seal(number, area, str(client_id), body.kind),
        mark=keys.mark(number, area, body.kind),
        recorded_at=ctx.now,
        recorded_by=ctx.actor.user_id,
    )
    ctx.db.add(recorded)
    await journal.record(
        ctx.db,
        "official_number.record",
        "official_number",
        recorded.id,
        clients=[pseudonym],
        changed=[body.kind],
    )
    return client_id


async def remove_number(ctx: Context, client_id: UUID, number_id: UUID) -> UUID:
    """Delete a number of a person and return their id."""
    await require_relation(ctx, client_id=client_id)
    pseudonym = await touch_client(ctx, client_id)
    number = await _number(ctx, client_id, number_id)
    await ctx.db.delete(number)
    await journal.record(
        ctx.db,
        "official_number.remove",
        "official_number",
        number_id,
        clients=[pseudonym],
        changed=[number.kind],
    )
    return client_id


async def show_number(
    ctx: Context, keys: FieldKeys, client_id: UUID, number_id: UUID, body: NumberShow
) -> NumberRead:
    """Return a number, opened; who, when and what for stands in the journal.

    Raises 409 for somebody whose data may only be kept, and 503 when it does not open: its key is missing,
    or the row was changed behind the application.
    """
    await require_relation(ctx, client_id=client_id)
    require_code("number_purpose", body.purpose, "body.purpose")
    number = await _number(ctx, client_id, number_id)
    client = await ctx.db.scalar(select(Client).where(Client.id == client_id))
    await require_processing(ctx, client_id)
    try:
        opened = keys.unseal(number.sealed, number.municipal_area_id, str(client_id), number.kind)
    except Unsealable:
        log.exception("official_number_unsealable", number_id=str(number_id))
        raise Unavailable("The number cannot be opened with the keys of this server.") from None
    await journal.record(
        ctx.db,
        "official_number.show",
        "official_number",
        number_id,
        clients=[client.pseudonym],
        purpose=body.purpose,
    )
    return NumberRead(id=number.id, kind=number.kind, value=opened)


async def _number(ctx: Context, client_id: UUID, number_id: UUID) -> OfficialNumber:
    found: OfficialNumber | None = await ctx.db.scalar(
        select(OfficialNumber).where(OfficialNumber.id == number_id, OfficialNumber.client_id == client_id)
    )
    if found is None:
        raise NotFound
    return found
