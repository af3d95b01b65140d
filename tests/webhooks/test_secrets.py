"""Secrets are shown once, stored sealed, rotated with an overlap, and forgotten."""

import base64
import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.events import Wiring
from app.kit.sealing import FieldKeys
from app.upkeep import Job
from app.webhooks.clearing import forget_deliveries
from app.worker import run_once
from tests.conftest import Clock
from tests.referrals.arrange import a_scene
from tests.webhooks.arrange import Webhook, a_postman, body, events, later, made, webhook_at
from tests.webhooks.receivers import Received, Receiver, receiver
from tests.world import World


async def test_secret_is_shown_once_and_stored_sealed(world: World, app: FastAPI) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    assert webhook.secret is not None
    assert webhook.secret.startswith("whsec_")
    for path in ("/v1/partner/webhooks", webhook.path):
        assert webhook.secret not in (await scene.partner.get(path)).text
    sealed = await world.admin.fetchval(
        "SELECT sealed FROM webhook_secrets WHERE webhook_id = $1", UUID(webhook.id)
    )
    assert webhook.secret not in sealed
    keys: FieldKeys = app.state.field_keys
    assert keys.unseal(sealed, world.area, "webhook", webhook.id) == webhook.secret


async def test_repeated_submit_makes_one_webhook_and_shows_the_secret_once(world: World) -> None:
    scene = await a_scene(world)
    answers = [
        await scene.partner.post("/v1/partner/webhooks", body(scene), idempotency_key="only-once-please")
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [201, 201]
    first, second = (each.json() for each in answers)
    assert first["webhook"] == second["webhook"]
    assert (first["secret"] is None, second["secret"]) == (False, None)


async def test_key_pair_shows_its_public_half_and_no_secret(world: World) -> None:
    scene = await a_scene(world)
    webhook = await made(scene, signature="ed25519")
    assert webhook.secret is None
    (secret,) = (await webhook.read())["secrets"]
    assert secret["public_key"].startswith("whpk_")


def signatures(got: Received) -> list[str]:
    return got.headers["webhook-signature"].split()


def signature(secret: str | None, got: Received) -> str:
    assert secret is not None
    message = f"{got.event_id}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, message, "sha256")).decode()


async def rotated(webhook: Webhook, **fields: Any) -> str:
    answer = await webhook.person.post(f"{webhook.path}/rotate-secret", fields)
    assert answer.status_code == 201, answer.text
    secret: str = answer.json()["secret"]
    return secret


async def got_by(webhook: Webhook, office: Receiver, postman: Any) -> Received:
    await webhook.test()
    await postman.deliver_due()
    return office.received[-1]


async def test_old_and_new_secret_sign_during_the_overlap_and_then_the_new_one_alone(
    world: World, app: FastAPI, worker_database: Database, post_clock: Clock
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        old = webhook.secret
        got = await got_by(webhook, office, postman)
        assert signatures(got) == [signature(old, got)]
        new = await rotated(webhook)
        got = await got_by(webhook, office, postman)
        assert signatures(got) == [signature(new, got), signature(old, got)]
        later(post_clock, timedelta(hours=25))
        got = await got_by(webhook, office, postman)
        assert signatures(got) == [signature(new, got)]


async def test_second_rotation_ends_the_oldest_and_without_an_overlap_the_old_one_ends_at_once(
    world: World, app: FastAPI, worker_database: Database, post_clock: Clock
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook = await webhook_at(scene, office)
        second, third = await rotated(webhook), await rotated(webhook)
        got = await got_by(webhook, office, postman)
        assert signatures(got) == [signature(third, got), signature(second, got)]
        assert len((await webhook.read())["secrets"]) == 2
        fourth = await rotated(webhook, overlap_hours=0)
        got = await got_by(webhook, office, postman)
        assert signatures(got) == [signature(fourth, got)]


async def test_repeated_rotation_rotates_once(world: World) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    answers = [
        await scene.partner.post(f"{webhook.path}/rotate-secret", {}, idempotency_key="rotate-me-once")
        for _ in range(2)
    ]
    assert [each.json()["secret"] is None for each in answers] == [False, True]
    assert len((await webhook.read())["secrets"]) == 2


async def test_secret_moved_to_another_webhook_signs_nothing(
    world: World, app: FastAPI, worker_database: Database, post_clock: Clock
) -> None:
    scene = await a_scene(world)
    async with receiver() as office, a_postman(worker_database, app, post_clock, [office]) as postman:
        webhook, other = await webhook_at(scene, office), await webhook_at(scene, office)
        await world.admin.execute(
            """UPDATE webhook_secrets SET sealed =
                (SELECT s.sealed FROM webhook_secrets s WHERE s.webhook_id = $2) WHERE webhook_id = $1""",
            UUID(webhook.id), UUID(other.id),
        )  # fmt: skip
        await webhook.test()
        await postman.deliver_due()
        (delivery,) = await webhook.log()
    assert (delivery["state"], delivery["failure"]) == ("pending", "secret")
    assert office.received == []


async def test_without_keys_no_webhook_is_taken(world: World, app: FastAPI) -> None:
    scene = await a_scene(world)
    keys, app.state.field_keys = app.state.field_keys, None
    try:
        answer = await scene.partner.post("/v1/partner/webhooks", body(scene))
    finally:
        app.state.field_keys = keys
    assert answer.status_code == 503


async def test_log_and_old_secrets_are_forgotten_and_what_waited_too_long_is_parked(
    world: World, worker_database: Database, post_clock: Clock
) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    (old,) = await events(webhook, 1)
    (recent,) = await events(webhook, 1)
    await world.admin.execute(
        """UPDATE webhook_deliveries SET state = 'delivered',
            ended_at = now() - CASE WHEN id = $1 THEN interval '31 days' ELSE interval '29 days' END
        WHERE webhook_id = $2""",
        UUID(old), UUID(webhook.id),
    )  # fmt: skip
    await rotated(webhook, overlap_hours=1)
    await scene.partner.post(f"{webhook.path}/pause")
    (waiting,) = await events(webhook, 1)
    await world.admin.execute(
        "UPDATE webhook_deliveries SET created_at = now() - interval '31 days' WHERE id = $1", UUID(waiting)
    )
    job = Job("forget_webhook_deliveries", timedelta(hours=1), forget_deliveries)
    post_clock.fixed = utc_now() + timedelta(hours=2)
    await run_once(worker_database, Wiring(), post_clock, jobs=(job,), areas=[world.area])
    log = {each["event_id"]: (each["state"], each["failure"]) for each in await webhook.log()}
    assert log == {recent: ("delivered", None), waiting: ("parked", "paused_too_long")}
    kept = await world.admin.fetchval(
        "SELECT count(*) FROM webhook_secrets WHERE webhook_id = $1", UUID(webhook.id)
    )
    assert kept == 1
