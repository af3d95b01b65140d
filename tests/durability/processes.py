"""`kim serve` and `kim worker` as processes of their own: started, waited for, stopped, killed."""

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from app.settings import Settings
from tests.hurry import NO_HURRY

ROOT = Path(__file__).parents[2]
DEADLINE = NO_HURRY


async def eventually(condition: Callable[[], Awaitable[object]], what: str) -> None:
    """Wait until a condition holds; fail with a sentence after a deadline."""
    never = asyncio.Event()
    try:
        async with asyncio.timeout(DEADLINE):
            while not await condition():
                with suppress(TimeoutError):
                    await asyncio.wait_for(never.wait(), 0.02)
    except TimeoutError:
        raise AssertionError(f"after {DEADLINE} seconds still not so: {what}") from None


async def accepts(port: int) -> bool:
    """Say whether anybody takes connections on a port."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def free_port() -> int:
    """Return a port that nobody listens on, below those that the kernel gives to outgoing connections.

    Among those, somebody who knocks at a closed port again and again is one day connected with himself.
    """
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", random.randrange(20_000, 32_000)))
            return int(probe.getsockname()[1])


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which a process reads exactly these settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KIM_")}
    named = {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SIGNING_KEY_FILE": str(settings.signing_key_file),
        "PUBLIC_URL": settings.public_url,
        "PORT": str(settings.port),
        "OPS_PORT": str(settings.ops_port),
        "POOL_SIZE": str(settings.pool_size),
    }
    for name in ("worker_database_url", "reporting_database_url"):
        url = getattr(settings, name)
        if url is not None:
            named[name.upper()] = url.get_secret_value()
    return inherited | {f"KIM_{name}": value for name, value in named.items()}


class Kim:
    """One process of the command `kim`; what it says on standard error is kept."""

    def __init__(self, command: str, environment: dict[str, str], log: Path) -> None:
        self._command = command
        self._environment = environment
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def start(self) -> None:
        """Start the process and do not wait for it."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "app.cli", self._command,
                cwd=ROOT, env=self._environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    async def serves(self) -> None:
        """Wait until the API takes connections; fail with its last words when it has ended instead."""
        port = int(self._environment["KIM_PORT"])

        async def settled() -> bool:
            return not self.lives or await accepts(port)

        await eventually(settled, f"something listens on {port}")
        assert self.lives, self.said()[-2000:]

    @property
    def lives(self) -> bool:
        """Whether the process has not ended."""
        return self._process is not None and self._process.returncode is None

    async def kill(self) -> None:
        """Kill the process so that it cannot put anything in order."""
        if self._process is not None and self.lives:
            self._process.kill()
            await self._process.wait()

    def tell(self, sign: signal.Signals) -> None:
        """Send the process a signal."""
        assert self._process is not None
        self._process.send_signal(sign)

    async def ended(self) -> int:
        """Wait for the end and return the exit status; minus the number of a signal that ended it."""
        assert self._process is not None
        async with asyncio.timeout(DEADLINE):
            return await self._process.wait()

    def said(self) -> str:
        """Return everything the process has said."""
        return self._log.read_text(encoding="utf-8")
