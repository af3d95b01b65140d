"""ctrl-C, SIGTERM and a closed terminal: an end at any moment, from the first step to the last.

`asyncio.run` alone loses an interrupt that the interrupted code swallows, or that comes with its last step.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Self, TypeVar

_Result = TypeVar("_Result")
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Endings:
    """Hears what asks for an end while it is entered.

    Raises `KeyboardInterrupt` where the program is; within `run`, only when the coroutine has ended. Once
    is enough: what an impatient hand asks for after that would only hinder the end.
    """

    def __init__(self) -> None:
        self._cancel: Callable[[], object] | None = None
        self._is_told = False
        self._is_deaf = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {sign: signal.signal(sign, self._hear) for sign in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for sign, handler in self._before.items():
            signal.signal(sign, signal.SIG_IGN if self._is_told else handler)

    def run(self, main: Coroutine[Any, Any, _Result]) -> _Result:
        """Run a coroutine; an end cancels it and is raised when it has ended, however it has ended."""
        self._cancel = lambda: None
        try:
            result = asyncio.run(self._attended(main))
        except BaseException as error:
            if self._is_told:
                raise KeyboardInterrupt from error
            raise
        finally:
            self._cancel = None
        if self._is_told:
            raise KeyboardInterrupt
        return result

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """Let a second ctrl-C not hinder what puts everything in order."""
        self._is_deaf = True
        try:
            yield
        finally:
            self._is_deaf = False

    async def _attended(self, main: Coroutine[Any, Any, _Result]) -> _Result:
        task, loop = asyncio.ensure_future(main), asyncio.get_running_loop()
        self._cancel = lambda: loop.call_soon_threadsafe(task.cancel)
        if self._is_told:
            task.cancel()
        return await task

    def _hear(self, _: int, __: FrameType | None) -> None:
        if self._is_deaf or self._is_told:
            return
        self._is_told = True
        if self._cancel is None:
            raise KeyboardInterrupt
        with suppress(RuntimeError):
            self._cancel()
