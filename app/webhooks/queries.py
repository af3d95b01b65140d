"""Reading webhooks and their deliveries, as people of the institution. Ids and codes only, so no journal."""

from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ScalarSelect, Text, any_, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from app.access.context import Context
from app.access.roles import Role
from app.cases.queries.shapes import json_list, json_object
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.webhooks.models import Webhook, WebhookAttempt, WebhookDelivery, WebhookSecret
from app.webhooks.rules import Delivery

_ATTEMPTS_SHOWN = 50
_NOW = bindparam("now", type_=DateTime(timezone=True))
_STATE = bindparam("state", type_=Text)
_INSTITUTIONS = any_(bindparam("institutions", type_=ARRAY(Uuid)))


def _secrets() -> ScalarSelect[Any]:
    shape = json_object(
        id=WebhookSecret.id,
        public_key=WebhookSecret.public_key,
        created_at=WebhookSecret.created_at,
        expires_at=WebhookSecret.expires_at,
    )
    return (
        select(json_list(shape, WebhookSecret.created_at.desc()))
        .where(
            WebhookSecret.municipal_area_id == Webhook.municipal_area_id,
            WebhookSecret.webhook_id == Webhook.id,
            or_(WebhookSecret.expires_at.is_(None), WebhookSecret.expires_at > _NOW),
        )
        .correlate(Webhook)
        .scalar_subquery()
    )


def _count(state: Delivery) -> ScalarSelect[Any]:
    return (
        select(func.count())
        .where(
            WebhookDelivery.municipal_area_id == Webhook.municipal_area_id,
            WebhookDelivery.webhook_id == Webhook.id,
            WebhookDelivery.state == str(state),
        )
        .correlate(Webhook)
        .scalar_subquery()
    )


def _attempts() -> ScalarSelect[Any]:
    newest = (
        select(WebhookAttempt.at, WebhookAttempt.milliseconds, WebhookAttempt.status, WebhookAttempt.failure)
        .where(
            WebhookAttempt.municipal_area_id == WebhookDelivery.municipal_area_id,
            WebhookAttempt.delivery_id == WebhookDelivery.id,
        )
        .correlate(WebhookDelivery)
        .order_by(WebhookAttempt.at.desc(), WebhookAttempt.id.desc())
        .limit(_ATTEMPTS_SHOWN)
        .subquery()
    )
    columns = newest.c
    shape = json_object(
        at=columns.at, milliseconds=columns.milliseconds, status=columns.status, failure=columns.failure
    )
    return select(json_list(shape, columns.at.desc())).select_from(newest).scalar_subquery()


_WEBHOOK = select(
    Webhook.id,
    Webhook.institution_id,
    Webhook.url,
    Webhook.label,
    Webhook.kinds,
    Webhook.signature,
    Webhook.state,
    Webhook.ended_at,
    _secrets().label("secrets"),
    _count(Delivery.PENDING).label("pending"),
    _count(Delivery.PARKED).label("parked"),
    Webhook.created_at,
    Webhook.version,
).where(Webhook.institution_id == _INSTITUTIONS)
ONE_WEBHOOK = One(_WEBHOOK.where(Webhook.id == bindparam("id")))
WEBHOOKS = Many(_WEBHOOK, order=("id",))

_DELIVERY = select(
    WebhookDelivery.id,
    WebhookDelivery.event_id,
    WebhookDelivery.kind,
    WebhookDelivery.referral_id,
    WebhookDelivery.incoming_id,
    WebhookDelivery.happened_at,
    WebhookDelivery.state,
    WebhookDelivery.failures,
    case((WebhookDelivery.state == str(Delivery.PENDING), WebhookDelivery.next_at)).label("next_at"),
    WebhookDelivery.failure,
    WebhookDelivery.ended_at,
    _attempts().label("attempts"),
    WebhookDelivery.created_at.label("_created_at"),
).where(
    WebhookDelivery.institution_id == _INSTITUTIONS,
    WebhookDelivery.webhook_id == bindparam("webhook_id"),
)
ONE_DELIVERY = One(_DELIVERY.where(WebhookDelivery.id == bindparam("id")))
DELIVERIES = Many(
    _DELIVERY.where(or_(_STATE.is_(None), WebhookDelivery.state == _STATE)),
    order=("_created_at", "id"),
    descending=True,
)
_EXISTS = "SELECT EXISTS (SELECT FROM webhooks WHERE id = $1)"


def institutions_of(ctx: Context) -> list[UUID]:
    """Return the institutions whose webhooks the actor manages."""
    return list(ctx.actor.places(Role.PARTNER_USER))


async def list_webhooks(ctx: Context, page: PageRequest) -> JsonBytes:
    return await WEBHOOKS.answer(ctx.db, page, institutions=institutions_of(ctx), now=ctx.now)


async def read_webhook(ctx: Context, webhook_id: UUID, *, status: int = 200) -> JsonBytes:
    values = {"id": webhook_id, "institutions": institutions_of(ctx), "now": ctx.now}
    return await ONE_WEBHOOK.answer(ctx.db, status=status, **values)


async def list_deliveries(ctx: Context, webhook_id: UUID, page: PageRequest, state: str | None) -> JsonBytes:
    """Return the log of a webhook, newest first; 404 for a webhook of somebody else."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_EXISTS, webhook_id):
        raise NotFound
    values = {"webhook_id": webhook_id, "state": state, "institutions": institutions_of(ctx)}
    return await DELIVERIES.answer(ctx.db, page, **values)


async def read_delivery(ctx: Context, webhook_id: UUID, delivery_id: UUID, *, status: int = 200) -> JsonBytes:
    values = {"id": delivery_id, "webhook_id": webhook_id, "institutions": institutions_of(ctx)}
    return await ONE_DELIVERY.answer(ctx.db, status=status, **values)
