"""Official numbers over HTTP; nothing of a number ever stands in an address."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.clients.numbers import actions, queries
from app.clients.numbers.schemas import NumberFind, NumberRead, NumberRecord, NumberShow, NumbersRead
from app.clients.schemas import ClientLine
from app.kit.errors import Unavailable
from app.kit.idempotency import Idempotent
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.sealing import FieldKeys

router = Router(prefix="/v1/clients", tags=["official numbers"])

Reading = Annotated[Context, allow(Permission.CLIENT_READ)]
Recording = Annotated[Context, allow(Permission.NUMBER_RECORD)]
Showing = Annotated[Context, allow(Permission.NUMBER_SHOW)]
Finding = Annotated[Context, allow(Permission.CLIENT_SEARCH)]


async def _field_keys(request: Request) -> FieldKeys:
    keys: FieldKeys | None = request.app.state.field_keys
    if keys is None:
        raise Unavailable("This server was given no keys for official numbers.", retry_after=3600)
    return keys


Keys = Annotated[FieldKeys, Depends(_field_keys)]


@router.post("/by-number", response_model=Page[ClientLine])
async def find_by_number(ctx: Finding, keys: Keys, body: NumberFind) -> JsonBytes:
    """Find the persons among those you see who have exactly this number."""
    return await queries.find_by_number(ctx, keys, body)


@router.get("/{client_id}/official-numbers", response_model=NumbersRead)
async def list_numbers(ctx: Reading, client_id: UUID) -> JsonBytes:
    """Read which official numbers are held of a person, without the numbers."""
    return await queries.read_numbers(ctx, client_id)


@router.post("/{client_id}/official-numbers", status_code=201, response_model=NumbersRead)
async def record_number(
    ctx: Recording, keys: Keys, once: Idempotent, client_id: UUID, body: NumberRecord
) -> JsonBytes:
    """Record an official number; it replaces the one of its kind."""
    # Of so short a body a plain digest would give the number away.
    digest = keys.mark(once.digest.hex(), ctx.actor.municipal_area_id, "idempotency").encode()
    once = replace(once, digest=digest)
    held = await once.run(ctx.db, actions.record_number(ctx, keys, client_id, body))
    return await queries.read_numbers(ctx, held, status=201)


@router.post("/{client_id}/official-numbers/{number_id}/show")
async def show_number(
    ctx: Showing, keys: Keys, client_id: UUID, number_id: UUID, body: NumberShow
) -> NumberRead:
    """Show an official number for a purpose; the journal keeps who, when and what for."""
    return await actions.show_number(ctx, keys, client_id, number_id, body)


@router.post("/{client_id}/official-numbers/{number_id}/remove", response_model=NumbersRead)
async def remove_number(ctx: Recording, once: Idempotent, client_id: UUID, number_id: UUID) -> JsonBytes:
    """Delete an official number for good."""
    held = await once.run(ctx.db, actions.remove_number(ctx, client_id, number_id))
    return await queries.read_numbers(ctx, held)
