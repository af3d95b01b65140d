"""What arrives at a real server: each event of a referral, once, and nothing about anybody."""

from datetime import UTC, datetime, timedelta

from fastapi import FastAPI

from app.kit.database import Database
from tests.conftest import Clock
from tests.consents.arrange import withdraw
from tests.referrals.arrange import a_scene, agreed, draft, send, sent, step
from tests.webhooks.arrange import a_postman, hand_on, webhook_at
from tests.webhooks.receivers import (
    receiver,
)
from tests.world import World


async def test_event_of_a_referral_arrives_with_ids_and_nothing_else(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        await webhook_at(scene, office)
        referral_id = await sent(scene)
        await hand_on(worker_database, post_clock)
        assert await postman.deliver_due() == 1
    (got,) = office.received
    assert got.path == "/kim?office=1"
    assert got.event["type"] == "referral.offered"
    assert got.event["data"] == {"referral_id": referral_id}
    assert set(got.event) == {"type", "timestamp", "data"}
    happened = datetime.fromisoformat(got.event["timestamp"])
    assert abs(happened - datetime.now(UTC)) < timedelta(minutes=10)
    assert got.headers["host"] == f"127.0.0.1:{office.port}"
    assert got.headers["content-type"] == "application/json"
    pulled = await scene.partner.get(f"/v1/partner/referrals/{got.event['data']['referral_id']}")
    assert pulled.json()["package"]


async def test_event_is_told_once_however_often_the_worker_hears_it(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        await webhook_at(scene, office)
        await sent(scene)
        for _ in range(2):
            await world.admin.execute("UPDATE outbox SET done_at = NULL, available_at = now()")
            await hand_on(worker_database, post_clock)
        await postman.deliver_due()
    assert len(office.received) == 1


async def test_everything_the_other_side_does_is_told_and_nothing_of_ones_own(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        await webhook_at(scene, office)
        consent = await agreed(scene)
        first = await draft(scene)
        await send(scene, first)
        await step(scene, first, "reject", reason="no_capacity")
        back = await scene.manager.post(f"/v1/referrals/{first}/send-back")
        assert back.status_code == 200, back.text
        await step(scene, first, "accept")
        cancelled = await scene.manager.post(f"/v1/referrals/{first}/cancel", {"reason": "no_longer_wanted"})
        assert cancelled.status_code == 200, cancelled.text
        second = await draft(scene)
        await send(scene, second)
        wrong = await scene.manager.post(f"/v1/referrals/{second}/enter-in-error")
        assert wrong.status_code == 200, wrong.text
        third = await draft(scene)
        await send(scene, third)
        given_back = await step(scene, third, "cancel", reason="other")
        assert given_back["state"] == "cancelled"
        fourth = await draft(scene)
        await send(scene, fourth)
        await withdraw(scene.manager, consent)
        await hand_on(worker_database, post_clock)
        await postman.deliver_due()
    told = [(each.event["type"], each.event["data"]["referral_id"]) for each in office.received]
    assert sorted(told) == sorted([
        ("referral.offered", first), ("referral.sent_back", first), ("referral.cancelled", first),
        ("referral.offered", second), ("referral.entered_in_error", second),
        ("referral.offered", third), ("referral.offered", fourth), ("referral.revoked", fourth),
    ])  # fmt: skip


async def test_only_the_kinds_asked_for_and_only_of_ones_own_referrals_on_the_platform(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene, clinic = await a_scene(world), await a_scene(world, "jugendamt")
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        wanting = await webhook_at(scene, office)
        deaf = await webhook_at(scene, office, kinds=["referral.revoked"])
        await sent(clinic)
        await agreed(scene)
        off = await draft(scene, channel="phone")
        await send(scene, off)
        cancelled = await scene.manager.post(f"/v1/referrals/{off}/cancel", {"reason": "no_longer_wanted"})
        assert cancelled.status_code == 200, cancelled.text
        mine = await draft(scene)
        await send(scene, mine)
        await hand_on(worker_database, post_clock)
        await postman.deliver_due()
        assert [each["referral_id"] for each in await wanting.log()] == [mine]
        assert await deaf.log() == []
    assert len(office.received) == 1


async def test_paused_webhook_waits_and_goes_on_where_it_stopped(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        assert (await scene.partner.post(f"{webhook.path}/pause")).json()["state"] == "paused"
        referral_id = await sent(scene)
        await hand_on(worker_database, post_clock)
        assert await postman.deliver_due() == 0
        assert (await webhook.read())["pending"] == 1
        assert (await scene.partner.post(f"{webhook.path}/resume")).status_code == 200
        await postman.deliver_due()
    assert [each.event["data"]["referral_id"] for each in office.received] == [referral_id]
