"""Many requests at once against the application itself, many of them cut off at a random moment."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from app.access.guard import Gate
from app.kit.database import Nobody
from app.main import serve_app

AT_ONCE = 8
LATEST_CUT = 1.2
"""In lengths of a usual request, so that the cuts fall everywhere in it and sometimes behind it."""

_VISIBLE = (
    "SELECT (SELECT count(*) FROM clients) + (SELECT count(*) FROM users) + (SELECT count(*) FROM units)"
)

Serve = Callable[[Any, Any, Any], Awaitable[None]]
Asker = tuple[str, str]
"""A token and a path."""


@dataclass
class Storm:
    """What is asked, what each must get, and what came of it."""

    app: FastAPI
    right: dict[Asker, bytes]
    foreign: list[str] = field(default_factory=list)
    came: Counter[str] = field(default_factory=Counter)
    usual: float = 0.01
    """Seconds that a request takes among the others, as it was seen so far."""

    def __post_init__(self) -> None:
        self.serve: Serve = serve_app(self.app)

    async def blow(self, count: int, seed: int, *, cut: float = 0.4, nobody: float = 0.1) -> None:
        """Send so many requests, `cut` of them to be cut off and `nobody` of them in nobody's name."""
        chance = random.Random(seed)
        askers = list(self.right)
        plan = iter(
            [
                (
                    None if chance.random() < nobody else chance.choice(askers),
                    chance.uniform(0, LATEST_CUT) if chance.random() < cut else None,
                )
                for _ in range(count)
            ]
        )

        async def work() -> None:
            for asker, moment in plan:
                await self._one(self._nobody() if asker is None else self._ask(asker), moment)

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))

    async def _one(self, request: Any, moment: float | None) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(request)
        if moment is not None:
            loop.call_later(moment * self.usual, task.cancel)
        began = loop.time()
        try:
            await task
            self.came["answered"] += 1
            self.usual += 0.02 * (loop.time() - began - self.usual)
        except asyncio.CancelledError:
            self.came["cut"] += 1

    async def _ask(self, asker: Asker) -> None:
        status, body = await call(self.serve, *asker)
        if (status, body) != (200, self.right[asker]):
            self.foreign.append(f"{asker[1]}: {status} {body[:200]!r}")

    async def _nobody(self) -> None:
        gate: Gate = self.app.state.gate
        async with gate.database.transaction(Nobody()) as db:
            seen = await (await db.driver()).fetchval(_VISIBLE)
        if seen:
            self.foreign.append(f"nobody sees {seen} rows")


async def call(serve: Serve, token: str, path: str) -> tuple[int, bytes]:
    """Call the application without a client in between."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"kim.test"), (b"authorization", f"Bearer {token}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("kim.test", 80),
    }
    status, body = 0, b""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    await serve(scope, receive, send)
    return status, body
