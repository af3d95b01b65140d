"""`kim demo` as a process of its own, with its children, its database and what it says."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from app.kit.embedded import EmbeddedServer
from tests.durability.processes import ROOT, accepts, eventually

_READY = "ctrl-C stops everything"
_DEADLINE = 420.0  # seconds: a first start computes four releases, beside other tests
CLIENTS = "100"


def environment(port: int, **more: str) -> dict[str, str]:
    """Return an environment without settings of the test run."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("KIM_", "MAKE", "MFLAGS"))
    }
    return {**inherited, "KIM_PORT": str(port), **more}


def _hear_interrupts() -> None:
    """Hear ctrl-C also where the test run itself was started behind a shell that ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Demo:
    """One start of the demonstration in a home."""

    def __init__(self, home: Path, port: int, *options: str, **more: str) -> None:
        self.home = home
        self.port = port
        self._lock = home / "demo.lock"
        self._options = options
        self._environment = environment(port, **more)
        self._log = home.parent / f"{home.name}-{port}-{'-'.join(options)}.log"
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "app.cli", "demo", "--clients", CLIENTS, "--home", str(self.home),
                *self._options, cwd=ROOT, env=self._environment, stdin=asyncio.subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, preexec_fn=_hear_interrupts,
            )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        self.tell(signal.SIGTERM)
        await self.ended()

    @property
    def number(self) -> int:
        assert self._process is not None
        return self._process.pid

    def tell(self, sign: signal.Signals) -> None:
        """Send a signal, unless the process has ended."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(sign)

    async def ended(self) -> int:
        """Wait for the end and return the exit status."""
        assert self._process is not None
        async with asyncio.timeout(_DEADLINE):
            return await self._process.wait()

    async def serves(self) -> None:
        """Wait until everything runs; fail with the last words when the process has ended instead."""

        async def ready() -> bool:
            return _READY in self.said()

        await self._comes_to(ready)

    async def computes(self) -> None:
        """Wait until the process that computes a release has been started."""

        async def started() -> bool:
            return any(b"spawn_main" in words for words in self._words_of_group())

        await self._comes_to(started)

    async def _comes_to(self, condition: Callable[[], Awaitable[bool]]) -> None:
        assert self._process is not None
        end = asyncio.create_task(self._process.wait())
        never = asyncio.Event()
        async with asyncio.timeout(_DEADLINE):
            while not end.done() and not await condition():
                await asyncio.wait({end, asyncio.create_task(never.wait())}, timeout=0.05)
        assert not end.done(), self.said()[-2000:]
        end.cancel()

    def _words_of_group(self) -> Iterator[bytes]:
        """Yield the command lines of the processes that a ctrl-C reaches."""
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if os.getpgid(int(entry.name)) == self.number:
                    yield (entry / "cmdline").read_bytes()

    def interrupt_terminal(self) -> None:
        """Send what ctrl-C sends: SIGINT to everybody in the foreground."""
        os.killpg(self.number, signal.SIGINT)

    def said(self) -> str:
        """Return everything the process has said."""
        return self._log.read_text(encoding="utf-8")

    def children(self) -> set[int]:
        """Return the API and the worker that hold the lock of this home."""
        found = set()
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                holds = self._lock in {each.readlink() for each in (entry / "fd").iterdir()}
            except OSError:
                continue
            if holds and int(entry.name) != self.number:
                found.add(int(entry.name))
        return found

    def card(self) -> dict[str, object]:
        """Return what var/demo.json says."""
        return dict(json.loads((self.home / "demo.json").read_text(encoding="utf-8")))

    def database(self) -> EmbeddedServer:
        """Return the embedded server, to ask whether it runs."""
        return EmbeddedServer(self.home / "postgres")

    async def nobody_listens(self) -> None:
        """Wait until the port is free."""

        async def free() -> bool:
            return not await accepts(self.port)

        await eventually(free, f"nobody listens on {self.port}")
