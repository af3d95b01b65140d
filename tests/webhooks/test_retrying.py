"""What fails is tried again by the schedule, then parked and told; 410 ends; a redirect leads nowhere."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import FastAPI

from app.kit.database import Database
from app.webhooks.rules import AT_ONCE_WEBHOOK, JITTER, RETRIES
from tests.conftest import Clock
from tests.referrals.arrange import a_scene, sent
from tests.webhooks.arrange import a_postman, events, hand_on, later, webhook_at
from tests.webhooks.receivers import (
    BROKEN,
    GONE,
    OK,
    Received,
    receiver,
    redirect,
)
from tests.world import World


async def test_failed_delivery_is_tried_again_by_the_schedule_and_then_parked_and_reported(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    async def breaks(_: Received) -> bytes:
        return BROKEN

    scene = await a_scene(world)
    async with receiver(breaks) as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        await webhook.test()
        for wait in RETRIES:
            assert await postman.deliver_due() == 1
            (delivery,) = await webhook.log()
            assert delivery["state"] == "pending"
            assert delivery["failure"] == "status"
            due = datetime.fromisoformat(delivery["next_at"]) - post_clock()
            assert wait <= due <= wait * (1 + JITTER)
            later(post_clock, wait * 0.99)
            assert await postman.deliver_due() == 0
            later(post_clock, wait * (JITTER + 0.02))
        assert await postman.deliver_due() == 1
        (delivery,) = await webhook.log(state="parked")
        assert (delivery["failures"], delivery["next_at"]) == (10, None)
        assert [each["status"] for each in delivery["attempts"]] == [500] * 10
        later(post_clock, timedelta(days=2))
        assert await postman.deliver_due() == 0
        assert (await webhook.read())["parked"] == 1
        inbox = (await scene.partner.get("/v1/me/notifications")).json()["items"]
        assert [(each["kind"], each["object_id"]) for each in inbox] == [("webhook_parked", webhook.id)]
        office.answer = _takes
        again = await scene.partner.post(f"{webhook.path}/deliveries/{delivery['id']}/resend")
        assert (again.status_code, again.json()["state"], again.json()["failures"]) == (200, "pending", 0)
        await postman.deliver_due()
        (delivery,) = await webhook.log()
        assert (delivery["state"], delivery["failure"]) == ("delivered", None)
    assert office.times == {delivery["event_id"]: 11}


async def _takes(_: Received) -> bytes:
    return OK


async def test_parked_events_are_reported_once_a_day(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    async def breaks(_: Received) -> bytes:
        return BROKEN

    scene = await a_scene(world)
    async with receiver(breaks) as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        await events(webhook, 3)
        await world.admin.execute(
            "UPDATE webhook_deliveries SET failures = 9 WHERE webhook_id = $1", UUID(webhook.id)
        )
        await postman.deliver_due()
        assert (await webhook.read())["parked"] == 3
    inbox = (await scene.partner.get("/v1/me/notifications")).json()["items"]
    assert [each["kind"] for each in inbox] == ["webhook_parked"]


async def test_410_ends_the_webhook_parks_what_waits_and_tells_its_people(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    async def gone(_: Received) -> bytes:
        return GONE

    scene = await a_scene(world)
    async with receiver(gone) as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        await events(webhook, 5)
        await postman.deliver_due()
        assert 1 <= len(office.received) <= AT_ONCE_WEBHOOK
        seen = await webhook.read()
        assert (seen["state"], seen["parked"], seen["pending"]) == ("ended", 5, 0)
        inbox = (await scene.partner.get("/v1/me/notifications")).json()["items"]
        assert [each["kind"] for each in inbox] == ["webhook_ended"]
        await sent(scene)
        await hand_on(worker_database, post_clock)
        assert len(await webhook.log()) == 5
        office.answer = _takes
        (first, *_) = await webhook.log()
        path = f"{webhook.path}/deliveries/{first['id']}/resend"
        refused = await scene.partner.post(path)
        assert (refused.status_code, refused.json()["allowed"]) == (409, ["resume"])
        assert (await scene.partner.post(f"{webhook.path}/resume")).json()["state"] == "active"
        assert (await scene.partner.post(path)).status_code == 200
        before = len(office.received)
        await postman.deliver_due()
        assert [each.event_id for each in office.received[before:]] == [first["event_id"]]


async def test_redirect_is_a_failure_and_followed_by_nobody(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as elsewhere:

        async def leads_on(_: Received) -> bytes:
            return redirect(elsewhere.url)

        async with (
            receiver(leads_on) as office,
            a_postman(worker_database, app, post_clock, [office, elsewhere]) as postman,
        ):
            webhook = await webhook_at(scene, office)
            await webhook.test()
            await postman.deliver_due()
            (delivery,) = await webhook.log()
        assert (delivery["failure"], delivery["attempts"][0]["status"]) == ("redirect", 307)
    assert elsewhere.received == []
