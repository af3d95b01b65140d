"""Receivers fail three times in ten, a worker is killed twenty times: every event, every effect once.

The worker is a process, the receivers are servers with a ledger of their own, kept by event id.
"""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI

from app.kit.clock import utc_now
from app.kit.database import Database
from app.settings import Settings
from app.webhooks.postman import Claim, Postman
from app.webhooks.sending import Outcome
from tests.conftest import Clock
from tests.hurry import NO_HURRY
from tests.referrals.arrange import a_scene, agreed, draft, send
from tests.webhooks.arrange import Webhook, a_postman, events, hand_on, later, webhook_at
from tests.webhooks.receivers import BROKEN, OK, Received, Receiver, failing, receiver
from tests.world import World

KILLS = 20
HOURS_BETWEEN = 80
"""So far the clock of the next worker is ahead: every lease is over and every retry due."""


@asynccontextmanager
async def worker_house(settings: Settings, keys: Path, offices: list[Receiver]) -> AsyncIterator[Process]:
    """Run the process from which workers are forked."""
    assert settings.worker_database_url is not None
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.webhooks.doomed", settings.worker_database_url.get_secret_value(),
        str(keys), *(each.origin for each in offices),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def kill_a_worker(house: Process, hours: float, offices: list[Receiver], after: int) -> None:
    """Let a worker work until so many more requests have come, and kill it in the middle of it."""
    assert house.stdin is not None
    assert house.stdout is not None
    total = sum(len(each.received) for each in offices)
    house.stdin.write(f"{hours}\n".encode())
    async with asyncio.timeout(NO_HURRY):
        worker = int(await house.stdout.readline())
        try:
            await _reached(offices, total + after)
        finally:
            os.kill(worker, signal.SIGKILL)
        said = [await house.stdout.readline()]
        while not said[-1].strip().lstrip(b"-").isdigit():
            said.append(await house.stdout.readline())  # words of its log
    assert int(said[-1]) == -signal.SIGKILL


async def _reached(offices: list[Receiver], total: int) -> None:
    waiting = {asyncio.create_task(each.until(len(each.received) + 1)) for each in offices}
    while sum(len(each.received) for each in offices) < total:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for _ in done:
            waiting |= {asyncio.create_task(each.until(len(each.received) + 1)) for each in offices}
    for each in waiting:
        each.cancel()


@pytest.mark.slow
async def test_worker_killed_twenty_times_and_failing_receivers_lose_nothing(
    world: World,
    app: FastAPI,
    settings: Settings,
    field_keys: Path,
    worker_database: Database,
    post_clock: Clock,
    admin: asyncpg.Connection,
) -> None:
    scene = await a_scene(world)
    async with AsyncExitStack() as open_:
        failing_one = await open_.enter_async_context(receiver(failing(0.3, seed=1)))
        forgetful = await open_.enter_async_context(receiver(failing(0.3, seed=2, failure=b"")))
        forgetful.takes_first = True
        offices = [failing_one, forgetful]
        webhooks = [await webhook_at(scene, each) for each in offices]
        expected = [await events(each, 60) for each in webhooks]
        house = await open_.enter_async_context(worker_house(settings, field_keys, offices))
        chance = random.Random(3)
        await agreed(scene)
        referrals = []
        for number in range(KILLS):
            referrals.append(await draft(scene))
            await send(scene, referrals[-1])
            # What a killed worker held is due again: said here of the outbox, by its clock of deliveries.
            await admin.execute("UPDATE outbox SET available_at = now() WHERE done_at IS NULL")
            await kill_a_worker(house, number * HOURS_BETWEEN, offices, chance.randrange(1, 6))
        post_clock.fixed = utc_now() + timedelta(hours=KILLS * HOURS_BETWEEN)
        await admin.execute("UPDATE outbox SET available_at = now() WHERE done_at IS NULL")
        await hand_on(worker_database, post_clock)
        async with a_postman(worker_database, app, post_clock, offices) as postman:
            while any([(await each.read())["pending"] for each in webhooks]):
                await postman.deliver_due()
                later(post_clock, timedelta(hours=30))
        for webhook, office, tests in zip(webhooks, offices, expected, strict=True):
            await _is_complete(webhook, office, tests, referrals)


async def _is_complete(webhook: Webhook, office: Receiver, tests: set[str], referrals: list[str]) -> None:
    log = await _whole_log(webhook)
    assert {state for state, _, _ in log} == {"delivered"}
    assert {event_id for _, event_id, referral in log if referral is None} == tests
    assert sorted(referral for _, _, referral in log if referral) == sorted(referrals)
    assert set(office.times) == {event_id for _, event_id, _ in log}
    assert set(office.effects) == {event_id for _, event_id, _ in log}
    assert {e["data"].get("referral_id") for e in office.effects.values()} == {None, *referrals}
    assert sum(office.times.values()) > len(office.effects), "nothing failed, so nothing was shown"


async def _whole_log(webhook: Webhook) -> list[tuple[str, str, str | None]]:
    rows = await webhook.world.admin.fetch(
        "SELECT state, event_id::text, referral_id::text FROM webhook_deliveries WHERE webhook_id = $1",
        UUID(webhook.id),
    )
    return [(row["state"], row["event_id"], row["referral_id"]) for row in rows]


async def recorded_before(self: Postman, claim: Claim) -> None:
    """Planted fault: a delivery counts as delivered before it is tried."""
    loaded = await self._load(claim)
    assert loaded is not None
    await self._record(claim, loaded, self.clock(), Outcome(204, None, 0))
    await self._attempt(claim, loaded, self.clock())


@pytest.mark.parametrize(
    ("deliver", "loses"),
    [(Postman._deliver, False), (recorded_before, True)],
    ids=["as built", "planted: recorded before"],
)
async def test_what_is_recorded_as_delivered_has_been_taken(
    world: World,
    app: FastAPI,
    worker_database: Database,
    post_clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    deliver: Callable[[Postman, Claim], Awaitable[None]],
    loses: bool,
) -> None:
    monkeypatch.setattr(Postman, "_deliver", deliver)
    scene = await a_scene(world)
    async with (
        receiver(failing(0.3, seed=4)) as office,
        a_postman(worker_database, app, post_clock, [office]) as postman,
    ):
        webhook = await webhook_at(scene, office)
        expected = await events(webhook, 20)
        while (await webhook.read())["pending"]:
            await postman.deliver_due()
            later(post_clock, timedelta(hours=30))
        assert {each["event_id"] for each in await webhook.log(state="delivered")} == expected
    assert (expected - set(office.effects) != set()) is loses


async def test_receiver_that_broke_off_gets_the_event_again_with_the_same_id_and_body(
    world: World, app: FastAPI, worker_database: Database, post_clock: Clock
) -> None:
    answers = iter([b"", BROKEN, OK])

    async def twice(_: Received) -> bytes:
        return next(answers)

    scene = await a_scene(world)
    async with receiver(twice) as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        await webhook.test()
        for _ in range(3):
            await postman.deliver_due()
            later(post_clock, timedelta(minutes=10))
    assert len({(each.event_id, each.body) for each in office.received}) == 1
    assert len({each.headers["webhook-timestamp"] for each in office.received}) == 3
    assert len(office.received) == 3
