"""Dumps of a database and their return, by PostgreSQL's own programs.

Passwords reach them by the environment: a command line is read by everybody on the machine. What they say is
repeated only as far as it holds no row.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from app.kit.roles import with_database

_SAID = re.compile(r"^pg_\w+: (?:error|warning|hint): .*$", re.MULTILINE)
_PASSED_ON = {
    "ssl": "PGSSLMODE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


class DumpFailed(Exception):
    """A dump was not made or not brought back; the sentence says why."""


def dump(url: str, file: Path, place: Mapping[str, str], programs: Path | None = None) -> int:
    """Write a dump of a database, which nobody else reads, and return its size in bytes.

    `place` is what the program is told of this machine: no secret, and nothing that PostgreSQL reads.

    The file gets its name when it is whole. Raises DumpFailed, also where the name is taken.
    """
    if file.exists():
        raise DumpFailed(f"{file} exists already and is not overwritten.")
    partial = file.with_name(file.name + ".partial")
    try:
        # KIM has no large objects; one that somebody made is readable to its maker alone and ends a dump.
        _run("pg_dump", programs, place, url, "--format=custom", "--no-blobs", f"--file={partial}")
        _sync(partial)
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return file.stat().st_size


def bring_back(
    admin_url: str, database: str, file: Path, place: Mapping[str, str], programs: Path | None = None
) -> None:
    """Bring a dump into an empty database, whole or not at all. Raises DumpFailed."""
    if not file.is_file():
        raise DumpFailed(f"{file} is no file.")
    whole = ("--single-transaction", "--exit-on-error")
    url = with_database(admin_url, database)
    _run("pg_restore", programs, place, url, f"--dbname={database}", *whole, str(file))


def _run(name: str, programs: Path | None, place: Mapping[str, str], url: str, *arguments: str) -> None:
    program = str(programs / name) if programs else shutil.which(name)
    if program is None:
        raise DumpFailed(f"{name} is missing: install PostgreSQL's client programs, or name their folder.")
    try:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, its arguments are ours
            [program, "--no-password", *arguments],
            env={**place, **_address(url)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            umask=0o077,
            check=False,
        )
    except OSError as error:
        raise DumpFailed(f"{program} cannot be run: {error.strerror}.") from None
    if done.returncode:
        said = "\n".join(_SAID.findall(done.stderr.decode("utf-8", "replace"))[:5])
        raise DumpFailed(said or f"{name} ended with {done.returncode}.")


def _address(url: str) -> Mapping[str, str]:
    """Return an address as libpq reads it from the environment; several hosts stay several."""
    parts = make_url(url)
    named = parts.query.get("host", ())
    hosts = [named] if isinstance(named, str) else list(named)
    if parts.host:
        hosts = [f"{parts.host}:{parts.port or 5432}"]
    pairs = [(host, "") if host.startswith("/") else host.rpartition(":")[::2] for host in hosts]
    ports = [port for _, port in pairs if port]
    told = {
        "PGHOST": ",".join(host for host, _ in pairs),
        "PGPORT": ",".join(ports) or str(parts.query.get("port", "")),
        "PGUSER": parts.username or "",
        "PGPASSWORD": parts.password or "",
        "PGDATABASE": parts.database or "",
    }
    told |= {_PASSED_ON[key]: str(value) for key, value in parts.query.items() if key in _PASSED_ON}
    return {name: value for name, value in told.items() if value}


def _sync(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())
