"""What a crash leaves behind is recognised and put in order by the next start, and never believed."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from app.kit.embedded import EmbeddedServer, EmbeddedServerError, postmaster
from app.kit.embedded.account import server_account
from app.kit.embedded.layout import Layout
from tests.hurry import NO_HURRY
from tests.kit.embedded.scene import Holder, postmasters_of, processes_of, sql, starts_of, until

Hold = Callable[..., Holder]


def _kill_postmaster(home: Path) -> int:
    (number,) = postmasters_of(home)
    os.kill(number, signal.SIGKILL)
    return number


async def test_killed_server_is_recovered_with_all_that_was_committed(home: Path, binaries: Path, made: None):
    server = EmbeddedServer(home, binaries)
    server.start()
    await sql(server.superuser_dsn(), "CREATE TABLE promise AS SELECT 'kept' AS word")
    _kill_postmaster(home)

    with EmbeddedServer(home, binaries) as next_server:
        assert "automatic recovery in progress" in next_server.log_tail()
        assert await sql(next_server.superuser_dsn(), "SELECT word FROM promise") == [("kept",)]
        assert server.is_running()
        server.stop()


def test_server_killed_with_its_user_is_started_by_the_next(
    home: Path, hold: Hold, programs: Path, made: None
):
    first = hold(programs)
    first.started()
    _kill_postmaster(home)
    first.kill()
    assert (home / "data" / "postmaster.pid").exists()

    hold(programs).started()
    assert starts_of(home) == 2


async def test_process_that_outlives_the_server_is_ended_before_the_next_start(
    home: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch, made: None
):
    monkeypatch.setattr("app.kit.embedded.server._ORPHAN_SECONDS", 0.3)
    server = EmbeddedServer(home, binaries, durable=False)
    server.start()
    busy = await asyncpg.connect(server.superuser_dsn())
    endless = asyncio.create_task(busy.execute("DO 'BEGIN LOOP END LOOP; END'"))
    orphan = await busy_process(server)
    _kill_postmaster(home)
    until(lambda: list(processes_of(home)) == [orphan], "only the busy process is left")

    with EmbeddedServer(home, binaries, durable=False):
        assert orphan not in processes_of(home)
        with pytest.raises((asyncpg.PostgresError, ConnectionError)):
            await endless
        server.stop()


async def busy_process(server: EmbeddedServer) -> int:
    """Wait until another connection computes, and return its process."""
    question = "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'"
    async with asyncio.timeout(NO_HURRY):
        while True:
            for (number,) in await sql(server.superuser_dsn(), question):
                return number


@pytest.mark.parametrize("whose", ["of the server's user", "of another user"])
def test_stale_lock_with_the_id_of_a_living_foreign_process_is_not_believed(
    home: Path, binaries: Path, whose: str, made: None
):
    with EmbeddedServer(home, binaries, durable=False):
        remembered = (home / "data" / "postmaster.pid").read_text()
        socket_lock = (home / "data" / "run" / ".s.PGSQL.5432.lock").read_text()
    account = server_account(home / "data")
    options = account.process_options() if account and whose == "of the server's user" else {}
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, **options) as foreign:
        plant_locks(home, remembered, socket_lock, foreign.pid)
        assert not EmbeddedServer(home).is_running()

        with EmbeddedServer(home, binaries, durable=False) as server:
            assert server.is_running()
            assert foreign.pid not in postmasters_of(home)
        assert foreign.poll() is None, "the foreign process was harmed"
        foreign.stdin.close()


def test_postgresql_alone_would_believe_that_lock(
    home: Path, programs: Path, monkeypatch: pytest.MonkeyPatch, made: None
):
    with EmbeddedServer(home, programs, durable=False):
        remembered = (home / "data" / "postmaster.pid").read_text()
        socket_lock = (home / "data" / "run" / ".s.PGSQL.5432.lock").read_text()
    account = server_account(home / "data")
    options = account.process_options() if account else {}
    monkeypatch.setattr(postmaster, "clear_stale_locks", lambda layout: None)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, **options) as foreign:
        plant_locks(home, remembered, socket_lock, foreign.pid)
        with pytest.raises(EmbeddedServerError, match=r"lock file .* already exists"):
            EmbeddedServer(home, programs, durable=False).start()
        foreign.stdin.close()


def plant_locks(home: Path, remembered: str, socket_lock: str, number: int) -> None:
    """Leave what a machine that lost power leaves, with an id that lives again; also a dead socket."""
    owner = (home / "data").stat()
    for path, text in (
        (home / "data" / "postmaster.pid", remembered),
        (home / "data" / "run" / ".s.PGSQL.5432.lock", socket_lock),
        (home / "data" / "run" / ".s.PGSQL.5432", "no socket any more"),
    ):
        path.write_text("\n".join([str(number), *text.splitlines()[1:]]))
        path.chmod(0o600)
        os.chown(path, owner.st_uid, owner.st_gid)


def test_interrupted_initdb_is_made_anew(home: Path, programs: Path):
    Layout(home).prepare()
    (home / "data.unfinished" / "base").mkdir(parents=True)
    (home / "data.unfinished" / "PG_VERSION").write_text("18\n")

    with EmbeddedServer(home, programs, durable=False) as server:
        assert server.is_running()
    assert not (home / "data.unfinished").exists()


def test_server_that_makes_no_progress_is_reported_and_not_waited_for(home: Path, hold: Hold, made: None):
    hold().started()
    (number,) = postmasters_of(home)
    layout = Layout(home)
    os.kill(number, signal.SIGSTOP)
    try:
        assert postmaster.lives(layout)
        with pytest.raises(EmbeddedServerError, match=r"no sign of progress for 0\.5 seconds"):
            EmbeddedServer(home, patience=0.5).start()
    finally:
        os.kill(number, signal.SIGCONT)
    assert postmasters_of(home) == [number], "a server that others use must survive our impatience"


def test_server_started_by_hand_is_not_endangered(home: Path, programs: Path, made: None):
    with EmbeddedServer(home, programs, durable=False):
        pass
    account = server_account(home / "data")
    descriptor = os.open(home / "data", os.O_RDONLY)
    by_hand = subprocess.Popen(
        [
            *(programs / "postgres", "-D", f"/proc/self/fd/{descriptor}"),
            *("-c", "listen_addresses=", "-c", "unix_socket_directories=run"),
        ],
        pass_fds=(descriptor,),
        stderr=subprocess.DEVNULL,
        cwd="/",
        **(account.process_options() if account else {}),
    )
    os.close(descriptor)
    noted = home / "data" / "postmaster.pid"
    until(lambda: noted.exists() and "ready" in noted.read_text(), "the server started by hand is ready")

    with pytest.raises(EmbeddedServerError, match="was not started by this program"):
        EmbeddedServer(home, programs).start()
    by_hand.send_signal(signal.SIGINT)
    assert by_hand.wait(20) == 0
