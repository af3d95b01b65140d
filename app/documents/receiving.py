"""Receiving a file: who may, then its bytes, what it is, whether it is clean; sealed and stored before a row.

Nothing of this happens inside the request's transaction, which would wait for somebody's telephone. The bytes
are never written unsealed, and lie in the store before the row is committed: a crash in between leaves bytes
without a row, which the worker sweeps, and never a row without bytes.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.access.context import Context
from app.access.guard import PERMISSION, entered
from app.access.permissions import Permission
from app.access.relations import require_relation
from app.documents.envelope import new_key, seal_key, sealed
from app.documents.inspection import Reason, Refused
from app.documents.inspection.apart import kind_apart
from app.documents.kinds import ACCEPTED, Kind
from app.documents.scanning import require_clean
from app.documents.shelf import Shelf, shelf_at
from app.documents.store import StoreAway, name_in
from app.kit.errors import Invalid, Unavailable
from app.kit.ids import new_id, random_id
from app.kit.octets import OCTETS, require_octets

WAIT_SECONDS = 10.0
"""How long an upload waits for room before it is sent away."""

_SENTENCES = {
    Reason.EMPTY: "The file is empty.",
    Reason.KIND: f"Files of this kind are not kept. Kept are: {ACCEPTED}.",
    Reason.DAMAGED: "The file is damaged or was not sent whole.",
    Reason.ENCRYPTED: "The file is encrypted or needs a password: send it without.",
    Reason.ACTIVE: "The file carries programs, attached files or fetches something: send a plain copy of it.",
    Reason.AMBIGUOUS: "The file is two kinds at once: save or scan it anew.",
    Reason.BOMB: "The file unpacks to far more than it should.",
    Reason.LOST: "The file could not be looked into with the time and memory for one: save or scan it anew.",
}


@dataclass(slots=True)
class Incoming:
    """A file that lies sealed in the store and waits for its row."""

    document_id: UUID
    blob_id: UUID
    area: str
    kind: Kind
    size_bytes: int
    sha256: str
    sealed_key: str
    is_scanned: bool
    is_taken: bool = field(default=False)
    """A row was written for it."""


async def _for_case(request: Request, case_id: UUID) -> AsyncIterator[Incoming]:
    async with received(request, Permission.DOCUMENT_KEEP, _related(case_id=case_id)) as incoming:
        yield incoming


async def _for_client(request: Request, client_id: UUID) -> AsyncIterator[Incoming]:
    async with received(request, Permission.DOCUMENT_KEEP, _related(client_id=client_id)) as incoming:
        yield incoming


for each in (_for_case, _for_client):
    setattr(each, PERMISSION, Permission.DOCUMENT_KEEP)

ForCase = Annotated[Incoming, Depends(_for_case, scope="function")]
"""Stands before the guard of its operation: received outside of the request's transaction."""
ForClient = Annotated[Incoming, Depends(_for_client, scope="function")]


def _related(**place: UUID) -> Callable[[Context], Awaitable[object]]:
    return lambda ctx: require_relation(ctx, **place)


@asynccontextmanager
async def received(
    request: Request,
    permission: Permission,
    check: Callable[[Context], Awaitable[object]],
    most_bytes: int | None = None,
    *,
    is_guest: bool = False,
) -> AsyncIterator[Incoming]:
    """Receive the body as a file, once a holder of the permission has passed the check.

    A guest, who is of an institution, takes none of the places that are kept for the offices.

    Raises what the check raises before anything is read, 413 for more than may come, 422 with the reason for
    a file that is not kept, and 503. What is not taken by the request is deleted.
    """
    shelf = await shelf_at(request)
    async with entered(request, permission) as ctx:
        await check(ctx)
        area = ctx.actor.municipal_area_id
    require_octets(request)
    most = shelf.most_bytes if most_bytes is None else min(most_bytes, shelf.most_bytes)
    async with room_in(shelf, is_guest=is_guest):
        content = await _read(request, most)
        incoming = await store_sealed(shelf, area, content)
    del content
    try:
        yield incoming
    finally:
        if not incoming.is_taken:
            # Refused, or sent a second time. What this fails to delete is swept.
            with suppress(StoreAway):
                await shelf.store.delete(name_in(area, str(incoming.blob_id)))


async def store_sealed(shelf: Shelf, area: str, content: bytes) -> Incoming:
    """Look at a file, have it scanned, and store it sealed. Raises 422 with the reason, and 503."""
    try:
        async with shelf.inspecting:
            kind = await kind_apart(content)
    except Refused as refused:
        raise Invalid(_SENTENCES[refused.reason], code=str(refused.reason)) from None
    if shelf.scanner is not None:
        await require_clean(shelf.scanner, content)
    document_id, blob_id, key = new_id(), random_id(), new_key()
    stored, digest = await asyncio.to_thread(_sealed_whole, content, key, area, str(document_id))
    await shelf.store.put(name_in(area, str(blob_id)), stored)
    return Incoming(
        document_id=document_id,
        blob_id=blob_id,
        area=area,
        kind=kind,
        size_bytes=len(content),
        sha256=digest,
        sealed_key=seal_key(shelf.keys, key, area, str(document_id)),
        is_scanned=shelf.scanner is not None,
    )


def _sealed_whole(content: bytes, key: bytes, area: str, document_id: str) -> tuple[bytes, str]:
    stored = b"".join(sealed(content, key, area, document_id))
    return stored, hashlib.sha256(content).hexdigest()


@asynccontextmanager
async def room_in(shelf: Shelf, *, is_guest: bool = False) -> AsyncIterator[None]:
    """Wait for room for one file in memory. Raises 503 when there is none for long."""
    async with AsyncExitStack() as held:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                for places in (shelf.guests, shelf.room) if is_guest else (shelf.room,):
                    await held.enter_async_context(places)
        except TimeoutError:
            raise Unavailable("Too many files are being received at the moment.", retry_after=30) from None
        yield


async def _read(request: Request, most: int) -> bytes:
    """Return the body, cut while it streams when it is too large."""
    content = bytearray()
    try:
        async for piece in request.stream():
            content += piece
            if len(content) > most:
                raise HTTPException(413)
    except ClientDisconnect:
        raise HTTPException(408) from None
    return bytes(content)


BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself. What it is, is found in its content.",
        "content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}},
    }
}
