"""Asking a virus scanner, where the operator has one: clamd, or any scanner that speaks ICAP (RFC 3507).

It fails closed: without a clear word that a file is clean the upload is refused, and can be repeated.
"""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

import structlog

from app.kit.errors import Invalid, Unavailable

log = structlog.get_logger(__name__)

Scanner = Callable[[bytes], Awaitable[bool]]
"""Returns whether a file is clean. Raises ScannerAway for anything but a clear word."""

SECONDS = 60.0
_STEP = 64 * 1024
_INFECTED = ("x-infection-found", "x-virus-id", "x-violations-found", "x-virus-name")


class ScannerAway(Unavailable):
    """The scanner does not answer, or not clearly: nothing is kept unscanned."""

    code = "scanner_unavailable"
    title = "The virus scanner is not available at the moment; nothing is kept unscanned."


async def require_clean(scanner: Scanner, content: bytes) -> None:
    """Raise 422 `virus_found` for an infected file and 503 when the scanner gives no clear answer."""
    try:
        async with asyncio.timeout(SECONDS):
            is_clean = await scanner(content)
    except ScannerAway:
        raise
    except (OSError, TimeoutError, ValueError, EOFError) as error:
        log.error("scanner_failed", kind=type(error).__name__)  # noqa: TRY400 - never what was scanned
        raise ScannerAway from None
    if not is_clean:
        raise Invalid("The virus scanner found something in this file.", code="virus_found")


def scanner_at(address: str) -> Scanner:
    """Return the scanner at `clamd://host:3310`, `clamd:///run/clamd.sock` or `icap://host:1344/service`."""
    parts = urlsplit(address)
    if parts.scheme == "clamd":
        return _clamd(parts.hostname, parts.port or 3310, parts.path)
    return _icap(parts.hostname or "", parts.port or 1344, parts.path.lstrip("/"))


def _clamd(host: str | None, port: int, path: str) -> Scanner:
    async def scan(content: bytes) -> bool:
        reader, writer = await (
            asyncio.open_connection(host, port) if host else asyncio.open_unix_connection(path)
        )
        try:
            answer = await _instream(reader, writer, content)
        finally:
            await _hang_up(writer)
        if answer == "stream: OK":
            return True
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return False
        raise ScannerAway

    return scan


async def _instream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, content: bytes) -> str:
    # A scanner that refuses the size answers and closes while we still send.
    with suppress(ConnectionError):
        writer.write(b"zINSTREAM\0")
        for at in range(0, len(content), _STEP):
            part = content[at : at + _STEP]
            writer.write(struct.pack("!I", len(part)) + part)
            await writer.drain()
        writer.write(struct.pack("!I", 0))
        await writer.drain()
    answer = await reader.readuntil(b"\0")
    return answer.rstrip(b"\0\n").decode("ascii", "replace")


def _icap(host: str, port: int, service: str) -> Scanner:
    async def scan(content: bytes) -> bool:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            await _respmod(writer, f"icap://{host}:{port}/{service}", f"{host}:{port}", content)
            return await _verdict(reader)
        finally:
            await _hang_up(writer)

    return scan


async def _respmod(writer: asyncio.StreamWriter, address: str, host: str, content: bytes) -> None:
    """Hand a file over as if it were the answer of some server; nothing about it is said."""
    asked = b"GET /document HTTP/1.1\r\nHost: kim\r\n\r\n"
    answered = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(content)}\r\n\r\n"
    ).encode()
    head = (
        f"RESPMOD {address} ICAP/1.0\r\nHost: {host}\r\nUser-Agent: kim\r\nAllow: 204\r\n"
        "Connection: close\r\n"
        f"Encapsulated: req-hdr=0, res-hdr={len(asked)}, res-body={len(asked) + len(answered)}\r\n\r\n"
    ).encode()
    with suppress(ConnectionError):
        writer.write(head + asked + answered)
        for at in range(0, len(content), _STEP):
            part = content[at : at + _STEP]
            writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()


async def _verdict(reader: asyncio.StreamReader) -> bool:
    """Return whether the scanner left the file as it was (204), or says why it did not."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    while lines[0].startswith("ICAP/1.0 100"):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    version, _, rest = lines[0].partition(" ")
    status = rest.partition(" ")[0]
    names = {line.partition(":")[0].strip().lower() for line in lines[1:]}
    if not version.startswith("ICAP/"):
        raise ScannerAway
    if status == "204" and not names & set(_INFECTED):
        return True
    if names & set(_INFECTED):
        return False
    raise ScannerAway


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
