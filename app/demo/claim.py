"""One demonstration in a folder at a time: a lock that the kernel keeps, whoever dies.

The processes of a demonstration inherit it, so it is free only when the last of them has ended.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PATIENCE = 20.0  # seconds
_PAUSE = 0.05


class Claimed(Exception):
    """Another demonstration has the folder; the sentence says which process holds it."""


@contextmanager
def claim(home: Path) -> Iterator[int]:
    """Hold the folder alone and yield the descriptor that children inherit.

    Waits for what a killed demonstration has left to end. Raises `Claimed` when one runs.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(home / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, home)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, home: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(descriptor)
            if _lives(holder) or time.monotonic() > deadline:
                raise Claimed(
                    f"A demonstration runs in {home} already (process {holder or 'unknown'}): end it first "
                    "with ctrl-C, or name another folder with --home."
                ) from None
            time.sleep(_PAUSE)
        else:
            return


def _holder(descriptor: int) -> int | None:
    with suppress(ValueError):
        return int(os.pread(descriptor, 32, 0))
    return None


def _lives(number: int | None) -> bool:
    if number is None:
        return False
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
