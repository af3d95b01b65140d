"""What is said of a server that answers in an unusual way, by one that does."""

import asyncio
import struct
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.kit.embedded.cluster import PORT
from app.kit.embedded.connection import Answer, Reply, ask


def message(kind: bytes, content: bytes) -> bytes:
    """Return a message of the server (PostgreSQL, Frontend/Backend Protocol, Message Formats)."""
    return kind + struct.pack("!i", 4 + len(content)) + content


SIGNED_IN = b"".join(
    (
        message(b"R", struct.pack("!i", 0)),
        message(b"S", b"server_version\x0018.0\0"),
        message(b"K", struct.pack("!ii", 1, 1)),
        message(b"Z", b"I"),
    )
)
GOING = message(b"E", b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0")


async def _greet_and_go(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    (length,) = struct.unpack("!i", await reader.readexactly(4))
    await reader.readexactly(length - 4)
    writer.write(SIGNED_IN + GOING)
    await writer.drain()
    await reader.read()
    writer.close()


@pytest.fixture
async def sockets() -> AsyncIterator[Path]:
    """A folder with the socket of a server that says good-bye right after its welcome."""
    with tempfile.TemporaryDirectory() as folder:
        async with await asyncio.start_unix_server(_greet_and_go, Path(folder, f".s.PGSQL.{PORT}")):
            yield Path(folder)


async def test_server_that_goes_between_two_questions_is_nobody(sockets: Path) -> None:
    assert await asyncio.to_thread(ask, sockets, "any", 5) == Reply(Answer.NOBODY)
