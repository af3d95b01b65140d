"""Delivers what is due, several at once, a few to each webhook, so that a slow one hinders nobody.

What is due is claimed in a short transaction and how it went is written in another; in between nothing is
held. Who dies in between leaves the delivery due again after its lease: it is delivered at least once, and
the event's id is the receiver's key.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from app.access.context import SystemContext
from app.kit.clock import Clock
from app.kit.database import Database, Nobody, System
from app.kit.events import Wiring
from app.kit.ids import new_id
from app.kit.logging import where
from app.kit.sealing import FieldKeys, Unsealable
from app.notifications.handlers import tell_institution_of_webhook
from app.webhooks.rules import (
    AT_ONCE,
    AT_ONCE_INSTITUTION,
    AT_ONCE_WEBHOOK,
    LEASE,
    Delivery,
    Failure,
    next_try,
)
from app.webhooks.sending import Outcome, Sender
from app.webhooks.signing import body_of, headers_of, place_of

log = structlog.get_logger(__name__)

PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds

_BOUNDS = (AT_ONCE_WEBHOOK, AT_ONCE_INSTITUTION)
_CLAIM = "SELECT municipal_area_id, id, claims FROM claim_webhook_deliveries($1, $2, $3, $4, $5)"
_LOAD = """SELECT d.webhook_id, d.institution_id, d.event_id, d.kind, d.referral_id, d.incoming_id,
    d.happened_at, d.failures, w.url, w.signature, ARRAY(SELECT s.sealed FROM webhook_secrets s
        WHERE s.municipal_area_id = w.municipal_area_id AND s.webhook_id = w.id
            AND (s.expires_at IS NULL OR s.expires_at > $3)
        ORDER BY s.expires_at DESC NULLS FIRST, s.created_at DESC, s.id) AS sealed
FROM webhook_deliveries d
JOIN webhooks w ON w.municipal_area_id = d.municipal_area_id AND w.id = d.webhook_id AND w.state = 'active'
JOIN institutions i ON i.municipal_area_id = w.municipal_area_id AND i.id = w.institution_id AND i.is_active
WHERE d.id = $1 AND d.claims = $2 AND d.state = 'pending'"""
_LEAVE = (
    "UPDATE webhook_deliveries SET leased_until = NULL WHERE id = $1 AND claims = $2 AND state = 'pending'"
)
_RECORD = """UPDATE webhook_deliveries SET state = $3, failures = $4, next_at = coalesce($5, next_at),
    failure = $6, ended_at = $7, leased_until = NULL
WHERE id = $1 AND claims = $2 AND state = 'pending' RETURNING id"""
_ATTEMPT = """INSERT INTO webhook_attempts
    (municipal_area_id, id, delivery_id, institution_id, at, milliseconds, status, failure)
SELECT municipal_area_id, $2, id, institution_id, $3, $4, $5, $6 FROM webhook_deliveries WHERE id = $1"""
_END = (
    """UPDATE webhooks SET state = 'ended', ended_at = $2 WHERE id = $1 AND state <> 'ended' RETURNING id"""
)
_PARK_ALL = """UPDATE webhook_deliveries SET state = 'parked', failure = 'webhook_ended', ended_at = $2,
    leased_until = NULL WHERE webhook_id = $1 AND state = 'pending'"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that this worker may try until its lease is over; `claims` is the fence."""

    area: str
    delivery_id: UUID
    claims: int


@dataclass
class Postman:
    """The part of a worker process that delivers."""

    database: Database
    wiring: Wiring
    clock: Clock
    keys: FieldKeys
    sender: Sender
    _under_way: set["asyncio.Task[None]"] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until told to stop; what is under way is finished. Waits longer without a database."""
        pause = PAUSE
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    begun = await self._begin_due()
                    pause = PAUSE
                except Exception as error:  # noqa: BLE001 - the process outlives its database
                    _report(error)
                    begun, pause = 0, min(pause * 2, LONGEST_PAUSE)
                full = len(self._under_way) >= AT_ONCE
                if full or not begun:
                    await asyncio.wait(
                        {*self._under_way, stopped},
                        timeout=None if full else pause,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
        finally:
            stopped.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await stopped
            await asyncio.gather(*self._under_way)

    async def deliver_due(self) -> int:
        """Deliver until nothing is due and nothing under way, and return how many attempts were made."""
        total = 0
        while (begun := await self._begin_due()) or self._under_way:
            total += begun
            if self._under_way:
                await asyncio.wait(set(self._under_way), return_when=asyncio.FIRST_COMPLETED)
        return total

    async def _begin_due(self) -> int:
        free = AT_ONCE - len(self._under_way)
        if free <= 0:
            return 0
        async with self.database.transaction(Nobody()) as db:
            rows = await (await db.driver()).fetch(_CLAIM, free, *_BOUNDS, self.clock(), LEASE)
        for row in rows:
            claim = Claim(row["municipal_area_id"], row["id"], row["claims"])
            task = asyncio.create_task(self._deliver(claim))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(rows)

    async def _deliver(self, claim: Claim) -> None:
        try:
            loaded = await self._load(claim)
            if loaded is not None:
                at = self.clock()
                outcome = await self._attempt(claim, loaded, at)
                await self._record(claim, loaded, at, outcome)
        except Exception as error:  # noqa: BLE001 - one delivery's fault must not hold up the others
            _report(error, delivery_id=str(claim.delivery_id))

    async def _load(self, claim: Claim) -> asyncpg.Record | None:
        """Return the delivery with all it needs; none where it was paused, removed or taken in between."""
        async with self.database.transaction(System(claim.area, str(claim.delivery_id))) as db:
            driver = await db.driver()
            loaded = await driver.fetchrow(_LOAD, claim.delivery_id, claim.claims, self.clock())
            if loaded is None:
                await driver.execute(_LEAVE, claim.delivery_id, claim.claims)
            return loaded

    async def _attempt(self, claim: Claim, loaded: Mapping[str, Any], at: datetime) -> Outcome:
        place = place_of(claim.area, loaded["webhook_id"])
        try:
            signing = [self.keys.unseal(each, *place) for each in loaded["sealed"]]
        except Unsealable:
            signing = []
        if not signing:
            log.error("webhook_secret_unsealable", webhook_id=str(loaded["webhook_id"]))
            return Outcome(None, Failure.SECRET, 0)
        named = ("referral_id", "incoming_id")
        data = {name: str(loaded[name]) for name in named if loaded[name] is not None}
        body = body_of(loaded["kind"], loaded["happened_at"], data)
        moment = int(at.timestamp())
        headers = headers_of(loaded["signature"], signing, str(loaded["event_id"]), moment, body)
        return await self.sender.send(loaded["url"], headers, body)

    async def _record(self, claim: Claim, loaded: Mapping[str, Any], at: datetime, outcome: Outcome) -> None:
        """Write how an attempt went, and what follows from it."""
        now = self.clock()
        state, failures, again = _follows(outcome, loaded["failures"], now)
        ended_at = None if state == Delivery.PENDING else now
        async with self.database.transaction(System(claim.area, str(claim.delivery_id))) as db:
            driver = await db.driver()
            recorded = await driver.fetchval(
                _RECORD, claim.delivery_id, claim.claims, state, failures, again, outcome.failure, ended_at
            )
            await driver.execute(
                _ATTEMPT,
                claim.delivery_id,
                new_id(),
                at,
                outcome.milliseconds,
                outcome.status,
                outcome.failure,
            )
            ctx = SystemContext(db, claim.area, now, self.wiring)
            if outcome.failure == Failure.GONE:
                await self._end(ctx, loaded)
            elif recorded is not None and state == Delivery.PARKED:
                log.error("webhook_parked", delivery_id=str(claim.delivery_id), failure=outcome.failure)
                await tell_institution_of_webhook(ctx, *_named(loaded), "webhook_parked")

    async def _end(self, ctx: SystemContext, loaded: Mapping[str, Any]) -> None:
        """End a webhook whose address has said that nobody listens there any more; what waits is parked."""
        driver = await ctx.db.driver()
        if await driver.fetchval(_END, loaded["webhook_id"], ctx.now) is not None:
            log.warning("webhook_ended", webhook_id=str(loaded["webhook_id"]))
            await tell_institution_of_webhook(ctx, *_named(loaded), "webhook_ended")
        await driver.execute(_PARK_ALL, loaded["webhook_id"], ctx.now)


def _named(loaded: Mapping[str, Any]) -> tuple[UUID, UUID]:
    return loaded["institution_id"], loaded["webhook_id"]


def _follows(outcome: Outcome, failures: int, now: datetime) -> tuple[Delivery, int, datetime | None]:
    """Return where a delivery stands after an attempt, its failures, and when it is tried again."""
    if outcome.failure is None:
        return Delivery.DELIVERED, failures, None
    if outcome.failure == Failure.GONE:
        return Delivery.PARKED, failures + 1, None
    again = next_try(failures + 1, now, secrets.randbelow(1000) / 1000)
    return (Delivery.PARKED if again is None else Delivery.PENDING), failures + 1, again


def _report(error: Exception, **more: str) -> None:
    log.error("webhook_work_failed", kind=type(error).__name__, where=where(error), **more)
