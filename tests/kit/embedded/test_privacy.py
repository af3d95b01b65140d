"""Nobody else gets at the data: no port, no entry without the password, no open file, no changed parent."""

import os
import socket
from pathlib import Path

import asyncpg
import pytest

from app.kit.embedded import EmbeddedServer, EmbeddedServerError, cluster, connection
from app.kit.embedded.lease import exclusive
from tests.kit.embedded.scene import modes_above, postmasters_of, processes_of, sql


def _sockets_of(number: int) -> set[str]:
    """Return the inodes of the sockets a process has open."""
    links = (str(entry.readlink()) for entry in Path(f"/proc/{number}/fd").iterdir())
    return {link.removeprefix("socket:[").rstrip("]") for link in links if link.startswith("socket:[")}


def _network_listeners(number: int) -> list[str]:
    """Return the addresses on which a process listens, or its user where root may not look into processes."""
    tables = [Path(f"/proc/{number}/net/{name}") for name in ("tcp", "tcp6")]
    lines = [
        line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]
    ]
    listening = [fields for fields in lines if fields[3] == "0A"]
    try:
        sockets = _sockets_of(number)
        assert sockets, "the check must see the sockets of the server"
        return [fields[1] for fields in listening if fields[9] in sockets]
    except PermissionError:
        user = str(Path(f"/proc/{number}").stat().st_uid)
        return [fields[1] for fields in listening if fields[7] == user]


def test_server_listens_on_no_network_port(running: EmbeddedServer):
    (number,) = postmasters_of(running.layout.home)
    assert _network_listeners(number) == []


async def test_neither_alter_system_nor_an_edited_file_opens_a_port(home: Path, programs: Path, made: None):
    with EmbeddedServer(home, programs, durable=False) as server:
        await sql(server.superuser_dsn(), "ALTER SYSTEM SET listen_addresses = '127.0.0.1'")
    with (home / "data" / "postgresql.conf").open("a") as file:
        file.write("\nlisten_addresses = '127.0.0.1'\nport = 54330\n")

    with EmbeddedServer(home, programs, durable=False) as server:
        assert await sql(server.superuser_dsn(), "SHOW listen_addresses") == [("",)]
        assert _network_listeners(postmasters_of(home)[0]) == []


def test_a_network_port_would_be_seen(
    home: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, made: None
):
    monkeypatch.setitem(cluster._FIXED, "listen_addresses", "127.0.0.1")
    monkeypatch.setitem(cluster._FIXED, "port", str(_free_port()))
    monkeypatch.setattr(connection, "PORT", int(cluster._FIXED["port"]))
    with EmbeddedServer(home, programs, durable=False):
        (number,) = postmasters_of(home)
        assert _network_listeners(number)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def test_only_the_right_password_signs_in(running: EmbeddedServer):
    assert await sql(running.superuser_dsn(), "SELECT 1") == [(1,)]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await sql(running.dsn(running.superuser, "wrong", "postgres"), "SELECT 1")
    with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InterfaceError)):
        await sql(running.dsn(running.superuser, None, "postgres"), "SELECT 1")


async def test_passwords_are_stored_as_scram(running: EmbeddedServer):
    await sql(running.superuser_dsn(), "CREATE ROLE signing_in LOGIN PASSWORD 'x'")
    stored = await sql(running.superuser_dsn(), "SELECT rolpassword FROM pg_authid WHERE rolcanlogin")
    assert len(stored) >= 2
    assert all(password.startswith("SCRAM-SHA-256$") for (password,) in stored)
    rules = await sql(running.superuser_dsn(), "SELECT type, auth_method FROM pg_hba_file_rules")
    assert rules == [("local", "scram-sha-256")]


def test_parents_keep_their_permissions(home: Path, programs: Path):
    home.parent.mkdir(parents=True)
    home.parent.chmod(0o711)
    before = modes_above(home)
    with EmbeddedServer(home, programs, durable=False):
        pass

    assert modes_above(home) == before


def test_a_changed_parent_would_be_seen(home: Path):
    home.parent.mkdir(parents=True)
    before = modes_above(home)
    home.parent.chmod(0o777)

    assert modes_above(home) != before


def test_everything_of_ours_is_closed_to_others(home: Path, programs: Path):
    old = os.umask(0)
    try:
        with EmbeddedServer(home, programs, durable=False) as server:
            server.secrets.password("kim_app")
            open_to_others = [
                path
                for path in (home, *home.rglob("*"))
                if not path.is_symlink() and path.lstat().st_mode & 0o077
            ]
            sockets = [path for path in server.socket_directory.iterdir() if path.is_socket()]
    finally:
        os.umask(old)
    assert len(sockets) == 1
    assert open_to_others == []


def test_home_that_was_open_is_closed(home: Path, programs: Path):
    home.mkdir(parents=True)
    home.chmod(0o777)
    with EmbeddedServer(home, programs, durable=False):
        assert home.stat().st_mode & 0o777 == 0o700


def test_directory_with_other_files_is_refused(home: Path):
    home.mkdir(parents=True)
    (home / "letter.txt").write_text("mine")
    with pytest.raises(EmbeddedServerError, match=r"holds other files \(letter.txt\)"):
        EmbeddedServer(home).start()
    assert [path.name for path in home.iterdir()] == ["letter.txt"]


def test_home_of_another_user_is_refused(home: Path, as_root: None):
    home.mkdir(parents=True)
    os.chown(home, 12345, 12345)
    with pytest.raises(EmbeddedServerError, match="belongs to user id 12345"):
        EmbeddedServer(home).start()
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_password_file_that_was_open_to_others_is_refused(home: Path, programs: Path, mode: int, made: None):
    with EmbeddedServer(home, programs, durable=False):
        pass
    (home / "superuser.password").chmod(mode)
    with pytest.raises(EmbeddedServerError, match=f"with mode 0600, but .* mode {mode:04o}"):
        EmbeddedServer(home, programs).start()


@pytest.mark.parametrize(("words", "sentence"), [(None, "is missing"), ("other\n", "refuses the password")])
def test_lost_or_foreign_password_is_reported(
    home: Path, programs: Path, words: str | None, sentence: str, made: None
):
    with EmbeddedServer(home, programs, durable=False):
        pass
    (home / "superuser.password").unlink() if words is None else (home / "superuser.password").write_text(
        words
    )

    with pytest.raises(EmbeddedServerError, match=sentence):
        EmbeddedServer(home, programs).start()
    assert not processes_of(home)


async def test_log_holds_no_values_of_rows(running: EmbeddedServer):
    await sql(running.superuser_dsn(), "CREATE TABLE person (name text PRIMARY KEY)")
    await sql(running.superuser_dsn(), "INSERT INTO person VALUES ('Secretname')")
    with pytest.raises(asyncpg.UniqueViolationError):
        await sql(running.superuser_dsn(), "INSERT INTO person VALUES ('Secretname')")
    with pytest.raises(asyncpg.PostgresError):
        await sql(running.superuser_dsn(), "SELECT 'Secretname'::int")

    assert "Secretname" not in (running.layout.home / "postgres.log").read_text()
    await sql(running.superuser_dsn(), "DO $$ BEGIN RAISE LOG 'Visiblename'; END $$")
    assert "Visiblename" in running.log_tail(), "the log that was read is the one that is written"


def test_server_inherits_nothing_of_our_environment(
    home: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, made: None
):
    monkeypatch.setenv("KIM_SECRET_OF_TEST", "x")
    monkeypatch.setenv("PGPORT", "1")
    with EmbeddedServer(home, programs, durable=False) as server:
        (number,) = postmasters_of(home)
        inherited = Path(f"/proc/{number}/environ").read_bytes()
        assert b"PATH=" in inherited
        assert b"KIM_" not in inherited
        assert server.is_running()
        assert "port=5432" in server.superuser_dsn()


def test_locks_are_private_whatever_the_umask(private: Path):
    old = os.umask(0)
    try:
        with exclusive(private / "lock"):
            assert (private / "lock").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(old)
