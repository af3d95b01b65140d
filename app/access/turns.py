"""Turns: nobody's many requests take every connection of the pool from those who send a few.

Taken before a transaction is opened, by who is known without asking the database: the subject of the token,
or the address where nobody is signed in. Who waits here holds no connection, and stands behind their own
requests only.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.kit.errors import TooMany
from app.kit.metrics import Metrics


@dataclass(slots=True)
class _Line:
    """The requests of one sender: how many there are, and the places of those that work."""

    places: asyncio.Semaphore
    present: int = 0


class Turns:
    """Who works in this process, each sender on a few connections, and who waits for their own others."""

    def __init__(self, *, at_once: int, waiting: int, metrics: Metrics) -> None:
        self._at_once = at_once
        self._most = at_once + waiting
        self._turns = metrics.turns
        self._lines: dict[Hashable, _Line] = {}

    def __len__(self) -> int:
        """Return how many senders have a request here."""
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, sender: Hashable) -> AsyncIterator[None]:
        """Hold one of the sender's places, as soon as there is one; 429 when enough wait already."""
        line = self._lines.get(sender)
        if line is None:
            line = self._lines[sender] = _Line(asyncio.Semaphore(self._at_once))
        if line.present >= self._most:
            self._turns.labels("refused").inc()
            raise TooMany("You have enough requests that wait for each other.", retry_after=1)
        if line.present >= self._at_once:
            self._turns.labels("waited").inc()
        line.present += 1
        try:
            async with line.places:
                yield
        finally:
            line.present -= 1
            if not line.present:
                del self._lines[sender]


def share_of_pool(at_once: int, pool_size: int) -> int:
    """Return how many connections one sender has at most: never more than half of a small pool."""
    return min(at_once, max(1, pool_size // 2))
