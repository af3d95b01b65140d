"""The open streams of this process: how many there are, whom a hint concerns, and how all of them end."""

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from app.kit.database import UNREACHABLE, Database
from app.kit.errors import TooMany, Unavailable

log = structlog.get_logger(__name__)

CHANNEL = "kim_changes"
PER_PERSON = 5
_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds


@dataclass(eq=False)
class Stream:
    """One open answer: whose it is, what they see, and whether there is a reason to look."""

    area: str
    user_id: UUID
    seen: frozenset[str] = frozenset()
    """Ids of the cases and clients, and of the person: what a hint names when it concerns them."""
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    def hear(self, area: str, named: str) -> None:
        """Wake up when a hint concerns this person."""
        if area == self.area and (named == "*" or named in self.seen):
            self.awake.set()

    def end(self) -> None:
        """Let the stream end at its next step."""
        self.is_over = True
        self.awake.set()


class Hub:
    """All streams of one process, and the one connection that listens for them."""

    def __init__(self, database: Database, *, at_most: int, listens: bool) -> None:
        self._database = database
        self._at_most = at_most
        self._listens = listens
        self._streams: set[Stream] = set()
        self._people: Counter[UUID] = Counter()
        self._listener: asyncio.Task[None] | None = None
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._streams)

    def join(self, stream: Stream) -> None:
        """Count a stream in; raise 429 for a person, and 503 for a process, that has enough."""
        if self._is_closed or len(self._streams) >= self._at_most:
            raise Unavailable("This server has no place for another stream.", retry_after=10)
        if self._people[stream.user_id] >= PER_PERSON:
            raise TooMany("You have enough open streams.", retry_after=10)
        self._streams.add(stream)
        self._people[stream.user_id] += 1
        if self._listens and self._listener is None:
            self._listener = asyncio.create_task(self._listen())

    def leave(self, stream: Stream) -> None:
        """Give the place back."""
        self._streams.discard(stream)
        self._people[stream.user_id] -= 1
        self._people += Counter()

    def end_all(self) -> None:
        """Let every stream end, and take no more: the process is on its way down."""
        self._is_closed = True
        for stream in self._streams:
            stream.end()

    async def close(self) -> None:
        """Stop listening."""
        self.end_all()
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener

    def _hear(self, payload: str) -> None:
        area, _, named = payload.partition(" ")
        for stream in self._streams:
            stream.hear(area, named)

    async def _listen(self) -> None:
        """Listen until the end, over a new connection when one breaks; heartbeats look in the meantime."""
        pause = _PAUSE
        while True:
            try:
                async with self._database.listen(CHANNEL, self._hear) as broken:
                    pause = _PAUSE
                    for stream in self._streams:
                        stream.awake.set()  # what happened while nobody listened
                    await broken.wait()
            except UNREACHABLE as error:
                log.warning("listening_failed", kind=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
