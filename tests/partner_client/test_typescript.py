"""The TypeScript client is what the contract says, passes its compiler, and works against a server."""

import asyncio
import json
import os
import re
from pathlib import Path

import pytest

from kim_partner import Kim
from tests.hurry import NO_HURRY
from tests.incoming_referrals.arrange import a_desk
from tests.partner_client.stage import BUSY, LOST, Stage, run
from tests.partner_client.test_examples import cursor_of_another
from tests.referrals.arrange import Scene, sent, step

CLIENT = Path(__file__).parents[2] / "openapi" / "clients" / "typescript"
NODE = os.environ.get("KIM_NODE") or "node"


async def program(*command: str | Path, status: int = 0) -> str:
    """Run a program in the client's folder and return what it says; fail when it ends otherwise."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=CLIENT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(NO_HURRY):
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


async def test_program_begins_anew_where_its_cursor_is_gone(
    office: tuple[str | Path, ...], scene: Scene, card: Path, tmp_path: Path
) -> None:
    referral_id = await sent(scene)
    cursor = tmp_path / "cursor"
    cursor.write_text(foreign := await cursor_of_another(scene))
    told = (await program(*office, card, cursor)).splitlines()
    assert "beginning anew" in told[0]
    assert [json.loads(line)["id"] for line in told[1:]] == [referral_id]
    assert cursor.read_text() != foreign


@pytest.mark.parametrize("arguments", [(), ("var/demo.json",), ("nowhere.json", "cursor")])
async def test_program_without_what_it_needs_tells_its_usage(
    office: tuple[str | Path, ...], arguments: tuple[str, ...]
) -> None:
    said = await program(*office, *arguments, status=2)
    assert "usage: node build/examples/office.js CARD CURSOR" in said
    assert " at " not in said
    assert ("nowhere.json is not there" in said) == ("nowhere.json" in arguments)


ASKS_ONCE = """
import { readFileSync } from "node:fs";
import { connect } from "./build/src/client.js";
const [card, baseUrl] = process.argv.slice(-2);
const [machine] = JSON.parse(readFileSync(card)).partner_systems;
const { client_id: clientId, kid, private_key: privateKey } = machine;
const kim = connect({ baseUrl, clientId, kid, privateKey, attempts: 1 });
try {
  const { response } = await kim.GET("/v1/partner/referrals", { params: { query: {} } });
  console.log("answered", response.status);
} catch (error) { console.log("refused", error.cause?.message); }
"""
TOKEN = b'{"access_token":"secret","token_type":"Bearer","expires_in":600}'


@pytest.mark.parametrize("place", ["/v1/oauth/token", "/v1/partner/referrals"])
async def test_nothing_follows_a_redirect(office: tuple[str | Path, ...], card: Path, place: str) -> None:
    """Neither the signed assertion (307 repeats a form) nor what else is asked goes to another address."""
    followed: list[bytes] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        followed.append(await reader.readline())
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(TOKEN) + TOKEN
        )
        writer.close()

    async def redirecting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        if place.encode() in asked.split(b"\r\n")[0]:
            port = other.sockets[0].getsockname()[1]
            head = b"307 Temporary Redirect\r\nLocation: http://127.0.0.1:%d/taken" % port
            writer.write(b"HTTP/1.1 " + head + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            head = b"Content-Type: application/json\r\nContent-Length: %d" % len(TOKEN)
            writer.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\nConnection: close\r\n\r\n" + TOKEN)
        await writer.drain()
        writer.close()

    async with (
        await asyncio.start_server(elsewhere, "127.0.0.1") as other,
        await asyncio.start_server(redirecting, "127.0.0.1") as server,
    ):
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        script = ("--input-type=module", "-e", ASKS_ONCE, "--", card, address)
        said = await program(*office[:-1], *script)
    assert (said.split()[0], followed) == ("refused", [])


def test_lock_file_names_no_registry() -> None:
    lock = (CLIENT / "package-lock.json").read_text("utf-8")
    assert not re.search(r'"resolved"|https?://registry', lock)
    assert lock.count('"integrity"') >= 10


SENDS = """
import { readFileSync } from "node:fs";
import { connect } from "./build/src/client.js";
import { sendFile } from "./build/src/files.js";
const [card, referral] = process.argv.slice(-2);
const { base_url: baseUrl, partner_systems: machines } = JSON.parse(readFileSync(card, "utf-8"));
const { client_id: clientId, kid, private_key: privateKey } = machines[0];
const kim = connect({ baseUrl, clientId, kid, privateKey });
const sent = await sendFile(kim, referral, new TextEncoder().encode("Bestätigung ".repeat(9)), "file-0001");
console.log(JSON.stringify(sent));
"""


async def test_file_is_sent_with_the_bytes_as_they_are(
    office: tuple[str | Path, ...], scene: Scene, card: Path
) -> None:
    referral_id = await sent(scene)
    *node, _ = office
    said = await program(*node, "--input-type=module", "-e", SENDS, card, referral_id)
    (file,) = json.loads(said)["attachments"]
    assert file["size_bytes"] == len("Bestätigung ".encode() * 9)


FOLLOWS = """
import { readFileSync } from "node:fs";
import { connect } from "./build/src/client.js";
import { Refused, sentChanges } from "./build/src/feed.js";
const [card, since] = process.argv.slice(-2);
const { base_url: baseUrl, partner_systems: [machine] } = JSON.parse(readFileSync(card));
const { client_id: clientId, kid, private_key: privateKey } = machine;
const kim = connect({ baseUrl, clientId, kid, privateKey });
try {
  for await (const { changed, cursor } of sentChanges(kim, since === "none" ? "" : since))
    console.log(JSON.stringify([changed.map(({ id, state }) => [id, state]), cursor]));
} catch (error) { console.log(error instanceof Refused ? error.problem.code : error); }
"""


async def test_what_became_of_whom_one_referred_is_followed(
    office: tuple[str | Path, ...], kim: Kim, scene: Scene, card: Path
) -> None:
    desk = await a_desk(scene.world)
    incoming_id = (await run(kim.incoming.refer, desk.body()))["id"]

    async def said(since: str) -> str:
        return await program(*office[:-1], "--input-type=module", "-e", FOLLOWS, "--", card, since)

    told, cursor = json.loads(await said("none"))
    assert told == [[incoming_id, "requested"]]
    await run(kim.incoming.withdraw, incoming_id, "no_longer_wanted")
    told, cursor = json.loads(await said(cursor))
    assert told == [[incoming_id, "withdrawn"]]
    assert json.loads(await said(cursor))[0] == []
    assert (await said(cursor[:-4] + "AAAA")).strip() == "sync_anew"
