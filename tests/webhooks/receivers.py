"""Receivers as institutions run them: HTTP servers with a ledger by event id that misbehave on order."""

import asyncio
import random
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.hurry import NO_HURRY

OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
BROKEN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops"
GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def redirect(to: str) -> bytes:
    return f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@dataclass(frozen=True)
class Received:
    """One request: its path, its headers in small letters, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        parsed: dict[str, Any] = orjson.loads(self.body)
        return parsed


Answer = Callable[[Received], Awaitable[bytes]]


async def takes(_: Received) -> bytes:
    return OK


@dataclass
class Receiver:
    """A server, what it got, and what it took: each event takes effect once, however often it comes."""

    port: int = 0
    answer: Answer = takes
    scheme: str = "http"
    takes_first: bool = False
    """Whether an event has taken effect even where the answer says otherwise, or nothing."""
    received: list[Received] = field(default_factory=list)
    effects: dict[str, dict[str, Any]] = field(default_factory=dict)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)
    under_way: int = 0
    most_under_way: int = 0

    @property
    def origin(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/kim?office=1"

    @property
    def times(self) -> Counter[str]:
        return Counter(each.event_id for each in self.received)

    async def until(self, count: int) -> None:
        """Wait until so many requests have come; fail when they never do."""
        async with asyncio.timeout(NO_HURRY), self.came:
            await self.came.wait_for(lambda: len(self.received) >= count)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read(reader)
            self.received.append(request)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            async with self.came:
                self.came.notify_all()
            try:
                answer = await self.answer(request)
            finally:
                self.under_way -= 1
            if self.takes_first or answer.startswith(b"HTTP/1.1 2"):
                self.effects.setdefault(request.event_id, request.event)
            writer.write(answer)
            await writer.drain()
            if self.answer is stalls_after_its_head:
                await asyncio.Event().wait()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers["content-length"]))
    return Received(first.split(" ")[1], headers, body)


@asynccontextmanager
async def receiver(
    answer: Answer = takes, certificate: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """Run a receiver for a while; who hangs in it is let go at the end."""
    one = Receiver(answer=answer, scheme="https" if certificate else "http")
    handling: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(one.handle(reader, writer))
        handling.add(task)
        task.add_done_callback(handling.discard)

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=certificate)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        for task in tuple(handling):
            task.cancel()
        await asyncio.gather(*handling, return_exceptions=True)


def failing(share: float, seed: int, failure: bytes = BROKEN) -> Answer:
    """Answer this share of requests with a failure; with nothing, the connection breaks off."""
    chance = random.Random(seed)

    async def answer(_: Received) -> bytes:
        return failure if chance.random() < share else OK

    return answer


async def stalls_after_its_head(_: Received) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"


async def hangs(_: Received) -> bytes:
    await asyncio.Event().wait()
    return OK
