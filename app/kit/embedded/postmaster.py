"""The server's processes: whether any lives, which is the first, starting, ending, clearing after a death.

The server inherits a locked file. The kernel keeps that lock as long as any process of the server lives and
drops it with the last, so "does it live?" never depends on a process id that a file remembers.
"""

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress

from app.kit.embedded import processes
from app.kit.embedded.account import Account, directory_for
from app.kit.embedded.binaries import Binaries
from app.kit.embedded.cluster import ENVIRONMENT
from app.kit.embedded.errors import EmbeddedServerError
from app.kit.embedded.layout import Layout
from app.kit.embedded.lease import exclusive, held

_LARGEST_LOG = 5 * 1024 * 1024
_STATUS_LINE = 7


def lives(layout: Layout) -> bool:
    """Say whether a process of the server lives, be it only one that outlived the first."""
    return held(layout.server)


def launch(layout: Layout, binaries: Binaries, account: Account | None, options: list[str]) -> None:
    """Start the server in a session of its own, where no signal of our terminal reaches it, and do not wait.

    The shell in between ends at once, so the server is nobody's unreaped child.
    """
    if layout.log.exists() and layout.log.stat().st_size > _LARGEST_LOG:
        layout.log.replace(layout.log.with_name(f"{layout.log.name}.1"))
    log = os.open(layout.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        with (
            directory_for(account, layout.data) as (directory, descriptors),
            exclusive(layout.server) as lock,
        ):
            words = [str(binaries.postgres), "-D", directory, *options]
            subprocess.run(  # noqa: S603 - our own words and a path, given as arguments
                ["/bin/sh", "-c", 'exec "$@" &', "sh", *words],
                pass_fds=(*descriptors, lock),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
                cwd="/",
                env=ENVIRONMENT,
                start_new_session=True,
                **(account.process_options() if account else {}),
            )
    finally:
        os.close(log)


def first_process(layout: Layout) -> int | None:
    """Return the id of the postmaster if it lives and is that of this data directory."""
    number = _remembered(layout)
    return number if number is not None and processes.belongs(number, layout.data) else None


def says_ready(layout: Layout) -> bool:
    """Say whether a living postmaster has noted that it takes connections; asking earlier fills its log."""
    lines = _lock_lines(layout)
    return first_process(layout) is not None and lines[_STATUS_LINE:] == ["ready"]


def clear_stale_locks(layout: Layout) -> None:
    """Remove the lock files of a dead server that PostgreSQL would believe in because their id lives again.

    Only to be called when no process of the server lives. An id that is dead is left to PostgreSQL's own,
    deeper check. Raises EmbeddedServerError when a server that this program did not start uses the data.
    """
    number = _remembered(layout)
    if number is not None and processes.exists(number):
        if processes.may_belong(number, layout.data):
            raise EmbeddedServerError(
                f"The PostgreSQL with process id {number} uses {layout.data} but was not started by this "
                "program: stop it first."
            )
        layout.postmaster_pid.unlink()
    for leftover in layout.sockets.glob(".s.PGSQL.*"):
        leftover.unlink()


def end(layout: Layout, how: signal.Signals) -> None:
    """Send the postmaster a signal, unless it is gone; SIGINT asks for a fast shutdown."""
    number = first_process(layout)
    if number is not None:
        processes.send(number, how, layout.data)


def end_orphans(layout: Layout) -> None:
    """Kill the processes that outlived the postmaster; they would keep the next one from starting."""
    for number in processes.all_of(layout.data):
        processes.send(number, signal.SIGKILL, layout.data)


def sign_of_life(layout: Layout) -> Callable[[], object]:
    """Return a function whose result changes while the server starts, recovers or stops."""

    def look() -> object:
        return (layout.log.stat().st_size if layout.log.exists() else 0), _lock_lines(layout)

    return look


def _lock_lines(layout: Layout) -> list[str]:
    with suppress(OSError):
        return [line.strip() for line in layout.postmaster_pid.read_text(encoding="utf-8").splitlines()]
    return []


def _remembered(layout: Layout) -> int | None:
    lines = _lock_lines(layout)
    with suppress(IndexError, ValueError):
        return abs(int(lines[0])) or None
    return None
