"""The open answer itself: look, say what changed, wait for a hint or a heartbeat, look again.

Each look is a short transaction of its own that asks session, roles and rights anew, so a stream ends within
one heartbeat of the session. It ends by itself after a while, before any proxy cuts it, and the front end
comes back with the id of the last event.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.access.context import Context
from app.kit.database import UNREACHABLE
from app.kit.errors import Problem
from app.kit.pages import MAXIMUM
from app.kit.problems import respond
from app.work.live.hub import Hub, Stream
from app.work.sync.queries import read_changes

Look = Callable[[], AbstractAsyncContextManager[Context]]

_SEEN = "SELECT (my_cases() || my_clients() || ctx_user())::text[]"
_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
_ENDED = b"event: end\ndata: {}\n\n"
_HEARTBEAT = b": still here\n\n"


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: how often a stream looks without a hint, and how long it lives."""

    heartbeat: float
    life: float


class EventStream(Response):
    """An answer that goes on; the stream takes its place when it begins and gives it back however it ends."""

    def __init__(self, hub: Hub, stream: Stream, look: Look, cursor: str, pace: Pace) -> None:
        super().__init__()
        self._hub = hub
        self._stream = stream
        self._look = look
        self._cursor = cursor
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._hub.join(self._stream)
        except Problem as full:
            await respond(full)(scope, receive, send)
            return
        leaving = asyncio.create_task(self._wait_for_leaving(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            async for part in self._parts():
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            leaving.cancel()
            self._hub.leave(self._stream)

    async def _wait_for_leaving(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stream.end()

    async def _parts(self) -> AsyncIterator[bytes]:
        yield b"retry: 2000\nevent: begin\nid: %b\ndata: {}\n\n" % self._cursor.encode()
        until = asyncio.get_running_loop().time() + self._pace.life
        while not self._stream.is_over:
            self._stream.awake.clear()
            try:
                parts = await self._read()
            except (Problem, *UNREACHABLE):
                break
            for part in parts:
                yield part
            left = until - asyncio.get_running_loop().time()
            if await self._woken(min(self._pace.heartbeat, left)):
                continue
            if left <= self._pace.heartbeat:
                break
            yield _HEARTBEAT
        yield _ENDED

    async def _read(self) -> list[bytes]:
        """Return the events since the last one, page by page; each page is a transaction of its own."""
        parts, more = [], True
        while more and not self._stream.is_over:
            async with self._look() as ctx:
                answer = await read_changes(ctx, self._cursor, MAXIMUM)
                self._stream.seen = frozenset(await (await ctx.db.driver()).fetchval(_SEEN))
            self._cursor, more = answer.following, answer.more
            if answer.items:
                data = f'{{"items":[{answer.items}]}}'
                parts.append(f"event: changes\nid: {self._cursor}\ndata: {data}\n\n".encode())
        return parts

    async def _woken(self, seconds: float) -> bool:
        """Wait for a hint; False after so many seconds without one."""
        try:
            async with asyncio.timeout(seconds):
                await self._stream.awake.wait()
        except TimeoutError:
            return False
        return True
