"""Receivers that hang, dawdle, mumble or are away: cut off, hindering nobody, late words changing nothing."""

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI

from app.kit.database import Database
from app.webhooks.rules import AT_ONCE_INSTITUTION, AT_ONCE_WEBHOOK
from tests.conftest import Clock
from tests.referrals.arrange import a_scene
from tests.webhooks.arrange import a_postman, events, later, webhook_at
from tests.webhooks.receivers import (
    BROKEN,
    OK,
    Received,
    hangs,
    receiver,
    stalls_after_its_head,
)
from tests.world import World


async def test_hanging_receiver_is_cut_off_and_tried_again(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with (
        receiver(hangs) as office,
        a_postman(worker_database, app, post_clock, [office], seconds=0.2) as postman,
    ):
        webhook = await webhook_at(scene, office)
        await webhook.test()
        await postman.deliver_due()
        (delivery,) = await webhook.log()
    assert (delivery["state"], delivery["failure"]) == ("pending", "timeout")
    assert delivery["attempts"][0]["status"] is None


async def test_slow_receiver_hinders_no_other(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    """While every attempt at one office hangs, another gets all of its events."""
    free = asyncio.Event()

    async def waits(_: Received) -> bytes:
        await free.wait()
        return OK

    slow, quick = await a_scene(world), await a_scene(world, "jugendamt")
    async with (
        receiver(waits) as sleepy,
        receiver() as awake,
        a_postman(worker_database, app, post_clock, [sleepy, awake]) as postman,
    ):
        expected = set()
        for _ in range(3):
            expected |= await events(await webhook_at(slow, sleepy), 20)
        others = await events(await webhook_at(quick, awake), 20)
        delivering = asyncio.create_task(postman.deliver_due())
        await awake.until(20)
        assert sleepy.effects == {}
        free.set()
        await delivering
    assert sleepy.most_under_way == AT_ONCE_INSTITUTION
    assert set(sleepy.effects) == expected
    assert set(awake.effects) == others


async def test_two_workers_together_keep_to_the_bound_of_a_webhook(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with (
        receiver() as office,
        a_postman(worker_database, app, post_clock, [office]) as one,
        a_postman(worker_database, app, post_clock, [office]) as other,
    ):
        expected = await events(await webhook_at(scene, office), 40)
        await asyncio.gather(one.deliver_due(), other.deliver_due())
        await one.deliver_due()
    assert office.most_under_way <= AT_ONCE_WEBHOOK
    assert office.times == dict.fromkeys(expected, 1)


async def test_answer_that_never_ends_is_a_success_once_its_status_is_said(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    async def floods(_: Received) -> bytes:
        return b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 4_000_000

    scene = await a_scene(world)
    async with receiver(floods) as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        await webhook.test()
        await postman.deliver_due()
        (delivery,) = await webhook.log()
    assert delivery["state"] == "delivered"


async def test_answer_whose_rest_never_comes_is_what_its_status_said(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with (
        receiver(stalls_after_its_head) as office,
        a_postman(worker_database, app, post_clock, [office]) as postman,
    ):
        webhook = await webhook_at(scene, office)
        await webhook.test()
        await postman.deliver_due()
        (delivery,) = await webhook.log()
    assert (delivery["state"], delivery["attempts"][0]["status"]) == ("delivered", 200)


@pytest.mark.parametrize(
    "nonsense", [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 300_000], ids=len
)
async def test_what_is_no_answer_is_a_failure(
    nonsense: bytes, world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    async def mumbles(_: Received) -> bytes:
        return nonsense

    scene = await a_scene(world)
    async with receiver(mumbles) as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        await webhook.test()
        await postman.deliver_due()
        (delivery,) = await webhook.log()
    assert (delivery["state"], delivery["failure"]) == ("pending", "protocol")


async def test_nobody_there_is_a_failure(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as office:
        webhook = await webhook_at(scene, office)
    await webhook.test()
    async with a_postman(worker_database, app, post_clock, [office]) as postman:
        await postman.deliver_due()
    (delivery,) = await webhook.log()
    assert delivery["failure"] == "connection"


async def test_late_answer_of_an_attempt_that_has_lost_its_lease_changes_nothing(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    """The receiver gets the event twice with one id; the log has both attempts, the first decides nothing."""
    free = asyncio.Event()
    answers = iter([True, False])

    async def first_is_late(_: Received) -> bytes:
        if next(answers):
            await free.wait()
            return BROKEN
        return OK

    scene = await a_scene(world)
    async with (
        receiver(first_is_late) as office,
        a_postman(worker_database, app, post_clock, [office]) as stuck,
        a_postman(worker_database, app, post_clock, [office]) as other,
    ):
        webhook = await webhook_at(scene, office)
        await webhook.test()
        late = asyncio.create_task(stuck.deliver_due())
        await office.until(1)
        later(post_clock, timedelta(minutes=2))
        assert await other.deliver_due() == 1
        free.set()
        await late
        (delivery,) = await webhook.log()
    assert (delivery["state"], delivery["failures"], len(delivery["attempts"])) == ("delivered", 0, 2)
    assert len(office.effects) == 1
