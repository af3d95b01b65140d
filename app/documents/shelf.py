"""What an application needs to keep documents: the store, the keys, the scanner, room for a few at once."""

import asyncio
from dataclasses import dataclass, field

from fastapi import Request

from app.documents.scanning import Scanner, scanner_at
from app.documents.store import BucketStore, FolderStore, Store
from app.kit.errors import Unavailable
from app.kit.sealing import FieldKeys
from app.settings import Settings, WorkerSettings

AT_ONCE = 4
"""Uploads that one process holds in its memory at a time."""
GUESTS_AT_ONCE = 2
"""How many of them may be of institutions: however slowly these send, the offices have the rest."""
INSPECTED_AT_ONCE = 2
"""Files that are looked into at a time, each in a process that may use much more memory than the file."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where documents are put."""

    store: Store
    keys: FieldKeys
    scanner: Scanner | None
    most_bytes: int
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    guests: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(GUESTS_AT_ONCE))
    inspecting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(INSPECTED_AT_ONCE))


def store_of(settings: WorkerSettings) -> Store | None:
    """Return the store that an operator has named; None without one."""
    if settings.documents_bucket is not None:
        return BucketStore.at(
            settings.documents_bucket,
            endpoint=settings.documents_endpoint,
            region=settings.documents_region,
            key_id=settings.documents_key_id or "",
            secret=settings.documents_secret.get_secret_value() if settings.documents_secret else "",
        )
    return FolderStore(settings.documents_folder) if settings.documents_folder is not None else None


def shelf_of(settings: Settings, keys: FieldKeys | None) -> Shelf | None:
    """Return the shelf; None where the operator has given no store or no keys."""
    store = store_of(settings)
    if store is None or keys is None:
        return None
    scanner = scanner_at(settings.scanner_address) if settings.scanner_address else None
    return Shelf(store, keys, scanner, settings.upload_limit_bytes)


async def shelf_at(request: Request) -> Shelf:
    """Return the application's shelf. Raises 503 where there is none."""
    shelf: Shelf | None = request.app.state.shelf
    if shelf is None:
        raise Unavailable("This server was given no store or no keys for documents.", retry_after=3600)
    return shelf
