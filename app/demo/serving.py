"""The API and the worker of a demonstration as processes that end with it, however it ends."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from app.settings import Settings

_PAUSE = 0.3  # seconds between two looks at the parent


class Children:
    """Two processes that hold the folder's lock and read a pipe: when its other end closes, they stop.

    The kernel closes it when this process dies, by kill -9 as well.
    """

    def __init__(
        self, settings: Settings, lock: int, environment: Mapping[str, str], *, patience: float = 60.0
    ) -> None:
        self._patience = patience  # seconds for what was begun
        self._environment = {**environment, **_environment(settings)}
        self._lock = lock
        self._processes: list[asyncio.subprocess.Process] = []
        self.ends: list[asyncio.Task[int]] = []

    async def start(self) -> None:
        """Start both."""
        for command in ("serve", "worker"):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "app.cli", command, "--until-stdin-closes",
                stdin=asyncio.subprocess.PIPE, env=self._environment, start_new_session=True,
                pass_fds=(self._lock,),
            )  # fmt: skip
            self._processes.append(process)
            self.ends.append(asyncio.create_task(process.wait()))

    async def stop(self) -> None:
        """End both and wait until they have finished what they had begun, or patience is over."""
        for process in self._processes:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.gather(*map(asyncio.shield, self.ends))
        except TimeoutError:
            for process in self._processes:
                with suppress(ProcessLookupError):
                    process.kill()
            await asyncio.gather(*self.ends)


def _environment(settings: Settings) -> dict[str, str]:
    given = {
        "DATABASE_URL": settings.database_url,
        "WORKER_DATABASE_URL": settings.worker_database_url,
        "REPORTING_DATABASE_URL": settings.reporting_database_url,
    }
    return {
        **{f"KIM_{name}": value.get_secret_value() for name, value in given.items() if value},
        "KIM_SIGNING_KEY_FILE": str(settings.signing_key_file),
        "KIM_FIELD_KEYS_FILE": str(settings.field_keys_file),
        "KIM_DOCUMENTS_FOLDER": str(settings.documents_folder),
        "KIM_PORT": str(settings.port),
        "KIM_OPS_PORT": str(settings.ops_port),
        "KIM_PUBLIC_URL": settings.public_url,
        "KIM_WEBHOOK_ORIGINS": ",".join(settings.webhook_origins),
        "KIM_LOG_LEVEL": "WARNING",
    }


async def serve_until_stopped(
    settings: Settings, lock: int, environment: Mapping[str, str], tell: Callable[[], None]
) -> bool:
    """Serve until cancelled or make is gone; say whether that, and no failure, was the end."""
    children = Children(settings, lock, environment)
    orphaned = asyncio.create_task(_orphaned(environment))
    ready = asyncio.create_task(_answers(settings.port))
    try:
        await children.start()
        await asyncio.wait([ready, orphaned, *children.ends], return_when=asyncio.FIRST_COMPLETED)
        if ready.done() and not any(task.done() for task in (orphaned, *children.ends)):
            tell()
            await asyncio.wait([orphaned, *children.ends], return_when=asyncio.FIRST_COMPLETED)
        return orphaned.done()
    finally:
        await children.stop()
        ready.cancel()
        orphaned.cancel()


async def _orphaned(environment: Mapping[str, str]) -> None:
    """Return when make, which waits for us, has been killed; who started us otherwise may go."""
    parent = os.getppid()
    if "MAKELEVEL" not in environment:
        await asyncio.Event().wait()
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells that a parent has died
        await asyncio.sleep(_PAUSE)


async def _answers(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
