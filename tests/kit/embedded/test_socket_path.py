"""A home so deep that its socket has no address still works, by a short name that only its owner can use."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.kit.embedded import EmbeddedServer, EmbeddedServerError, short_path
from app.kit.embedded.connection import database_url
from app.kit.embedded.short_path import connectable, fits, forget
from tests.kit.embedded.scene import Holder, modes_above, processes_of, sql


@pytest.fixture
def deep(private: Path) -> Iterator[Path]:
    """A home of more than 200 characters below a private directory."""
    place = private.joinpath(*["a-rather-long-name-of-a-directory"] * 6) / "postgres"
    yield place
    EmbeddedServer(place).stop()
    assert not processes_of(place)


async def test_deep_home_is_served_by_a_short_name(deep: Path, programs: Path):
    deep.parent.mkdir(parents=True)
    before = modes_above(deep)
    with EmbeddedServer(deep, programs, durable=False) as server:
        assert not fits(deep / "data" / "run")
        assert fits(server.socket_directory)
        assert await sql(server.superuser_dsn(), "SELECT 1") == [(1,)]
        with EmbeddedServer(deep, programs) as other:
            assert other.superuser_dsn() == server.superuser_dsn()
        link = server.socket_directory
        assert link.parent.stat().st_mode & 0o777 == 0o700

    assert not link.is_symlink(), "nothing is left of a stopped server"
    assert modes_above(deep) == before


async def test_its_own_path_would_not_serve(deep: Path, programs: Path):
    with EmbeddedServer(deep, programs, durable=False) as server:
        own_address = database_url("postgresql", deep / "data" / "run", "postgres", "x", "postgres")
        assert own_address != server.superuser_dsn()
        # The faster loop cuts a path that is too long and looks for what is left.
        with pytest.raises(OSError, match=r"AF_UNIX path too long|No such file or directory"):
            await sql(own_address, "SELECT 1")


def test_longest_path_that_fits_is_used_as_it_is(private: Path):
    name = 107 - len(str(private / "x" / ".s.PGSQL.5432")) + 1
    longest, longer = private / ("x" * name), private / ("x" * (name + 1))
    try:
        assert connectable(longest) == longest
        assert connectable(longer) != longer
    finally:
        forget(longer)


def test_bytes_are_counted_and_not_characters():
    assert fits(Path("/", "u" * 70))
    assert not fits(Path("/", "ü" * 70))


@pytest.fixture
def only_place(private: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place for short links on this machine."""
    monkeypatch.setattr(short_path, "_places", lambda: iter([private / "links"]))
    return private / "links"


@pytest.mark.parametrize("fault", ["open", "foreign", "link"])
def test_place_that_others_prepared_is_not_used(private: Path, only_place: Path, fault: str):
    (private / "theirs").mkdir(mode=0o700)
    if fault == "link":
        only_place.symlink_to(private / "theirs")
    else:
        only_place.mkdir(mode=0o700)
        only_place.chmod(0o770 if fault == "open" else 0o700)
    if fault == "foreign":
        if os.geteuid() != 0:
            pytest.skip("not tested: only root can make a directory of another user")
        os.chown(only_place, 12345, 12345)

    with pytest.raises(EmbeddedServerError, match="choose a shorter home"):
        connectable(private / ("x" * 120))


def test_place_of_our_own_is_used(private: Path, only_place: Path):
    only_place.mkdir(mode=0o700)
    assert connectable(private / ("x" * 120)).parent == only_place


def test_link_that_points_elsewhere_is_put_right(private: Path, only_place: Path):
    sockets = private / ("x" * 120)
    link = connectable(sockets)
    link.unlink()
    link.symlink_to(private)

    assert connectable(sockets).readlink() == sockets


def test_processes_share_the_short_name(deep: Path, hold: Callable[..., Holder], programs: Path):
    one, other = Holder(deep, programs), Holder(deep, programs)
    try:
        assert one.started()["dsn"] == other.started()["dsn"]
    finally:
        one.close()
        other.close()
