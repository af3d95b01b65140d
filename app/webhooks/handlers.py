"""From what happened to a referral to one delivery for each webhook that wants to hear it, in the worker.

Only of referrals that the institution sees, handed over on the platform, and of those whom it referred
itself. The event's id makes each delivery once, however often a handler runs.
"""

from typing import Any

from app.access.context import SystemContext
from app.kit.events import After, id_in
from app.kit.ids import moment_of
from app.webhooks import rules

_ADD = """INSERT INTO webhook_deliveries (municipal_area_id, id, webhook_id, institution_id, event_id, kind,
    referral_id, happened_at, created_at, state, next_at)
SELECT w.municipal_area_id, new_id(), w.id, w.institution_id, $1, $2, q.id, $4, $5, 'pending', $5
FROM webhooks w
JOIN referral_requests q ON q.municipal_area_id = w.municipal_area_id AND q.institution_id = w.institution_id
    AND q.id = $3 AND q.channel = 'platform' AND q.requested_at IS NOT NULL
WHERE w.state <> 'ended' AND $2 = ANY (w.kinds)
ON CONFLICT ON CONSTRAINT uq_webhook_deliveries_event DO NOTHING"""

_ADD_INCOMING = """INSERT INTO webhook_deliveries
    (municipal_area_id, id, webhook_id, institution_id, event_id, kind, incoming_id, happened_at,
    created_at, state, next_at)
SELECT w.municipal_area_id, new_id(), w.id, w.institution_id, $1, $2, q.id, $4, $5, 'pending', $5
FROM webhooks w
JOIN incoming_referrals q ON q.municipal_area_id = w.municipal_area_id AND q.institution_id = w.institution_id
    AND q.id = $3
WHERE w.state <> 'ended' AND $2 = ANY (w.kinds)
ON CONFLICT ON CONSTRAINT uq_webhook_deliveries_event DO NOTHING"""
_OF_UNIT = {"accept": rules.ACCEPTED, "reject": rules.REJECTED, "ask": rules.ASKED}


def announce(kind: str) -> After:
    """Return the handler that tells an institution's webhooks of events as of one kind."""

    async def handle(ctx: SystemContext, payload: dict[str, Any]) -> None:
        await _add(ctx, payload, kind)

    return handle


async def announce_offer(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell that a referral lies ready, for the first time or for a second look."""
    await _add(ctx, payload, rules.SENT_BACK if payload.get("again") else rules.OFFERED)


async def announce_incoming(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell what the unit did with somebody whom the institution referred; of its own steps it knows."""
    kind = _OF_UNIT.get(payload["step"])
    if kind is None:
        return
    event_id = id_in(payload, "event_id")
    values = (event_id, kind, id_in(payload, "incoming_id"), moment_of(event_id), ctx.now)
    await (await ctx.db.driver()).execute(_ADD_INCOMING, *values)


async def announce_end(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell that the sender ended a referral; what the institution ended itself it knows."""
    if payload["by"] == "sender":
        in_error = payload["state"] == "entered_in_error"
        await _add(ctx, payload, rules.ENTERED_IN_ERROR if in_error else rules.CANCELLED)


async def announce_message(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell that the sender said something; what the institution says itself it knows."""
    if payload["by"] == "sender":
        await _add(ctx, payload, rules.MESSAGE)


async def _add(ctx: SystemContext, payload: dict[str, Any], kind: str) -> None:
    event_id = id_in(payload, "event_id")
    happened_at = moment_of(event_id)
    driver = await ctx.db.driver()
    await driver.execute(_ADD, event_id, kind, id_in(payload, "referral_id"), happened_at, ctx.now)
