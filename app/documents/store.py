"""Where the bytes of documents lie: a folder, or a bucket of any S3-compatible store. They arrive sealed.

Names are random and begin with the area. What was put is durable when `put` returns: the folder's files are
synced with their folder before they get their name, a bucket answers when it has stored.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.kit.errors import Unavailable

if TYPE_CHECKING:
    from obstore.store import S3Store

_STEP = 256 * 1024
_PARTIAL = ".partial-"


class BytesGone(Exception):
    """Nothing lies under this name."""


class StoreAway(Unavailable):
    """The store cannot be reached or cannot write; the request can be repeated."""

    code = "document_store_unavailable"
    title = "The store of documents is not available at the moment."


class Store(Protocol):
    """A place for bytes by name."""

    async def put(self, name: str, content: bytes) -> None:
        """Store bytes durably. Raises StoreAway."""

    async def open(self, name: str) -> AsyncIterator[bytes]:
        """Return what lies there, in pieces. Raises BytesGone and StoreAway before the first of them."""

    async def delete(self, name: str) -> None:
        """Delete what lies there; nothing there is fine. Raises StoreAway."""

    def names(self, area: str) -> AsyncIterator[tuple[str, datetime]]:
        """Yield the names of an area with the moment when each was put, half-written ones too."""


def name_in(area: str, blob_id: str) -> str:
    """Return the name of a document's bytes."""
    return f"{area}/{blob_id}"


class FolderStore:
    """A folder that only this service reads (0700, files 0600); what it lies in exists already."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, content: bytes) -> None:
        try:
            await asyncio.to_thread(self._put, name, content)
        except OSError as error:
            raise StoreAway from error

    def _put(self, name: str, content: bytes) -> None:
        path = self._folder / name
        for folder in (self._folder, path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(prefix=_PARTIAL, dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(partial).unlink()
            raise
        for folder in (path.parent, self._folder):
            _sync_folder(folder)

    async def open(self, name: str) -> AsyncIterator[bytes]:
        try:
            file = await asyncio.to_thread((self._folder / name).open, "rb")
        except FileNotFoundError:
            raise BytesGone from None
        except OSError as error:
            raise StoreAway from error

        async def pieces() -> AsyncIterator[bytes]:
            with file:
                while piece := await asyncio.to_thread(file.read, _STEP):
                    yield piece

        return pieces()

    async def delete(self, name: str) -> None:
        try:
            await asyncio.to_thread((self._folder / name).unlink, missing_ok=True)
        except OSError as error:
            raise StoreAway from error

    async def names(self, area: str) -> AsyncIterator[tuple[str, datetime]]:
        for name, put_at in await asyncio.to_thread(self._names, area):
            yield name, put_at

    def _names(self, area: str) -> list[tuple[str, datetime]]:
        found = []
        try:
            with os.scandir(self._folder / area) as entries:
                for entry in entries:
                    with suppress(FileNotFoundError):
                        put_at = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                        found.append((f"{area}/{entry.name}", put_at))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreAway from error
        return found


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class BucketStore:
    """A bucket of an S3-compatible store."""

    def __init__(self, store: "S3Store") -> None:
        self._store = store

    @classmethod
    def at(cls, bucket: str, *, endpoint: str | None, region: str, key_id: str, secret: str) -> "BucketStore":
        """Return a bucket; without encryption on the way only where the address says http."""
        from datetime import timedelta

        from obstore.store import S3Store

        plain = endpoint is not None and endpoint.startswith("http://")
        store = S3Store(
            bucket,
            endpoint=endpoint,
            region=region,
            access_key_id=key_id,
            secret_access_key=secret,
            virtual_hosted_style_request=endpoint is None,
            client_options={
                "allow_http": plain,
                "timeout": timedelta(seconds=30),
                "connect_timeout": timedelta(seconds=5),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
        )
        return cls(store)

    async def put(self, name: str, content: bytes) -> None:
        import obstore
        from obstore.exceptions import BaseError

        try:
            await obstore.put_async(self._store, name, content, use_multipart=False)
        except (BaseError, OSError) as error:
            raise StoreAway from error

    async def open(self, name: str) -> AsyncIterator[bytes]:
        import obstore
        from obstore.exceptions import BaseError, NotFoundError

        try:
            found = await obstore.get_async(self._store, name)
        except (NotFoundError, FileNotFoundError):
            raise BytesGone from None
        except (BaseError, OSError) as error:
            raise StoreAway from error

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in found.stream(min_chunk_size=_STEP):
                yield bytes(piece)

        return pieces()

    async def delete(self, name: str) -> None:
        import obstore
        from obstore.exceptions import BaseError, NotFoundError

        try:
            await obstore.delete_async(self._store, name)
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise StoreAway from error

    async def names(self, area: str) -> AsyncIterator[tuple[str, datetime]]:
        import obstore
        from obstore.exceptions import BaseError

        try:
            async for batch in obstore.list(self._store, prefix=area):
                for entry in batch:
                    yield str(entry["path"]), entry["last_modified"]
        except (BaseError, OSError) as error:
            raise StoreAway from error
