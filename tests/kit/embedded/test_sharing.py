"""Several processes use one server: one of them starts it, the last stops it, a killed one is counted out."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from app.kit.embedded import EmbeddedServer
from app.kit.embedded.lease import held
from tests.kit.embedded.scene import Holder, postmasters_of, processes_of, sql, starts_of, until

Hold = Callable[..., Holder]


def test_processes_that_start_at_once_make_one_server(home: Path, hold: Hold, programs: Path):
    holders = [hold(programs) for _ in range(4)]

    assert len({holder.started()["dsn"] for holder in holders}) == 1
    assert starts_of(home) == len(postmasters_of(home)) == 1


def test_last_process_stops_the_server_and_no_other(home: Path, hold: Hold, made: None):
    first, second = hold(), hold()
    first.started(), second.started()

    assert first.stop() is False
    assert len(postmasters_of(home)) == 1
    assert second.stop() is True
    assert not processes_of(home)


def test_killed_process_leaves_the_server_to_the_others(home: Path, hold: Hold, made: None):
    first, second = hold(), hold()
    first.started(), second.started()
    first.kill()

    assert len(postmasters_of(home)) == 1
    assert second.stop() is True
    assert not processes_of(home)


async def test_server_of_a_killed_process_is_adopted_by_the_next(
    home: Path, hold: Hold, binaries: Path, made: None
):
    holder = hold(binaries)
    await sql(holder.started()["dsn"], "CREATE TABLE kept AS SELECT 1 AS number")
    before = postmasters_of(home)
    holder.kill()
    assert postmasters_of(home) == before

    with EmbeddedServer(home, binaries) as server:
        assert postmasters_of(home) == before
        assert starts_of(home) == 1
        assert await sql(server.superuser_dsn(), "SELECT number FROM kept") == [(1,)]
    assert not processes_of(home)


def test_server_of_a_killed_process_can_be_stopped_by_a_process_that_never_used_it(
    home: Path, hold: Hold, made: None
):
    holder = hold()
    holder.started()
    onlooker = EmbeddedServer(home)

    assert onlooker.stop() is False
    holder.kill()
    assert onlooker.stop() is True
    assert not processes_of(home)


def test_process_killed_while_it_starts_the_server_blocks_nobody(home: Path, hold: Hold):
    first = hold()
    until((home / "data.unfinished").exists, "the first process makes the data directory")
    first.kill()
    second = hold()

    assert second.started()["version"]
    assert len(postmasters_of(home)) == 1


def test_objects_of_one_process_count_like_processes(home: Path, programs: Path, made: None):
    one, other = (EmbeddedServer(home, programs, durable=False) for _ in range(2))
    one.start(), other.start()

    assert one.stop() is False
    assert other.is_running()
    assert other.stop() is True


def test_interrupt_of_the_terminal_reaches_the_process_and_not_the_server(home: Path, hold: Hold, made: None):
    first, second = hold(), hold()
    first.started(), second.started()
    sessions = {os.getsid(number) for number in postmasters_of(home)}
    first.interrupt_terminal()

    assert first.says() == {"stopped": False}
    assert first.process.pid not in sessions
    assert len(postmasters_of(home)) == 1
    second.interrupt_terminal()
    assert second.says() == {"stopped": True}


def test_an_interrupt_sent_to_the_server_itself_would_stop_it(home: Path, hold: Hold, made: None):
    hold().started()
    os.kill(postmasters_of(home)[0], signal.SIGINT)

    until(lambda: not processes_of(home), "SIGINT stops PostgreSQL, so it must not come from the terminal")


def test_lock_lives_as_long_as_the_server_and_not_as_the_process_that_took_it(
    home: Path, hold: Hold, made: None
):
    holder = hold()
    holder.started()
    holder.kill()

    assert held(home / "server.lock")
    assert not held(home / "users.lock")
    os.kill(postmasters_of(home)[0], signal.SIGKILL)
    until(lambda: not held(home / "server.lock"), "the lock ends with the server")
