"""A webhook that KIM has sent is known as such; what was forged, replayed or changed on the way is not."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.kit.clock import utc_now
from app.kit.database import Database
from app.webhooks.signing import body_of, headers_of
from kim_partner import Kim, NotGenuine, PersonCredential, verify_webhook
from tests.conftest import Clock
from tests.identity.arrange import PASSWORD, give_password
from tests.partner_client.stage import Stage, run
from tests.referrals.arrange import Scene
from tests.webhooks.arrange import KINDS, a_postman, later, trusted
from tests.webhooks.receivers import BROKEN, Received, Receiver, receiver

FORMS = ["hmac_sha256", "ed25519", "callback_hmac_sha512"]
STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
async def people(stage: Stage, scene: Scene) -> Kim:
    """The institution's people, who may give webhooks."""
    email = await give_password(scene.world, scene.partner)
    return stage.kim(PersonCredential(email, PASSWORD))


async def registered(stage: Stage, people: Kim, scene: Scene, office: Receiver, form: str) -> tuple[str, str]:
    """Give a webhook; return its id and what verifies its messages."""
    async with trusted(stage.app, [office]):
        made = await run(
            people.webhooks.register, scene.institution_id, office.url, "Amt", KINDS, signature=form
        )
    webhook = made["webhook"]
    return webhook["id"], made["secret"] or webhook["secrets"][0]["public_key"]


async def delivered(stage: Stage, worker: Database, office: Receiver, clock: Clock) -> None:
    async with a_postman(worker, stage.app, clock, [office]) as postman:
        await postman.deliver_due()


@pytest.mark.parametrize("form", FORMS)
async def test_test_message_arrives_and_verifies(
    stage: Stage, people: Kim, scene: Scene, worker_database: Database, form: str
) -> None:
    async with receiver() as office:
        webhook_id, secret = await registered(stage, people, scene, office, form)
        asked = await run(people.webhooks.test, webhook_id)
        await delivered(stage, worker_database, office, Clock())
    (got,) = office.received
    event = verify_webhook(got.headers, got.body, [secret])
    known_as = hashlib.sha256(got.body).hexdigest() if form.startswith("callback") else asked["event_id"]
    assert (event.id, event.kind, event.referral_id) == (known_as, "webhook.test", None)
    log = await run(lambda: list(people.webhooks.deliveries(webhook_id)))
    assert [each["state"] for each in log] == ["delivered"]


@pytest.mark.parametrize("named", ["referral_id", "incoming_id"])
def test_event_says_which_referral_it_is_about(named: str) -> None:
    body = body_of("incoming_referral.asked", utc_now(), {named: "019cae5c"})
    headers = headers_of("hmac_sha256", [STANDARD], "once", int(time.time()), body)
    event = verify_webhook(headers, body, [STANDARD])
    assert {name for name in ("referral_id", "incoming_id") if getattr(event, name) == "019cae5c"} == {named}


@pytest.mark.parametrize("form", FORMS)
async def test_forged_replayed_and_changed_messages_are_noticed(
    stage: Stage, people: Kim, scene: Scene, worker_database: Database, form: str
) -> None:
    async with receiver() as office:
        webhook_id, secret = await registered(stage, people, scene, office, form)
        await run(people.webhooks.test, webhook_id)
        await delivered(stage, worker_database, office, Clock())
    (got,) = office.received
    prefix = "callback" if form.startswith("callback") else "webhook"
    moment = int(got.headers[f"{prefix}-timestamp"])
    signature = "callback-authentication" if prefix == "callback" else "webhook-signature"
    faults: list[Received] = [
        replace(got, body=got.body.replace(b"webhook.test", b"referral.sent")),
        replace(got, headers={**got.headers, f"{prefix}-timestamp": str(moment + 1)}),
        replace(got, headers={**got.headers, f"{prefix}-timestamp": f"{moment}.0"}),
        replace(got, headers={**got.headers, signature: got.headers[signature][:-4] + "AAA="}),
        replace(got, headers={**got.headers, f"{prefix}-timestamp": "9" * 5000}),
        *(
            replace(got, headers={**got.headers, signature: version + letter})
            for version in ("", "v1,", "v1a,")
            for letter in ("ü", "\udcfc")
        ),
        replace(got, headers={name: each for name, each in got.headers.items() if name != signature}),
        replace(got, headers={}),
    ]
    if prefix == "webhook":
        faults.append(replace(got, headers={**got.headers, "webhook-id": "another"}))
    for fault in faults:
        with pytest.raises(NotGenuine):
            verify_webhook(fault.headers, fault.body, [secret])
    for now in (moment - 301, moment + 301):
        with pytest.raises(NotGenuine):
            verify_webhook(got.headers, got.body, [secret], now=now)
    assert verify_webhook(got.headers, got.body, [secret], now=moment + 300).id


async def test_old_secret_is_good_for_the_overlap_and_webhook_is_led(
    stage: Stage, people: Kim, scene: Scene, worker_database: Database
) -> None:
    async with receiver() as office:
        webhook_id, old = await registered(stage, people, scene, office, "hmac_sha256")
        await run(people.webhooks.pause, webhook_id)
        new = (await run(people.webhooks.rotate_secret, webhook_id))["secret"]
        assert (await run(people.webhooks.resume, webhook_id))["state"] == "active"
        await run(people.webhooks.test, webhook_id)
        await delivered(stage, worker_database, office, Clock())
    (got,) = office.received
    assert new
    for secrets in ([old], [new], [STANDARD, new]):
        assert verify_webhook(got.headers, got.body, secrets).kind == "webhook.test"
    with pytest.raises(NotGenuine):
        verify_webhook(got.headers, got.body, [STANDARD])
    webhook = await run(people.webhooks.read, webhook_id)
    await run(people.webhooks.remove, webhook_id, version=webhook["version"])
    assert await run(lambda: list(people.webhooks.listed())) == []


async def test_parked_delivery_is_sent_again(
    stage: Stage, people: Kim, scene: Scene, worker_database: Database
) -> None:
    async def breaks(_: Received) -> bytes:
        return BROKEN

    clock = Clock()
    async with receiver(breaks) as office:
        webhook_id, _ = await registered(stage, people, scene, office, "hmac_sha256")
        delivery = await run(people.webhooks.test, webhook_id)
        for _ in range(11):
            await delivered(stage, worker_database, office, clock)
            later(clock, timedelta(days=2))
    (parked,) = await run(lambda: list(people.webhooks.deliveries(webhook_id, state="parked")))
    assert parked["id"] == delivery["id"]
    again = await run(people.webhooks.resend, webhook_id, delivery["id"])
    assert again["state"] == "pending"


def test_vector_of_standard_webhooks_verifies() -> None:
    headers = {
        "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp": "1614265330",
        "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    with pytest.raises(NotGenuine, match="no message"):  # genuine, and not in KIM's form
        verify_webhook(headers, b'{"test": 2432232314}', [STANDARD], now=1614265330)


def signed(body: bytes, sign: Callable[[bytes], str]) -> dict[str, str]:
    return {
        "webhook-id": "one",
        "webhook-timestamp": "1000",
        "webhook-signature": sign(b"one.1000." + body),
    }


BODY = json.dumps({"type": "webhook.test", "timestamp": "2026-03-02T09:00:00.000Z", "data": {}}).encode()


def test_public_key_is_no_secret_of_hmac() -> None:
    """Who knows the public key, which is shown, must not be able to sign with it as if it were a secret."""
    private = Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes_raw()
    public = "whpk_" + base64.b64encode(raw).decode()
    genuine = signed(BODY, lambda text: "v1a," + base64.b64encode(private.sign(text)).decode())
    assert verify_webhook(genuine, BODY, [public], now=1000).kind == "webhook.test"
    for version in ("v1", "v1a"):
        forged = signed(
            BODY,
            lambda text, version=version: (
                f"{version},{base64.b64encode(hmac.digest(raw, text, 'sha256')).decode()}"
            ),
        )
        with pytest.raises(NotGenuine):
            verify_webhook(forged, BODY, [public], now=1000)


PUBLIC = base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
CALLBACK = "5f" * 32


@pytest.mark.parametrize(
    "secret",
    [
        "", "whsec_", "whsec_no secret", "whsec_" + base64.b64encode(bytes(23)).decode(), "whsec_ü",
        "whpk_", "whpk_%", "whpk_" + base64.b64encode(bytes(31)).decode(), PUBLIC, f"\nwhpk_{PUBLIC}",
        f"whpk_{PUBLIC}\n", f"\n{STANDARD}", STANDARD.removeprefix("whsec_"), CALLBACK[:-1], f"{CALLBACK}\n",
        CALLBACK.upper(), "z" * 64,
    ],
)  # fmt: skip
def test_secret_that_is_none_is_a_fault_of_the_set_up(secret: str) -> None:
    """Also beside a good one, and for a message that would verify with it in another form."""
    digest = hmac.digest(secret.encode(), b"1000." + BODY, "sha512").hex()
    headers = {"webhook-id": "one", "callback-timestamp": "1000", "callback-authentication": digest}
    for secrets in ([secret], [CALLBACK, secret]):
        with pytest.raises(ValueError, match="no secret"):
            verify_webhook(headers, BODY, secrets, now=1000)


def test_id_that_is_not_signed_does_not_make_a_callback_another_event() -> None:
    def event_of(body: bytes, webhook_id: str, moment: str) -> str:
        digest = hmac.digest(CALLBACK.encode(), f"{moment}.".encode() + body, "sha512").hex()
        headers = {"webhook-id": webhook_id, "callback-timestamp": moment, "callback-authentication": digest}
        return verify_webhook(headers, body, [CALLBACK], now=int(moment)).id

    assert event_of(BODY, "one", "1000") == event_of(BODY, "forged", "1600")
    assert event_of(BODY, "one", "1000") != event_of(BODY.replace(b"09:00", b"09:01"), "one", "1000")
