"""A connection as a phone has it: it breaks before, during and after a request, and sends some twice."""

import asyncio
import contextlib
import random

import httpx


class Unsteady(httpx.AsyncBaseTransport):
    """Hands requests on, except when chance has it otherwise; a phone cannot tell its faults apart."""

    def __init__(self, inner: httpx.AsyncBaseTransport, chance: random.Random) -> None:
        self.inner = inner
        self.chance = chance
        self.calm = False
        self.met: dict[str, int] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        fault = None if self.calm else self._next_fault()
        if fault is None:
            return await self.inner.handle_async_request(request)
        self.met[fault] = self.met.get(fault, 0) + 1
        if fault == "before":
            raise httpx.ConnectError("cut before it was sent", request=request)
        if fault == "during":
            await self._cut(request)
            raise httpx.ReadError("cut on the way", request=request)
        first = await self.inner.handle_async_request(request)
        if fault == "twice":
            return await self.inner.handle_async_request(request)
        await first.aread()
        raise httpx.ReadError("cut before the answer came", request=request)

    def _next_fault(self) -> str | None:
        drawn = self.chance.random()
        chances = (("before", 0.08), ("during", 0.16), ("after", 0.26), ("twice", 0.34))
        return next((name for name, until in chances if drawn < until), None)

    async def _cut(self, request: httpx.Request) -> None:
        """Let the server work for a while, then take the connection away; it may have committed or not."""
        running = asyncio.ensure_future(self.inner.handle_async_request(request))
        for _ in range(self.chance.randrange(40)):
            await asyncio.sleep(0)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
