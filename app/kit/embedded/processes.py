"""Which processes are PostgreSQL's of one data directory, and signals to exactly those.

All of them work in the data directory. Where the kernel does not tell that (root in a container usually lacks
CAP_SYS_PTRACE) their command line does, by a name that only this data directory has.
"""

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def server_name(data: Path) -> str:
    """Return the name that the server of this data directory carries in the command line of every process."""
    found = data.stat()
    return f"kim-{found.st_dev:x}-{found.st_ino:x}"


def belongs(number: int, data: Path) -> bool:
    """Say whether a process is one of PostgreSQL's in this data directory."""
    if not sys.platform.startswith("linux"):
        return exists(number)
    place = _works_in(number, data)
    return place if place is not None else server_name(data) in _read(number, "cmdline")


def may_belong(number: int, data: Path) -> bool:
    """Say whether a process could be a PostgreSQL in this data directory that someone else started.

    A dead one that nobody has reaped is none, although its id exists.
    """
    if belongs(number, data):
        return True
    dead = re.search(r"^State:\s+[ZX]", _read(number, "status"), re.MULTILINE)
    return _works_in(number, data) is None and not dead and _read(number, "comm").strip() == "postgres"


def exists(number: int) -> bool:
    """Say whether there is a process with this id."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def all_of(data: Path) -> Iterator[int]:
    """Yield the ids of all processes of this data directory; needs /proc."""
    for entry in Path("/proc").glob("[0-9]*"):
        if belongs(int(entry.name), data):
            yield int(entry.name)


def send(number: int, how: signal.Signals, data: Path) -> None:
    """Signal a process if it belongs: the id cannot be reused between look and signal, as it is held open."""
    if not sys.platform.startswith("linux"):
        os.kill(number, how)
        return
    with suppress(ProcessLookupError):
        descriptor = os.pidfd_open(number)
        try:
            if belongs(number, data):
                signal.pidfd_send_signal(descriptor, how)
        finally:
            os.close(descriptor)


def _works_in(number: int, data: Path) -> bool | None:
    """Say whether a process has this working directory; None when we may not know."""
    try:
        return Path(f"/proc/{number}/cwd").samefile(data)
    except PermissionError:
        return None
    except OSError:
        return False


def _read(number: int, what: str) -> str:
    with suppress(OSError):
        return Path(f"/proc/{number}/{what}").read_bytes().decode(errors="replace")
    return ""
