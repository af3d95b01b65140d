"""What the partner guide and the package's README show runs from start to end, beside a server."""

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from fnmatch import fnmatch
from http.server import HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.access.roles import Role
from app.kit.database import Database
from kim_partner import Kim, ReceiptBook
from tests.conftest import Clock
from tests.consents.arrange import withdraw
from tests.directory.test_offers import an_offer
from tests.identity.partner_systems.arrange import Machine
from tests.incoming_referrals.arrange import a_desk
from tests.partner_client.stage import Stage, lines, private_pem, run
from tests.referrals.arrange import Scene, agreed, draft, send, sent
from tests.webhooks.arrange import a_postman, later, webhook_at
from tests.webhooks.receivers import Receiver

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "openapi" / "clients"
GUIDE, README = ROOT / "docs" / "partners.md", CLIENTS / "python" / "README.md"
TYPESCRIPT = CLIENTS / "typescript" / "README.md"


def blocks(document: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", document.read_text("utf-8"), re.DOTALL)


@pytest.fixture
def beside_the_demo(
    stage: Stage, machine: Machine, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card as the demonstration writes it, where the examples look for it."""
    signs = {
        "client_id": machine.id, "kid": machine.key.thumbprint(), "private_key": private_pem(machine),
        "institution_id": scene.institution_id,
    }  # fmt: skip
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo.json").write_text(
        json.dumps({"base_url": stage.url, "partner_systems": [signs]})
    )
    monkeypatch.chdir(tmp_path)


async def played(document: Path, text: str, namespace: dict[str, Any]) -> None:
    await asyncio.to_thread(exec, compile(text, str(document), "exec"), namespace)


@pytest.mark.usefixtures("beside_the_demo")
async def test_whole_way_of_the_guide_goes_on_where_it_was(
    kim: Kim, scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = await sent(scene)
    for expected in ([first], [first]):
        scope: dict[str, Any] = {}
        await played(GUIDE, blocks(GUIDE)[2], scope)
        scope["kim"].close()
        listed = await run(lambda: list(kim.referrals.listed()))
        assert [(each["id"], each["state"]) for each in listed] == [(each, "completed") for each in expected]
    assert capsys.readouterr().out.splitlines() == [
        "fetched requested", "accept accepted", "complete completed",
    ]  # fmt: skip
    assert len(lines(tmp_path / "receipts.txt")) == 3
    second = await draft(scene)
    await send(scene, second)
    scope = {}
    await played(GUIDE, blocks(GUIDE)[2], scope)
    scope["kim"].close()
    assert len(lines(tmp_path / "receipts.txt")) == 6


@pytest.mark.usefixtures("beside_the_demo")
async def test_guide_says_that_data_are_deleted_whose_consent_has_ended(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    consent_id, referral_id = await agreed(scene), await draft(scene)
    await send(scene, referral_id)
    outputs = []
    for is_withdrawn in (False, True, False):
        if is_withdrawn:
            await withdraw(scene.manager, consent_id)
        scope: dict[str, Any] = {}
        await played(GUIDE, blocks(GUIDE)[2], scope)
        scope["kim"].close()
        outputs.append(capsys.readouterr().out.splitlines())
    assert outputs[1:] == [[f"delete what was taken over of {referral_id}"], []]
    asked = await scene.manager.get(f"/v1/referrals/{referral_id}/recall")
    assert asked.json()["account"] == "deleted"


@pytest.mark.parametrize("state", ["accepted", "completed"])
@pytest.mark.usefixtures("beside_the_demo")
async def test_package_deletes_what_a_consent_no_longer_covers(kim: Kim, scene: Scene, state: str) -> None:
    consent_id, referral_id = await agreed(scene), await draft(scene)
    await send(scene, referral_id)
    scope: dict[str, Any] = {}
    await played(README, blocks(README)[0], scope)
    scope["kim"].close()
    assert scope["taken_over"].keys() == {referral_id}
    if state == "completed":
        await run(kim.referrals.complete, referral_id, "helped")
    await withdraw(scene.manager, consent_id)
    held = scope["taken_over"]
    await played(README, blocks(README)[0].replace("taken_over = {}", ""), scope)
    scope["kim"].close()
    assert held == {}
    asked = await scene.manager.get(f"/v1/referrals/{referral_id}/recall")
    assert asked.json()["account"] == "deleted"


@pytest.mark.usefixtures("beside_the_demo")
async def test_package_that_begins_anew_keeps_what_it_may_still_read(
    kim: Kim, scene: Scene, tmp_path: Path
) -> None:
    referral_id = await sent(scene)
    scope: dict[str, Any] = {}
    await played(README, blocks(README)[0], scope)
    scope["kim"].close()
    await run(kim.referrals.complete, referral_id, "helped")
    (tmp_path / "cursor-package.txt").write_text(await cursor_of_another(scene))
    scope["taken_over"]["00000000-0000-4000-8000-000000000000"] = {}
    await played(README, blocks(README)[0].replace("taken_over = {}", ""), scope)
    scope["kim"].close()
    assert scope["taken_over"].keys() == {referral_id}


@pytest.mark.usefixtures("beside_the_demo")
async def test_guide_reads_every_page_of_what_is_asked_back(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    consent_id = await agreed(scene)
    referrals = [await draft(scene) for _ in range(2)]
    for referral_id in referrals:
        await send(scene, referral_id)
    await withdraw(scene.manager, consent_id)
    program = blocks(GUIDE)[2].replace('{"limit": 200}', '{"limit": 1}')
    assert program != blocks(GUIDE)[2]
    scope: dict[str, Any] = {}
    await played(GUIDE, program, scope)
    scope["kim"].close()
    told = capsys.readouterr().out.splitlines()
    assert sorted(told) == sorted(f"delete what was taken over of {each}" for each in referrals)


async def cursor_of_another(scene: Scene) -> str:
    """What is left of a demonstration that was thrown away: a cursor that the feed knows of nobody here."""
    other = await scene.world.person(Role.PARTNER_USER, institution="mbe")
    return str((await other.get("/v1/partner/referrals?since=")).json()["next"])


@pytest.mark.parametrize(
    ("document", "number", "cursor"), [(GUIDE, 2, "cursor.txt"), (README, 0, "cursor-package.txt")]
)
@pytest.mark.usefixtures("beside_the_demo")
async def test_examples_begin_anew_where_their_cursor_is_gone(
    kim: Kim, scene: Scene, tmp_path: Path, document: Path, number: int, cursor: str
) -> None:
    await sent(scene)
    foreign = await cursor_of_another(scene)
    (tmp_path / cursor).write_text(foreign)
    scope: dict[str, Any] = {}
    await played(document, blocks(document)[number], scope)
    scope["kim"].close()
    (taken,) = await run(lambda: list(kim.referrals.listed()))
    assert taken["state"] != "requested"
    assert (tmp_path / cursor).read_text() not in ("", foreign)


def test_what_the_examples_leave_behind_is_not_committed() -> None:
    ignored = {path for path in (ROOT / ".gitignore").read_text("utf-8").splitlines() if "*" in path}
    texts = [each.read_text("utf-8") for each in (GUIDE, README, TYPESCRIPT)]
    left = {
        name
        for text in texts
        for name in re.findall(r"\b(?:cursor|receipts)[\w{}\['\]-]*\.(?:txt|jsonl)", text)
    }
    assert len([name for name in left if name.startswith("cursor")]) == len(texts)
    assert [name for name in left if not any(fnmatch(name, each) for each in ignored)] == []


@contextmanager
def receiving(handler: type) -> Iterator[int]:
    """Run the guide's receiver."""
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_receiver_of_the_guide_takes_what_is_genuine_and_nothing_else(
    stage: Stage, scene: Scene, worker_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    scope: dict[str, Any] = {"__name__": "guide"}
    await played(GUIDE, blocks(GUIDE)[3], scope)
    scope["Receiver"].log_message = lambda *_: None
    with receiving(scope["Receiver"]) as port:
        office = Receiver(port=port)
        webhook = await webhook_at(scene, office)
        asked, clock = await webhook.test(), Clock()
        for secret, state in (("whsec_" + "A" * 44, "pending"), (webhook.secret, "delivered")):
            scope["SECRET"] = secret
            async with a_postman(worker_database, stage.app, clock, [office]) as postman:
                with capture_logs():  # of webhooks of other tests, whose keys are gone
                    await postman.deliver_due()
            assert [each["state"] for each in await webhook.log()] == [state]
            later(clock, timedelta(seconds=10))
    assert scope["known"] == {asked["event_id"]}
    assert capsys.readouterr().out == "look at {}\n"


@pytest.mark.usefixtures("beside_the_demo")
async def test_examples_of_the_package_run_one_after_the_other(
    kim: Kim, scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_desk(scene.world)
    coordinator = await scene.world.person(Role.COORDINATOR)
    offer = await an_offer(scene.world, coordinator, institution_id=scene.institution_id)
    await run(kim.directory.tell_capacity, offer["id"], 4)
    referral_id = await sent(scene)
    scope: dict[str, Any] = {}
    for text in blocks(README):
        await played(README, text, scope)
    scope["kim"].close()
    assert scope["taken_over"].keys() == {referral_id}
    book: ReceiptBook = scope["book"]
    assert sorted(each.step for each in book) == ["accept", "fetched", "send", "start"]
    assert scope["receive"]({}, b"{}", set()) == 401
    said = ["requested", "2026/17 requested", str([offer["name"]])]
    assert capsys.readouterr().out.splitlines()[-3:] == said


def test_whole_way_takes_about_seventy_lines() -> None:
    assert len([line for line in blocks(GUIDE)[2].splitlines() if line]) <= 70
