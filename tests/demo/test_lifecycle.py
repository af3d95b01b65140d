"""The demonstration ends with its process, however that ends; one in a folder; refusals in a sentence."""

import asyncio
import os
import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.demo.installation import DATABASE
from tests.demo.inbox import Inbox, accounts, read, signed_in
from tests.demo.processes import Demo, environment
from tests.durability.processes import ROOT, eventually, free_port


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose data the first test loads; the others find them, until the last throws them away."""
    home = tmp_path_factory.mktemp("demonstration") / "home"
    yield home
    assert Demo(home, 0).database().stop()


async def test_first_start_that_is_interrupted_stops_without_a_word_and_the_next_has_everything(
    home: Path,
) -> None:
    async with Demo(home, free_port()) as interrupted:
        await interrupted.computes()
        interrupted.interrupt_terminal()
        assert await interrupted.ended() == 0
    assert "Traceback" not in interrupted.said()
    assert not interrupted.database().is_running()
    async with Demo(home, free_port()) as demo:
        await demo.serves()
        assert "beginning anew" in demo.said()
        assert "protecting a child" in demo.said()
        assert "Computing" in demo.said()
    assert not demo.database().is_running()


async def test_interrupt_ends_api_worker_and_database(home: Path) -> None:
    async with Demo(home, free_port()) as demo:
        await demo.serves()
        assert len(demo.children()) == 2
        demo.tell(signal.SIGINT)
        assert await demo.ended() == 0
    assert demo.children() == set()
    assert not demo.database().is_running()


async def test_database_of_other_files_is_refused_and_told_how_to_begin_anew(home: Path) -> None:
    server = Demo(home, 0).database()
    server.start()
    owner = server.dsn("kim_migrate", server.secrets.password("kim_migrate"), DATABASE)
    mark = await _marked(owner, "of other files")
    try:
        async with Demo(home, free_port()) as demo:
            assert await demo.ended() == 1
        assert "nothing was changed" in demo.said()
        assert "make demo-reset" in demo.said()
    finally:
        server.start()
        await _marked(owner, mark)
        server.stop()


async def _marked(url: str, mark: str) -> str:
    """Let a database say that it was made of these files; return what it said before."""
    connection = await asyncpg.connect(url)
    await connection.execute("SET ROLE kim_owner")
    before = await connection.fetchval("SELECT obj_description('alembic_version'::regclass, 'pg_class')")
    await connection.execute(f"COMMENT ON TABLE alembic_version IS '{mark}'")
    await connection.close()
    return str(before)


async def test_children_of_a_killed_demonstration_end_and_the_next_takes_its_database_over(
    home: Path,
) -> None:
    port = free_port()
    async with Demo(home, port) as killed:
        await killed.serves()
        killed.tell(signal.SIGKILL)
        assert await killed.ended() == -signal.SIGKILL
    async with Demo(home, port) as demo:
        await demo.serves()
        assert killed.children() - demo.children() == {demo.number}
        assert "Loading" not in demo.said()
    assert not demo.database().is_running()


async def test_children_end_although_nothing_is_started_after_the_kill(home: Path) -> None:
    async with Demo(home, free_port()) as demo:
        await demo.serves()
        demo.tell(signal.SIGKILL)
        await demo.ended()
        await demo.nobody_listens()

        async def gone() -> bool:
            return not demo.children()

        await eventually(gone, "API and worker have ended")


async def test_second_demonstration_and_reset_in_one_folder_are_refused_by_name_of_the_holder(
    home: Path,
) -> None:
    async with Demo(home, free_port()) as demo:
        await demo.serves()
        for options in ((), ("--reset",)):
            async with Demo(home, free_port(), *options) as other:
                assert await other.ended() == 1
            assert f"(process {demo.number})" in other.said()
            assert "Traceback" not in other.said()
        assert demo.database().is_running()


async def test_card_is_readable_by_its_owner_alone_and_the_three_requests_answer(home: Path) -> None:
    async with Demo(home, free_port()) as demo:
        await demo.serves()
        assert stat.S_IMODE((home / "demo.json").stat().st_mode) == 0o600
        script = demo.said().split("Three requests to try:")[1].split("ctrl-C")[0]
        shell = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", f"set -e\n{script}", stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        answers, _ = await shell.communicate()
        assert answers.count(b'"items"') == 2
        assert str(demo.card()["search_for"]).encode() in answers


async def test_machine_and_team_of_the_card_have_something_to_do(home: Path) -> None:
    async with Demo(home, free_port()) as demo:
        await demo.serves()
        card = demo.card()
        async with httpx.AsyncClient(base_url=str(card["base_url"])) as http:
            inbox = await Inbox.of(http, card)
    place = inbox.machine["institution"]
    assert [each["unit"] for each in inbox.team] == [place, place]
    for seen in (inbox.of_machine, inbox.of_first):
        states = [each["state"] for each in seen]
        assert states.count("requested") >= 3
        assert "accepted" in states
        assert any(each.get("site_id") for each in seen)
        assert any(each.get("offer") for each in seen)
    assert {each.get("in_charge") for each in inbox.of_first} >= {None, *inbox.ids}
    of_site = [each for each in inbox.of_first if each.get("in_charge") == inbox.ids[1]]
    assert all(each["site_id"] for each in of_site)
    told = {(each["status"], (each["capacity"] or {}).get("free_places")) for each in inbox.offers}
    assert told == {("active", 4), ("active", 0), ("paused", 6)}


async def test_the_land_reads_what_both_areas_published_of_both_quarters(home: Path) -> None:
    async with Demo(home, free_port()) as demo:
        await demo.serves()
        assert "state_viewer" in demo.said()
        card = demo.card()
        async with httpx.AsyncClient(base_url=str(card["base_url"])) as http:
            viewer = next(each for each in accounts(card) if each["roles"] == ["state_viewer"])
            headers = await signed_in(http, viewer)
            releases = (await read(http, "/v1/releases", headers))["items"]
            quarters = {each["quarter"] for each in releases}
            tables = [
                await read(http, f"/v1/state/quarters/{quarter}/tables/clients_sex", headers)
                for quarter in sorted(quarters)
            ]
    assert (len(releases), len(quarters)) == (4, 2)
    assert [table["areas_published"] for table in tables] == [2, 2]


async def test_partner_guide_and_simulated_office_work_beside_the_demonstration(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "var").symlink_to(home)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/partners.md").read_text("utf-8"), re.DOTALL)
    simulate = ("-m", "app.cli", "partner", "simulate", "--once")
    async with Demo(home, free_port()) as demo:
        await demo.serves()
        for arguments, says in [
            (("-c", blocks[0]), b" referrals"),
            (("-c", blocks[1]), b"directory:read referrals:read"),
            (simulate, b"Steps: "),
            (("-c", blocks[2]), b""),
        ]:
            python = await asyncio.create_subprocess_exec(
                sys.executable, *arguments, cwd=tmp_path, stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
            told, _ = await python.communicate()
            assert python.returncode == 0
            assert says in told


async def test_taken_port_is_said_in_a_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with Demo(home, taken.getsockname()[1]) as demo:
            assert await demo.ended() == 1
    assert "is in use: choose another with KIM_PORT." in demo.said()


async def test_demonstration_ends_when_make_is_killed(home: Path, tmp_path: Path) -> None:
    words = ["demo", "--clients", "100", "--home", str(home)]
    recipe = f"exec {shlex.join([sys.executable, '-m', 'app.cli', *words])}"
    (tmp_path / "Makefile").write_text(f"demo:\n\t@cd {ROOT} && {recipe}\n")
    port = free_port()
    make = await asyncio.create_subprocess_exec(
        "make", "-f", str(tmp_path / "Makefile"), "demo", env=environment(port), stderr=subprocess.DEVNULL
    )
    demo = Demo(home, port)

    async def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    await eventually(listens, "the demonstration serves")
    make.kill()
    await make.wait()
    await demo.nobody_listens()

    async def stopped() -> bool:
        return not demo.database().is_running()

    await eventually(stopped, "the database has stopped")


async def test_reset_throws_the_data_of_a_killed_demonstration_away(home: Path) -> None:
    async with Demo(home, free_port()) as killed:
        await killed.serves()
        before = killed.card()["accounts"]
        killed.tell(signal.SIGKILL)
        await killed.ended()
    async with Demo(home, free_port(), "--reset") as demo:
        await demo.computes()
        assert "Loading 100 clients" in demo.said()
        assert demo.card()["accounts"] != before


WRONG = {
    "KIM_PORT": ("70000", "KIM_PORT: must be a whole number from 1 to 65535"),
    "KIM_OPS_PORT": ("nine", "KIM_OPS_PORT: must be a whole number from 0 to 65535"),
    "KIM_POOL_SIZE": ("0", "KIM_POOL_SIZE: must be a whole number from 1 to 200"),
    "KIM_STATEMENT_CACHES": ("maybe", "KIM_STATEMENT_CACHES: must be true or false"),
    "KIM_RECEIVE_SECONDS": ("0", "KIM_RECEIVE_SECONDS: must be a number above 0"),
    "KIM_LOG_LEVEL": ("loud", "KIM_LOG_LEVEL: must be one of DEBUG, INFO, WARNING, ERROR"),
    "KIM_PREVIOUS_KEY_FILES": ("a.pem", "KIM_PREVIOUS_KEY_FILES: must be a JSON list of paths"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_wrong_setting_is_refused_with_its_name_and_what_is_allowed(tmp_path: Path, name: str) -> None:
    value, told = WRONG[name]
    async with Demo(tmp_path / "home", 8000, **{name: value}) as demo:
        assert await demo.ended() == 2
    assert told in demo.said()
    assert "Traceback" not in demo.said()
    assert not (tmp_path / "home").exists()
