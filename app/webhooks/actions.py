"""What the people of an institution do with its webhooks; every act stands in the journal, no secret does."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import Role
from app.audit import journal
from app.kit.changes import apply, locked
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.sealing import FieldKeys
from app.kit.versions import Expected
from app.webhooks.addresses import Addresses, BadAddress, Unresolved
from app.webhooks.models import Webhook
from app.webhooks.rules import (
    DELIVERY_WAY,
    MOST_WEBHOOKS,
    PEOPLE,
    TEST,
    WAY,
    Delivery,
    DeliveryStep,
    State,
    Step,
)
from app.webhooks.schemas import SecretRotate, WebhookChange, WebhookCreate
from app.webhooks.signing import Secret, new_secret, place_of

_LOOK_UP_SECONDS = 3.0
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('webhooks:' || $1::text, 0))"
_HOW_MANY = "SELECT count(*) FROM webhooks WHERE institution_id = $1"
_ADD_KEY = """INSERT INTO webhook_secrets
    (municipal_area_id, id, webhook_id, institution_id, sealed, public_key, created_at)
VALUES (ctx_area(), $1, $2, $3, $4, $5, $6)"""
_STEP_DOWN = """UPDATE webhook_secrets SET expires_at = CASE WHEN expires_at IS NULL THEN $2 ELSE $3 END
WHERE webhook_id = $1 AND (expires_at IS NULL OR expires_at > $3)"""
# Before the webhook, as what settles the going of an institution's last person holds them.
_HOLD_PRESENCE = "SELECT hold_presence(institution_id) FROM webhooks WHERE id = $1"
_TOUCH = "UPDATE webhooks SET state = state WHERE id = $1"
_WAITING_TEST = "SELECT FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'pending' AND kind = $2"
_ADD_TEST = """INSERT INTO webhook_deliveries
    (municipal_area_id, id, webhook_id, institution_id, event_id, kind, happened_at, created_at, state,
    next_at)
VALUES (ctx_area(), $1, $2, $3, $1, $4, $5, $5, 'pending', $5)"""
_RESEND = """UPDATE webhook_deliveries SET state = 'pending', failures = 0, next_at = $3, failure = NULL,
    ended_at = NULL WHERE id = $1 AND webhook_id = $2 AND state = 'parked'"""
_STANDS = "SELECT state FROM webhook_deliveries WHERE id = $1 AND webhook_id = $2"


@dataclass(slots=True)
class Fresh:
    """Where an act leaves the secret it made, to be shown once; a repeated submit makes none."""

    secret: Secret | None = None

    def make(self, signature: str) -> Secret:
        """Return a new secret."""
        self.secret = new_secret(signature)
        return self.secret

    @property
    def shown(self) -> str | None:
        """What to show of it."""
        return None if self.secret is None else self.secret.shown


async def create_webhook(
    ctx: Context, keys: FieldKeys, addresses: Addresses, body: WebhookCreate, fresh: Fresh
) -> UUID:
    """Take an address and return the webhook's id.

    Raises 404 for an institution that is not one's own, 422 for an address that may not be called and 409
    beyond ten.
    """
    require_place(ctx, body.institution_id, Role.PARTNER_USER)
    await require_callable(addresses, body.url)
    driver = await ctx.db.driver()
    await driver.execute(_ALONE, str(body.institution_id))
    if await driver.fetchval(_HOW_MANY, body.institution_id) >= MOST_WEBHOOKS:
        raise Conflict(f"An institution has at most {MOST_WEBHOOKS} webhooks.", code="too_many_webhooks")
    webhook = Webhook(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        state=State.ACTIVE,
        created_by=ctx.actor.user_id,
        **body.model_dump(),
    )
    ctx.db.add(webhook)
    await ctx.db.flush()
    await _add_secret(ctx, keys, webhook, fresh.make(body.signature))
    await _note(ctx, "create", webhook.id, changed=body.model_dump())
    return webhook.id


async def change_webhook(
    ctx: Context, addresses: Addresses, webhook_id: UUID, body: WebhookChange, expected: Expected
) -> UUID:
    """Change address, name or kinds; the address is checked as if it were new."""
    if body.url is not None:
        await require_callable(addresses, body.url)
    webhook = await locked(ctx.db, Webhook, webhook_id, expected)
    values = body.model_dump(exclude_unset=True)
    changed = apply(webhook, values, required=("url", "label", "kinds"))
    await _note(ctx, "change", webhook_id, changed=changed)
    return webhook_id


async def rotate_secret(
    ctx: Context,
    keys: FieldKeys,
    webhook_id: UUID,
    body: SecretRotate,
    expected: Expected,
    fresh: Fresh,
) -> UUID:
    """Put a new secret in the place of the present one, which signs beside it for the overlap.

    At most two sign at once: one that was on its way out already ends now.
    """
    webhook = await locked(ctx.db, Webhook, webhook_id, expected)
    driver = await ctx.db.driver()
    until = ctx.now + timedelta(hours=body.overlap_hours)
    await driver.execute(_STEP_DOWN, webhook_id, until, ctx.now)
    await _add_secret(ctx, keys, webhook, fresh.make(webhook.signature))
    await driver.execute(_TOUCH, webhook_id)
    await _note(ctx, "rotate_secret", webhook_id)
    return webhook_id


async def take_step(ctx: Context, webhook_id: UUID, step: Step, expected: Expected) -> UUID:
    """Pause a webhook or let it go on; what happens in between waits. 409 where it stands so already."""
    driver = await ctx.db.driver()
    await driver.execute(_HOLD_PRESENCE, webhook_id)
    webhook = await locked(ctx.db, Webhook, webhook_id, expected)
    target = WAY.target_of(step, webhook.state, PEOPLE)
    if target is None:
        raise _refused(webhook.state)
    webhook.state = target
    webhook.ended_at = None
    await _note(ctx, step, webhook_id)
    return webhook_id


async def remove_webhook(ctx: Context, webhook_id: UUID, expected: Expected) -> None:
    """Delete a webhook with its secrets, what waits for it, and its log."""
    webhook = await locked(ctx.db, Webhook, webhook_id, expected)
    await ctx.db.delete(webhook)
    await _note(ctx, "remove", webhook_id)


async def send_test(ctx: Context, webhook_id: UUID) -> UUID:
    """Add a test event and return the delivery's id.

    Raises 409 for a webhook that is not active, and while the last test is still under way.
    """
    webhook = await locked(ctx.db, Webhook, webhook_id)
    if webhook.state != State.ACTIVE:
        raise _refused(webhook.state)
    driver = await ctx.db.driver()
    if await driver.fetchrow(_WAITING_TEST, webhook_id, TEST) is not None:
        raise Conflict("A test is still under way.", code="test_under_way")
    delivery_id = new_id()
    await driver.execute(_ADD_TEST, delivery_id, webhook_id, webhook.institution_id, TEST, ctx.now)
    await _note(ctx, "test", webhook_id)
    return delivery_id


async def resend_delivery(ctx: Context, webhook_id: UUID, delivery_id: UUID) -> UUID:
    """Let a parked delivery be tried anew; 409 for one that is not parked, or whose webhook has ended."""
    webhook = await locked(ctx.db, Webhook, webhook_id)
    driver = await ctx.db.driver()
    stands = await driver.fetchval(_STANDS, delivery_id, webhook_id)
    if stands is None:
        raise NotFound
    if webhook.state == State.ENDED:
        raise _refused(webhook.state)
    if DELIVERY_WAY.target_of(DeliveryStep.RESEND, stands) is not Delivery.PENDING:
        allowed = DELIVERY_WAY.steps_from(stands, PEOPLE)
        raise WrongState("Only what is parked is sent again.", state=stands, allowed=allowed)
    await driver.execute(_RESEND, delivery_id, webhook_id, ctx.now)
    await _note(ctx, "resend", webhook_id)
    return delivery_id


async def require_callable(addresses: Addresses, url: str) -> None:
    """Raise 422 for an address that may not be called, or whose name nobody knows now."""
    try:
        async with asyncio.timeout(_LOOK_UP_SECONDS):
            await addresses.look_up(url)
    except BadAddress as bad:
        raise Invalid.at("body.url", bad.kind, bad.sentence) from None
    except (Unresolved, TimeoutError):
        raise Invalid.at("body.url", "address_unresolved", "Nobody knows this name at present.") from None


async def _add_secret(ctx: Context, keys: FieldKeys, webhook: Webhook, secret: Secret) -> None:
    sealed = keys.seal(secret.value, *place_of(webhook.municipal_area_id, webhook.id))
    values = (new_id(), webhook.id, webhook.institution_id, sealed, secret.public_key, ctx.now)
    driver = await ctx.db.driver()
    await driver.execute(_ADD_KEY, *values)


def _refused(state: str) -> WrongState:
    return WrongState(f"The webhook is {state}.", state=state, allowed=WAY.steps_from(state, PEOPLE))


async def _note(ctx: Context, act: str, webhook_id: UUID, changed: Iterable[str] = ()) -> None:
    await journal.record(ctx.db, f"webhook.{act}", "webhook", webhook_id, changed=changed)
