"""Two requests on two connections, one statement at a time in an order that a seed decides.

Each request stops before every access to the database until it is its turn. A request that waits for a lock
of the other is passed over until the database lets it go on. No time is involved: the same seed gives the
same order. Whether it waits for a lock is asked about a request only that does not stop for a moment: to ask
takes longer than most statements.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import asyncpg
import pytest

from app.kit.database import Db

Act = Callable[[], Awaitable[Any]]

_mine: ContextVar["Turn | None"] = ContextVar("turn", default=None)
_ACCESSES = ("driver", "execute", "scalar", "scalars", "flush")
_BLOCKED = "SELECT cardinality(pg_blocking_pids($1)) > 0"
_A_MOMENT = 0.01
"""Seconds; the order does not depend on it."""


class Turn:
    """One request: where it stands and whether it may go on."""

    def __init__(self, pace: float) -> None:
        self.pace = pace
        """How often it is chosen: requests of unlike pace meet early and late."""
        self.pid: int | None = None
        self.is_waiting = False
        self.was_blocked = False
        self._go = asyncio.Event()
        self._rests = asyncio.Event()
        self.task: asyncio.Task[Any] | None = None

    def start(self, act: Act) -> None:
        """Let the request begin."""
        self.task = asyncio.create_task(_run(self, act))
        self.task.add_done_callback(lambda _: self._rests.set())

    async def stop(self, pid: int) -> None:
        """Wait until it is this request's turn."""
        self.pid, self.is_waiting, self.was_blocked = pid, True, False
        self._rests.set()
        await self._go.wait()
        self._go.clear()

    def go(self) -> None:
        """Let the request take its next access."""
        self.is_waiting = False
        self._rests.clear()
        self._go.set()

    async def a_moment(self) -> None:
        """Wait for a moment, or until the request stops or ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_A_MOMENT):
                await self._rests.wait()

    @property
    def is_done(self) -> bool:
        return self.task is not None and self.task.done()

    async def is_blocked(self, admin: asyncpg.Connection) -> bool:
        """Return whether the database keeps the request waiting for a lock."""
        if self.is_waiting or self.is_done or self.pid is None:
            return False
        return bool(await admin.fetchval(_BLOCKED, self.pid))


@contextmanager
def stops(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make every access of a request that has a turn stop first."""
    with monkeypatch.context() as patch:
        for name in _ACCESSES:
            patch.setattr(Db, name, _stopping(getattr(Db, name)))
        yield


def _stopping(access: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def stopped(db: Db, *arguments: Any, **options: Any) -> Any:
        turn = _mine.get()
        if turn is not None:
            await turn.stop(db._driver.get_server_pid())
        return await access(db, *arguments, **options)

    return stopped


async def interleave(seed: int, admin: asyncpg.Connection, *acts: Act) -> list[Any]:
    """Run the acts in the order of the seed and return what they answered."""
    chance = random.Random(seed)
    turns = [Turn(pace=chance.random() ** 3) for _ in acts]
    for turn, act in zip(turns, acts, strict=True):
        turn.start(act)
    while not all(turn.is_done for turn in turns):
        await _settle(turns, admin)
        ready = [turn for turn in turns if turn.is_waiting and not turn.is_done]
        if ready:
            chance.choices(ready, [turn.pace for turn in ready])[0].go()
    return [turn.task.result() for turn in turns if turn.task is not None]


async def _run(turn: Turn, act: Act) -> Any:
    _mine.set(turn)
    return await act()


async def _settle(turns: list[Turn], admin: asyncpg.Connection) -> None:
    """Wait until every request has stopped, has ended, or waits for a lock of one that has stopped."""
    for turn in turns:
        while not (turn.is_waiting or turn.is_done):
            if not turn.was_blocked:
                await turn.a_moment()
            turn.was_blocked = await turn.is_blocked(admin)
            if turn.was_blocked and any(other.is_waiting for other in turns):
                break
