"""A long-running process: whether its port is free, how it loads, runs and ends."""

import asyncio
import contextlib
import errno
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Load what stays to the end without looking for garbage in it, then or later.

    The application is some 400,000 objects: looking through them is a fifth of a start, and of a full
    collection nearly all.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def taken(host: str, port: int, name: str) -> str | None:
    """Return a sentence when nobody can listen there, with the setting that chooses the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            return f"Port {port} on {host} {why}: choose another with {name}."
    return None


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes the loop that a process runs on: the faster one where there is one."""
    factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        from uvloop import new_event_loop as factory
    return factory


def run(main: Coroutine[Any, Any, None], *, until_stdin_closes: bool = False) -> None:
    """Run a process to its end."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        if until_stdin_closes:
            threading.Thread(target=_end_with_stdin, daemon=True).start()
        runner.run(main)


def _end_with_stdin() -> None:
    """End this process when the pipe on standard input closes: who held its other end is dead.

    A thread of its own, because whoever starts us may die while the loop does not run yet.
    """
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
