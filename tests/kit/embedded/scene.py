"""What the tests of the embedded server look at from outside: processes, databases, permissions."""

import json
import os
import pwd
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg

from tests.hurry import NO_HURRY

ROOT = Path(__file__).resolve().parents[3]
NOBODY = pwd.getpwnam("nobody").pw_uid
DEADLINE = NO_HURRY


class Holder:
    """A process of `holder.py` in a session of its own."""

    def __init__(
        self, home: Path, binaries: Path | None = None, user: int | None = None, within: tuple[str, ...] = ()
    ) -> None:
        self.process = subprocess.Popen(
            [
                *within,
                *(sys.executable, "-m", "tests.kit.embedded.holder", home),
                str(binaries or "-"),
                "-" if user is None else str(user),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def says(self) -> dict[str, Any]:
        """Return the next line of the process."""
        readable, _, _ = select.select([self.process.stdout], [], [], DEADLINE)
        assert readable, f"the holder said nothing for {DEADLINE} seconds"
        line = self.process.stdout.readline()
        assert line, f"the holder ended with {self.process.wait(DEADLINE)} and said nothing"
        return json.loads(line)

    def started(self) -> dict[str, Any]:
        """Return what the process says once the server answers."""
        said = self.says()
        assert "dsn" in said, said
        return said

    def stop(self) -> bool:
        """Ask the process to stop; return whether the server is stopped."""
        self.process.stdin.close()
        return self.says()["stopped"]

    def kill(self) -> None:
        """Kill the process so that it cannot put anything in order."""
        self.process.kill()
        self.process.wait(DEADLINE)

    def interrupt_terminal(self) -> None:
        """Send what ctrl-C sends: SIGINT to the whole foreground process group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def close(self) -> None:
        """Leave nothing of the process behind."""
        self.kill()
        self.process.stdin.close()
        self.process.stdout.close()


async def sql(dsn: str, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement on a connection of its own."""
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for a condition; fail with a sentence after a deadline."""
    pause = threading.Event()
    for _ in range(int(DEADLINE / 0.01)):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError(f"after {DEADLINE} seconds still not so: {what}")


def processes_of(home: Path) -> dict[int, str]:
    """Return the ids of all PostgreSQL processes of a home, with their command lines."""
    if not (home / "data").exists():
        return {}
    data = (home / "data").stat()
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if _works_in(entry, home / "data", words, f"kim-{data.st_dev:x}-{data.st_ino:x}"):
                found[int(entry.name)] = words
    return found


def _works_in(entry: Path, data: Path, words: str, name: str) -> bool:
    try:
        return (entry / "cwd").samefile(data)
    except PermissionError:  # root without CAP_SYS_PTRACE, as in most containers
        return name in words


def postmasters_of(home: Path) -> list[int]:
    """Return the ids of the first processes; more than one would destroy the data."""
    found = processes_of(home)
    return [number for number, words in found.items() if " -D " in words and _parent(number) not in found]


def _parent(number: int) -> int | None:
    """Return the parent: a child that was just forked still has the command line of the first process."""
    with suppress(OSError):
        lines = Path(f"/proc/{number}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("PPid:"))
    return None


def starts_of(home: Path) -> int:
    """Return how often PostgreSQL was started in a home."""
    return (home / "postgres.log").read_text().count("starting PostgreSQL")


def modes_above(path: Path) -> dict[Path, tuple[int, int, int]]:
    """Return mode and owners of every directory above a path."""
    return {parent: ((s := parent.stat()).st_mode, s.st_uid, s.st_gid) for parent in path.parents}


def runs_as(binaries: Path, user: int) -> bool:
    """Say whether a user can run PostgreSQL's programs where they lie."""
    try:
        tried = subprocess.run(
            [binaries / "postgres", "--version"], user=user, group=user, extra_groups=[], cwd="/", check=False
        )
    except PermissionError:
        return False
    return tried.returncode == 0
