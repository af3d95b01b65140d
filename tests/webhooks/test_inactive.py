"""Events for an institution that is not active: they wait, and nothing of them is lost."""

from datetime import timedelta
from uuid import UUID

from fastapi import FastAPI

from app.kit.database import Database
from app.webhooks.clearing import forget_deliveries
from app.webhooks.postman import Claim
from app.webhooks.rules import KEEP_LOG
from app.wiring import wire
from app.worker import Job, run_once
from tests.conftest import Clock
from tests.joining.arrange import set_active
from tests.referrals.arrange import a_scene, sent
from tests.webhooks.arrange import a_postman, hand_on, later, webhook_at
from tests.webhooks.receivers import receiver
from tests.world import World

OWN = "/v1/referrals"


async def test_webhooks_wait_and_go_on_where_they_stopped(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        before = await sent(scene)
        await set_active(world, scene.institution_id, active=False)
        ended = await scene.manager.post(f"{OWN}/{before}/cancel", {"reason": "no_longer_wanted"})
        assert ended.status_code == 200, ended.text
        await hand_on(worker_database, post_clock)
        assert (await postman.deliver_due(), office.received) == (0, [])
        await set_active(world, scene.institution_id, active=True)
        assert ((await webhook.read())["state"], (await webhook.read())["pending"]) == ("active", 2)
        assert await postman.deliver_due() == 2
    assert {each.event["type"] for each in office.received} == {"referral.offered", "referral.cancelled"}


async def test_delivery_that_was_claimed_before_is_left_to_wait(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        await sent(scene)
        await hand_on(worker_database, post_clock)
        (row,) = await world.admin.fetch(
            "SELECT * FROM claim_webhook_deliveries(1, 1, 1, $1, interval '1 hour')", post_clock()
        )
        await set_active(world, scene.institution_id, active=False)
        claim = Claim(row["municipal_area_id"], row["id"], row["claims"])
        await postman._deliver(claim)
    assert office.received == []
    left = "SELECT state, leased_until FROM webhook_deliveries WHERE webhook_id = $1"
    assert tuple(await world.admin.fetchrow(left, UUID(webhook.id))) == ("pending", None)


async def test_what_waited_for_a_month_is_parked_and_can_be_sent_again(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        await sent(scene)
        await hand_on(worker_database, post_clock)
        await set_active(world, scene.institution_id, active=False)
        later(post_clock, KEEP_LOG + timedelta(days=1))
        job = Job("forget_webhook_deliveries", timedelta(hours=6), forget_deliveries)
        await run_once(worker_database, wire(), post_clock, jobs=(job,))
        await set_active(world, scene.institution_id, active=True)
        (delivery,) = await webhook.log()
        assert (delivery["state"], delivery["failure"]) == ("parked", "paused_too_long")
        again = await scene.partner.post(f"{webhook.path}/deliveries/{delivery['id']}/resend")
        assert again.status_code == 200, again.text
        assert await postman.deliver_due() == 1
