"""Webhooks over HTTP, as the people of a partner institution."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Query, Request

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.errors import Unavailable
from app.kit.idempotency import IdempotentForSure
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.sealing import FieldKeys
from app.kit.versions import IfMatch, IfMatchOptional
from app.webhooks import actions, queries
from app.webhooks.addresses import Addresses
from app.webhooks.rules import Step
from app.webhooks.schemas import (
    DeliveryRead,
    DeliveryState,
    SecretRotate,
    WebhookChange,
    WebhookCreate,
    WebhookRead,
    WebhookSecretRead,
)

router = Router(prefix="/v1/partner/webhooks", tags=["webhooks"])
Managing = Annotated[Context, allow(Permission.WEBHOOK_MANAGE)]


async def _field_keys(request: Request) -> FieldKeys:
    keys: FieldKeys | None = request.app.state.field_keys
    if keys is None:
        raise Unavailable("This server was given no keys for secrets.", retry_after=3600)
    return keys


async def _addresses(request: Request) -> Addresses:
    addresses: Addresses = request.app.state.webhook_addresses
    return addresses


Keys = Annotated[FieldKeys, Depends(_field_keys)]
Callable = Annotated[Addresses, Depends(_addresses)]


def _with_secret(webhook: JsonBytes, secret: str | None) -> JsonBytes:
    """Return the answer that shows a secret beside its webhook."""
    body = b'{"webhook":%b,"secret":%b}' % (bytes(webhook.body), orjson.dumps(secret))
    return JsonBytes(body, status_code=201, headers={"ETag": webhook.headers["ETag"]})


@router.get("", response_model=Page[WebhookRead])
async def list_webhooks(ctx: Managing, page: Paging) -> JsonBytes:
    """List the webhooks of one's institution."""
    return await queries.list_webhooks(ctx, page)


@router.post("", status_code=201, response_model=WebhookSecretRead)
async def create_webhook(
    ctx: Managing, keys: Keys, addresses: Callable, once: IdempotentForSure, body: WebhookCreate
) -> JsonBytes:
    """Give an address at which one's system is told what happens to referrals; the secret is shown once."""
    fresh = actions.Fresh()
    webhook_id = await once.run(ctx.db, actions.create_webhook(ctx, keys, addresses, body, fresh))
    return _with_secret(await queries.read_webhook(ctx, webhook_id), fresh.shown)


@router.get("/{webhook_id}", response_model=WebhookRead)
async def read_webhook(ctx: Managing, webhook_id: UUID) -> JsonBytes:
    """Read one webhook."""
    return await queries.read_webhook(ctx, webhook_id)


@router.patch("/{webhook_id}", response_model=WebhookRead)
async def change_webhook(
    ctx: Managing, addresses: Callable, expected: IfMatch, webhook_id: UUID, body: WebhookChange
) -> JsonBytes:
    """Change address, name or kinds of events."""
    await actions.change_webhook(ctx, addresses, webhook_id, body, expected)
    return await queries.read_webhook(ctx, webhook_id)


@router.delete("/{webhook_id}", status_code=204)
async def remove_webhook(ctx: Managing, expected: IfMatch, webhook_id: UUID) -> None:
    """Delete a webhook with its secrets, what waits for it, and its log."""
    await actions.remove_webhook(ctx, webhook_id, expected)


@router.post("/{webhook_id}/rotate-secret", status_code=201, response_model=WebhookSecretRead)
async def rotate_webhook_secret(
    ctx: Managing,
    keys: Keys,
    once: IdempotentForSure,
    expected: IfMatchOptional,
    webhook_id: UUID,
    body: SecretRotate,
) -> JsonBytes:
    """Get a new secret; the one before signs beside it for the overlap."""
    fresh = actions.Fresh()
    await once.run(ctx.db, actions.rotate_secret(ctx, keys, webhook_id, body, expected, fresh))
    return _with_secret(await queries.read_webhook(ctx, webhook_id), fresh.shown)


@router.post("/{webhook_id}/pause", response_model=WebhookRead)
async def pause_webhook(
    ctx: Managing, once: IdempotentForSure, expected: IfMatchOptional, webhook_id: UUID
) -> JsonBytes:
    """Let what happens wait, for at most 30 days."""
    await once.run(ctx.db, actions.take_step(ctx, webhook_id, Step.PAUSE, expected))
    return await queries.read_webhook(ctx, webhook_id)


@router.post("/{webhook_id}/resume", response_model=WebhookRead)
async def resume_webhook(
    ctx: Managing, once: IdempotentForSure, expected: IfMatchOptional, webhook_id: UUID
) -> JsonBytes:
    """Deliver again, first of all what has waited; also after the address had ended it by 410."""
    await once.run(ctx.db, actions.take_step(ctx, webhook_id, Step.RESUME, expected))
    return await queries.read_webhook(ctx, webhook_id)


@router.post("/{webhook_id}/test", status_code=201, response_model=DeliveryRead)
async def test_webhook(ctx: Managing, once: IdempotentForSure, webhook_id: UUID) -> JsonBytes:
    """Send an event of the kind `webhook.test`, like any other."""
    delivery_id = await once.run(ctx.db, actions.send_test(ctx, webhook_id))
    return await queries.read_delivery(ctx, webhook_id, delivery_id, status=201)


@router.get("/{webhook_id}/deliveries", response_model=Page[DeliveryRead])
async def list_webhook_deliveries(
    ctx: Managing,
    page: Paging,
    webhook_id: UUID,
    state: Annotated[DeliveryState | None, Query(description="only those in this state")] = None,
) -> JsonBytes:
    """List what was delivered, waits or is parked, newest first, each with its attempts; kept for 30 days."""
    return await queries.list_deliveries(ctx, webhook_id, page, state)


@router.get("/{webhook_id}/deliveries/{delivery_id}", response_model=DeliveryRead)
async def read_webhook_delivery(ctx: Managing, webhook_id: UUID, delivery_id: UUID) -> JsonBytes:
    """Read one delivery with its attempts."""
    return await queries.read_delivery(ctx, webhook_id, delivery_id)


@router.post("/{webhook_id}/deliveries/{delivery_id}/resend", response_model=DeliveryRead)
async def resend_webhook_delivery(
    ctx: Managing, once: IdempotentForSure, webhook_id: UUID, delivery_id: UUID
) -> JsonBytes:
    """Try a parked delivery anew, from the beginning of the schedule."""
    await once.run(ctx.db, actions.resend_delivery(ctx, webhook_id, delivery_id))
    return await queries.read_delivery(ctx, webhook_id, delivery_id)
