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

    def __init__(self, settings: Settings, lock: int, environment: Mapping[str, str]) -> None:
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
        """End both and wait until they have finished what they had begun."""
        for process in self._processes:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
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
        "KIM_LOG_LEVEL": "WARNING",
    }


async def serve_until_stopped(
    settings: Settings, lock: int, environment: Mapping[str, str], tell: Callable[[], None]
) -> bool:
    """Serve until a signal comes or make is gone; say whether that, and no failure, was the end."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopped.set)
    children = Children(settings, lock, environment)
    await children.start()
    waiting = [asyncio.create_task(stopped.wait()), asyncio.create_task(_orphaned(environment))]
    ready = asyncio.create_task(_answers(settings.port))
    await asyncio.wait([ready, *waiting, *children.ends], return_when=asyncio.FIRST_COMPLETED)
    if ready.done() and not any(task.done() for task in (*waiting, *children.ends)):
        tell()
        await asyncio.wait([*waiting, *children.ends], return_when=asyncio.FIRST_COMPLETED)
    ended_well = any(task.done() for task in waiting)
    await children.stop()
    for task in (ready, *waiting):
        task.cancel()
    return ended_well


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
