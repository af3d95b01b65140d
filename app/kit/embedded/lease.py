"""Who uses the server, kept by locks of the kernel: a process that dies, however, gives its lock back.

No file here holds a process id, so no reused id and no restarted machine can be taken for a living user.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_FLAGS = os.O_RDWR | os.O_CREAT


@contextmanager
def exclusive(path: Path) -> Iterator[int]:
    """Hold the lock on a file alone; waits for its holder, and yields the file's descriptor."""
    descriptor = os.open(path, _FLAGS, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def held(path: Path) -> bool:
    """Say whether anyone holds the lock on a file; a lock of one's own counts as well."""
    descriptor = os.open(path, _FLAGS, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


class Lease:
    """One use of the server; it ends when it is given back or its process dies.

    A forked child holds the same lease: it ends when both have let it go.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, _FLAGS, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        """Give the use back."""
        os.close(self._descriptor)
