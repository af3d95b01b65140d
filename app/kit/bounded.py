"""Bounds that a process sets itself before it reads what a stranger has sent."""

import os
from contextlib import suppress
from pathlib import Path

_NICENESS = 5
"""The process that serves others has the processor first."""


def bound(cpu_seconds: int, memory_bytes: int) -> None:
    """Bound time, addresses, files and further processes of this process, for good.

    On systems without such limits (Windows) the patience of who started it is all.
    """
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CORE, 0),  # a dump would hold the file unsealed
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))
    with suppress(OSError):  # when memory runs out, this process goes and not the one that serves
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
