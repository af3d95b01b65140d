"""Sealing a file anew for another area, where it is another unit's own document with another id.

The content is opened and sealed chunk by chunk: what is held at a time is the sealed copy of one file, half
of what an upload holds, and in the same room. A bucket is not given pieces, because what it was given of a
file that is broken off would lie there under no name, and nobody would sweep it.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import structlog

from app.documents.envelope import new_key, opened, seal_key, sealed_anew, unseal_key
from app.documents.kinds import BY_CODE
from app.documents.receiving import Incoming, room_in
from app.documents.shelf import Shelf
from app.documents.store import BytesGone, StoreAway, name_in
from app.kit.ids import new_id, random_id
from app.kit.sealing import Unsealable

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """A file where it lies: its area, its names there, its sealed key, and the digest that was promised."""

    area: str
    document_id: UUID
    blob_id: UUID
    sealed_key: str
    kind: str
    sha256: str
    is_scanned: bool


async def sealed_for(shelf: Shelf, area: str, source: Source) -> Incoming:
    """Return a copy that lies sealed in the store for this area and waits for its row.

    Raises 503 when the file does not open, or is not the one whose digest was promised.
    """
    document_id, blob_id, key = new_id(), random_id(), new_key()
    identity = str(source.document_id)
    digest, size, stored = hashlib.sha256(), 0, bytearray()

    async def measured(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        nonlocal size
        async for piece in pieces:
            digest.update(piece)
            size += len(piece)
            yield piece

    async with room_in(shelf):
        try:
            old_key = unseal_key(shelf.keys, source.sealed_key, source.area, identity)
            lies = await shelf.store.open(name_in(source.area, str(source.blob_id)))
            content = measured(opened(lies, old_key, source.area, identity))
            async for piece in sealed_anew(content, key, area, str(document_id)):
                stored += piece
        except (Unsealable, BytesGone) as error:
            raise _unreadable(source, type(error).__name__) from None
        if digest.hexdigest() != source.sha256:
            raise _unreadable(source, "AnotherDigest")
        await shelf.store.put(name_in(area, str(blob_id)), bytes(stored))
    return Incoming(
        document_id=document_id,
        blob_id=blob_id,
        area=area,
        kind=BY_CODE[source.kind],
        size_bytes=size,
        sha256=source.sha256,
        sealed_key=seal_key(shelf.keys, key, area, str(document_id)),
        is_scanned=source.is_scanned,
    )


def _unreadable(source: Source, kind: str) -> StoreAway:
    log.error("document_unreadable", document_id=str(source.document_id), kind=kind)
    return StoreAway("A document cannot be opened with what this server has.")
