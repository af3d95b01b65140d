"""Every step of every side from every state over HTTP, and what time does to a duty."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kit.database import Database
from app.referrals.duties.upkeep import expire_due
from app.referrals.events import ReferralExpired
from tests.duties.arrange import (
    Office,
    an_office,
    approve,
    approved,
    read,
    refuse,
    requested,
    send,
    told,
    withdraw,
)
from tests.referrals.test_deadlines import Worker
from tests.world import World

STATES = ("requested", "approved", "refused", "withdrawn", "expired", "sent")
STEPS = ("approve", "refuse", "withdraw", "send")
GOES: dict[tuple[str, str], str] = {
    ("approve", "requested"): "approved",
    ("refuse", "requested"): "refused",
    ("withdraw", "requested"): "withdrawn",
    ("withdraw", "approved"): "withdrawn",
    ("send", "approved"): "sent",
}


@pytest.fixture
def worker(worker_database: Database, world: World) -> Worker:
    return Worker(worker_database, world)


async def _in_state(office: Office, state: str, worker: Worker) -> dict[str, Any]:
    if state in ("approved", "sent"):
        duty = await approved(office)
        if state == "sent":
            assert (await send(office)).status_code == 200
        return duty
    duty = await requested(office)
    if state == "refused":
        await refuse(office.lead, duty)
    elif state == "withdrawn":
        await withdraw(office.manager, duty)
    elif state == "expired":
        await worker.run(expire_due, days=7.1)
    return duty


async def _take(office: Office, duty: dict[str, Any], step: str) -> httpx.Response:
    if step == "send":
        return await send(office)
    if step == "withdraw":
        return await withdraw(office.manager, duty)
    return await (approve if step == "approve" else refuse)(office.lead, duty)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
async def test_every_step_from_every_state(world: World, worker: Worker, step: str, state: str) -> None:
    office = await an_office(world)
    duty = await _in_state(office, state, worker)
    assert (await read(office.manager, duty))["state"] == state
    answer = await _take(office, duty, step)
    target = GOES.get((step, state))
    assert answer.status_code == (409 if target is None else 200), answer.text
    assert (await read(office.manager, duty))["state"] == (target or state)
    if target is None and step != "send":
        assert answer.json()["code"] == "wrong_state"
        assert answer.json()["state"] == state


async def _run_out(world: World, duty: dict[str, Any]) -> None:
    """Let the time of a duty pass, behind the database's own guard."""
    async with world.admin.transaction():
        await world.admin.execute("SET LOCAL session_replication_role = replica")
        await world.admin.execute(
            "UPDATE duties SET valid_until = now() - interval '1 second' WHERE id = $1", UUID(duty["id"])
        )


async def test_approval_holds_three_days_and_no_longer(world: World) -> None:
    office = await an_office(world)
    duty = await approved(office)
    until = datetime.fromisoformat(duty["valid_until"])
    assert until - datetime.fromisoformat(duty["decided_at"]) == timedelta(hours=72)
    await _run_out(world, duty)
    refused = await send(office)
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_expired")


async def test_request_that_nobody_decided_cannot_be_decided_late(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    until = datetime.fromisoformat(duty["valid_until"])
    assert until - datetime.fromisoformat(duty["requested_at"]) == timedelta(days=7)
    await _run_out(world, duty)
    late = await approve(office.lead, duty)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


async def test_unused_approval_ends_once_and_its_preparer_is_told(world: World, worker: Worker) -> None:
    office = await an_office(world)
    duty = await approved(office)
    assert await worker.run(expire_due, days=2.9) == 0
    assert await worker.run(expire_due, days=3.1) == 1
    assert await worker.run(expire_due, days=3.2) == 0
    assert (await read(office.manager, duty))["state"] == "expired"
    assert await told(office.manager, "duty_expired") == [duty["id"]]
    written = await world.admin.fetchval(
        "SELECT count(*) FROM audit_journal WHERE action = 'duty.expire' AND object_id = $1", UUID(duty["id"])
    )
    assert (written, [each for each in worker.heard if isinstance(each, ReferralExpired)]) == (1, [])


async def test_version_that_has_moved_on_is_refused(world: World) -> None:
    office = await an_office(world)
    duty = await requested(office)
    path = f"/v1/duties/{duty['id']}/approve"
    stale = await office.lead.post(path, {"sha256": duty["sha256"]}, if_match='"99"')
    assert stale.status_code == 412
    current = f'"{duty["version"]}"'
    assert (await office.lead.post(path, {"sha256": duty["sha256"]}, if_match=current)).status_code == 200
