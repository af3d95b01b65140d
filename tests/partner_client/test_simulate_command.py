"""The command of the simulated office: once or until ctrl-C, with the card of a demonstration or options."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kim_partner import Kim
from kim_partner.simulation import command
from kim_partner.simulation.courses import Rates
from tests.hurry import NO_HURRY
from tests.identity.partner_systems.arrange import Machine, secret_of
from tests.partner_client.stage import Stage, private_pem, run
from tests.partner_client.test_simulation import NAMES, reached, states
from tests.referrals.arrange import Scene, sent

ROOT = Path(__file__).parents[2]
ELSEWHERE = ("--server", "http://kim.example", "--client-id", "x")
ON_PURPOSE = "--answer-real-referrals-by-chance"


@asynccontextmanager
async def simulating(*options: object) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `kim partner simulate` as from a checkout in which nothing of the client is installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "partner", "simulate", *map(str, options),
        cwd=ROOT, env={**environment, "PYTHONPATH": "."},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    async with asyncio.timeout(NO_HURRY):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_command_does_once_what_is_due(kim: Kim, scene: Scene, card: Path) -> None:
    ids = [await sent(scene) for _ in range(2)]
    rates = ("--accept", 1, "--reject", 0, "--silent", 0, "--delay-minutes", 0, "--seed", 3)
    async with simulating("--card", card, "--once", *rates) as process:
        status, out, err = await ended(process)
    assert (status, err) == (0, "")
    assert await states(kim) == {each: reached(each, Rates(1, 0, 0, 0), 3) for each in ids}
    assert "2 accept" in out.splitlines()[-1]
    assert not [name for name in NAMES if name in out]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_ctrl_c_ends_it_with_a_sum_and_no_traceback(scene: Scene, card: Path, how: int) -> None:
    await sent(scene)
    async with simulating("--card", card, "--silent", 1, "--accept", 0, "--reject", 0) as process:
        assert process.stdout
        async with asyncio.timeout(NO_HURRY):
            await process.stdout.readline()
            first = await process.stdout.readline()
        process.send_signal(how)
        status, out, err = await ended(process)
    assert b"will stay without an answer" in first
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].endswith("Steps: none")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--accept", 0.9), "make 1 together"),
        (("--accept", "nan"), "make 1 together"),
        (("--delay-minutes", -1), "not negative"),
        (("--card", "nowhere.json"), "is the demonstration running"),
        (("--server", "http://127.0.0.1:1"), "belong together"),
        ((*ELSEWHERE, "--key-file", __file__), "--answer-real-referrals-by-chance"),
        ((*ELSEWHERE, "--key-file", __file__, ON_PURPOSE), "begins with https"),
        ((*ELSEWHERE, "--key-file", "/nonexistent", ON_PURPOSE), "/nonexistent is not there: the key file"),
        ((*ELSEWHERE, "--key-file", "/", ON_PURPOSE), "/ cannot be read: Is a directory"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(
    options: Sequence[object], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(["simulate", "--once", *map(str, options)]) == 2
    assert says in capsys.readouterr().err


def test_card_without_machines_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "demo.json"
    path.write_text('{"base_url": "http://127.0.0.1:1", "partner_systems": []}')
    assert command.run(["simulate", "--card", str(path)]) == 2
    assert "names no machine" in capsys.readouterr().err


async def test_machine_may_be_named_by_options_or_have_a_secret(
    stage: Stage, machine: Machine, tmp_path: Path
) -> None:
    key = tmp_path / "machine.pem"
    key.write_text(private_pem(machine))
    secret = (await secret_of(machine))["client_secret"]
    path = tmp_path / "demo.json"
    path.write_text(
        json.dumps(
            {
                "base_url": stage.url,
                "partner_systems": [{"client_id": machine.id, "client_secret": secret}],
            }
        )
    )
    for options in (
        ["--server", stage.url, "--client-id", machine.id, "--key-file", str(key), ON_PURPOSE],
        ["--card", str(path)],
    ):
        server, credential, _ = command._whom(command.parser().parse_args(["simulate", *options]))
        kim = Kim(server, credential)
        stage.opened.append(kim)
        assert await run(lambda kim=kim: list(kim.referrals.listed())) == []
