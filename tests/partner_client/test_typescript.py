"""The TypeScript client is what the contract says, passes its compiler, and works against a server."""

import asyncio
import json
import os
import re
from pathlib import Path

import pytest

from kim_partner import Kim
from tests.partner_client.stage import BUSY, LOST, Stage, run
from tests.referrals.arrange import Scene, sent, step

CLIENT = Path(__file__).parents[2] / "openapi" / "clients" / "typescript"
NODE = os.environ.get("KIM_NODE") or "node"


async def program(*command: str | Path, status: int = 0) -> str:
    """Run a program in the client's folder and return what it says; fail when it ends otherwise."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=CLIENT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(180):
        said, _ = await process.communicate()
    assert process.returncode == status, said.decode()
    return said.decode()


@pytest.fixture(scope="module")
async def office() -> tuple[str | Path, ...]:
    """The example, compiled: what does not pass the strict compiler is not written."""
    await program(NODE, CLIENT / "node_modules" / "typescript" / "bin" / "tsc")
    is_18 = (await program(NODE, "--version")).startswith("v18.")
    older = ("--experimental-global-webcrypto",) if is_18 else ()
    return (NODE, *older, CLIENT / "build" / "examples" / "office.js")


async def test_types_are_those_of_the_contract() -> None:
    await program(NODE, "generate.mjs", "--check")


async def test_change_of_the_contract_is_noticed(tmp_path: Path) -> None:
    contract = json.loads((CLIENT.parents[1] / "openapi.json").read_text("utf-8"))
    del contract["paths"]["/v1/partner/referrals/{referral_id}/hold"]
    changed = tmp_path / "openapi.json"
    changed.write_text(json.dumps(contract))
    said = await program(NODE, "generate.mjs", "--check", changed, status=1)
    assert "run `make clients`" in said


async def test_program_takes_over_and_accepts_what_was_referred(
    office: tuple[str | Path, ...], stage: Stage, kim: Kim, scene: Scene, card: Path, tmp_path: Path
) -> None:
    first, other = await sent(scene), await sent(scene)
    await step(scene, other, "reject", reason="no_capacity")
    cursor = tmp_path / "cursor"
    stage.line.faults.append(LOST)  # that of the token; a second attempt gets one
    told = [json.loads(line) for line in (await program(*office, card, cursor)).splitlines()]
    assert [(each["id"], each["state"]) for each in told] == [(first, "accepted")]
    kept = await run(lambda: list(kim.referrals.receipts(first)))
    assert [each["step"] for each in kept] == ["send", "fetched", "accept"]
    second = await sent(scene)
    again = [json.loads(line) for line in (await program(*office, card, cursor)).splitlines()]
    assert [(each["id"], each["state"]) for each in again] == [(second, "accepted")]


async def test_step_whose_answer_was_lost_is_repeated_and_taken_once(
    office: tuple[str | Path, ...], stage: Stage, kim: Kim, scene: Scene, card: Path, tmp_path: Path
) -> None:
    referral_id = await sent(scene)
    before_the_steps: list[bytes | None] = [None, None, None]  # token, feed, package
    stage.line.faults += [*before_the_steps, LOST, None, BUSY.replace(b"Retry-After: 7", b"Retry-After: 0")]
    (told,) = (await program(*office, card, tmp_path / "cursor")).splitlines()
    assert json.loads(told)["state"] == "accepted"
    assert stage.line.faults == []
    kept = await run(lambda: list(kim.referrals.receipts(referral_id)))
    assert [each["step"] for each in kept] == ["send", "fetched", "accept"]


async def test_program_ends_with_an_error_when_the_credential_is_revoked(
    office: tuple[str | Path, ...], machine, card: Path, tmp_path: Path
) -> None:
    assert (await machine.admin.delete(machine.path)).status_code == 204
    said = await program(*office, card, tmp_path / "cursor", status=1)
    assert "no token: 401" in said


def test_lock_file_names_no_registry() -> None:
    lock = (CLIENT / "package-lock.json").read_text("utf-8")
    assert not re.search(r'"resolved"|https?://registry', lock)
    assert lock.count('"integrity"') >= 10
