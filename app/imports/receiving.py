"""Receiving a sheet and having it read: by a process of its own, outside of which nothing opens the file."""

import asyncio
import hashlib
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.access.guard import PERMISSION, entered
from app.access.permissions import Permission
from app.imports.rules import MOST_BYTES
from app.imports.sentences import SHEET
from app.kit.errors import FieldError, Invalid
from app.kit.octets import OCTETS, require_octets
from app.kit.places import place_in
from app.settings import bare_environment

AT_ONCE = 2
"""Sheets that one process of the API reads at a time."""
WAIT_SECONDS = 10.0
"""How long a sheet waits for a place, held until it is read: it lies in memory, and so does its reader."""
_FULL = "Too many sheets are being read at the moment."
MEMORY_BYTES = 640 * 1024 * 1024
"""Address space of the reading process: that of Python and its libraries is a part of it."""
CPU_SECONDS = 60
SECONDS = 120.0
"""However long a sheet is read, whatever is waited for."""
_LINE = 2 * 1024 * 1024
"""The longest row that it may answer."""
_ROOT = Path(__file__).parents[2]


def reading_room() -> asyncio.Semaphore:
    """Return what keeps an application from reading more sheets at a time than it has memory for."""
    return asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was sent, and its digest."""

    content: bytes
    sha256: str


async def _received(request: Request) -> AsyncGenerator[Sheet, None]:
    async with entered(request, Permission.IMPORT_TAKE):
        pass  # who may not import sends nothing large
    require_octets(request)
    async with place_in(request.app.state.sheet_room, WAIT_SECONDS, _FULL, retry_after=30):
        content = await _body(request)
        yield Sheet(content, hashlib.sha256(content).hexdigest())


async def _body(request: Request) -> bytes:
    """Return the body, cut while it streams when it is too large."""
    content = bytearray()
    try:
        async for piece in request.stream():
            content += piece
            if len(content) > MOST_BYTES:
                raise HTTPException(413)
    except ClientDisconnect:
        raise HTTPException(408) from None
    return bytes(content)


setattr(_received, PERMISSION, Permission.IMPORT_TAKE)

Received = Annotated[Sheet, Depends(_received, scope="function")]
"""Stands before the guard of its operation: received outside of the request's transaction."""

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The sheet itself, XLSX or CSV, at most 10 MiB. What it is, is found in its content.",
        "content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def rows_of(
    sheet: Sheet, kind: str, mapping: dict[str, Any], now: datetime
) -> AsyncGenerator[dict[str, Any]]:
    """Yield what the rows of a sheet become. Raises 422 with the reason; the caller bounds the time."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.imports.child",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT, limit=_LINE, env=bare_environment(),
    )  # fmt: skip
    task = {
        "kind": kind, "mapping": mapping, "now": now.isoformat(),
        "memory_bytes": MEMORY_BYTES, "cpu_seconds": CPU_SECONDS,
    }  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    sending = asyncio.create_task(_send(process.stdin, orjson.dumps(task) + b"\n", sheet.content))
    try:
        async for line in process.stdout:
            row = orjson.loads(line)
            if "refused" in row:
                raise refused(row["refused"], row["field"])
            if "end" in row:
                return
            yield row
        raise refused("sheet_unreadable")  # ended by its bounds
    except ValueError:  # a line beyond all measure
        raise refused("sheet_unreadable") from None
    finally:
        sending.cancel()
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.gather(sending, process.wait(), return_exceptions=True)


async def _send(stdin: asyncio.StreamWriter, *parts: bytes) -> None:
    with suppress(ConnectionError):
        for part in parts:
            stdin.write(part)
            await stdin.drain()
        stdin.close()


def refused(code: str, field: str | None = None) -> Invalid:
    """Return the error for a sheet that cannot be read; the sentence of the place is German."""
    place = f"mapping.{field}" if field else "sheet"
    error = FieldError(place=place, kind=code, message=SHEET[code])
    return Invalid("The sheet cannot be taken in; `errors` says why.", code="sheet_refused", errors=[error])
