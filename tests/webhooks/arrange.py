"""Webhooks for tests: given through the API, events of real referrals, a postman as the worker runs him."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from app.kit.database import Database
from app.kit.ids import new_id
from app.webhooks.addresses import Addresses
from app.webhooks.postman import Postman
from app.webhooks.sending import Sender
from app.wiring import wire
from app.worker import run_once
from tests.conftest import Clock
from tests.referrals.arrange import Scene
from tests.webhooks.receivers import Receiver
from tests.world import Person, World

ELSEWHERE = "https://office.example/kim"
KINDS = [
    "referral.cancelled", "referral.entered_in_error", "referral.expired", "referral.offered",
    "referral.reminder", "referral.revoked", "referral.sent_back",
]  # fmt: skip


@dataclass
class Webhook:
    """A webhook as its people know it."""

    world: World
    person: Person
    institution_id: str
    id: str
    secret: str | None

    @property
    def path(self) -> str:
        return f"/v1/partner/webhooks/{self.id}"

    async def read(self) -> dict[str, Any]:
        answer = await self.person.get(self.path)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    async def log(self, **query: Any) -> list[dict[str, Any]]:
        answer = await self.person.get(f"{self.path}/deliveries", limit=200, **query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def test(self) -> dict[str, Any]:
        answer = await self.person.post(f"{self.path}/test")
        assert answer.status_code == 201, answer.text
        seen: dict[str, Any] = answer.json()
        return seen


def body(scene: Scene, **fields: Any) -> dict[str, Any]:
    return {
        "institution_id": scene.institution_id, "url": ELSEWHERE, "label": "Fachverfahren", "kinds": KINDS,
        **fields,
    }  # fmt: skip


async def made(scene: Scene, **fields: Any) -> Webhook:
    answer = await scene.partner.post("/v1/partner/webhooks", body(scene, **fields))
    assert answer.status_code == 201, answer.text
    seen = answer.json()
    return Webhook(scene.world, scene.partner, scene.institution_id, seen["webhook"]["id"], seen["secret"])


@asynccontextmanager
async def trusted(app: FastAPI, receivers: Iterable[Receiver]) -> AsyncIterator[None]:
    """Let webhooks of the application lead to these receivers, as an operator would list them."""
    before = app.state.webhook_addresses
    app.state.webhook_addresses = Addresses(frozenset(each.origin for each in receivers))
    try:
        yield
    finally:
        app.state.webhook_addresses = before


async def webhook_at(scene: Scene, receiver: Receiver, **fields: Any) -> Webhook:
    """Give the address of a receiver in the name of the scene's institution."""
    body = {
        "institution_id": scene.institution_id, "url": receiver.url, "label": "Fachverfahren",
        "kinds": KINDS, **fields,
    }  # fmt: skip
    async with trusted(scene.world.app, [receiver]):
        answer = await scene.partner.post("/v1/partner/webhooks", body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    return Webhook(scene.world, scene.partner, scene.institution_id, made["webhook"]["id"], made["secret"])


@asynccontextmanager
async def a_postman(
    database: Database,
    app: FastAPI,
    clock: Clock,
    receivers: Iterable[Receiver],
    *,
    seconds: float = 15.0,
    trusted: Path | None = None,
) -> AsyncIterator[Postman]:
    """Return what delivers, knowing these receivers."""
    sender = Sender(Addresses(frozenset(each.origin for each in receivers)), seconds=seconds, trusted=trusted)
    try:
        yield Postman(database, wire(), clock, app.state.field_keys, sender)
    finally:
        await sender.close()


async def hand_on(database: Database, clock: Clock) -> None:
    """Let the worker hear what has happened, so that deliveries wait."""
    await run_once(database, wire(), clock, jobs=())


async def events(webhook: Webhook, count: int) -> set[str]:
    """Let so many events wait at a webhook, as the worker leaves them, and return their ids."""
    ids = [new_id() for _ in range(count)]
    await webhook.world.admin.executemany(
        """INSERT INTO webhook_deliveries (municipal_area_id, id, webhook_id, institution_id, event_id, kind,
            happened_at, created_at, state, next_at)
        VALUES ($1, $2, $3, $4, $2, 'webhook.test', now(), now(), 'pending', now() - interval '1 hour')""",
        [(webhook.world.area, each, UUID(webhook.id), UUID(webhook.institution_id)) for each in ids],
    )
    return {str(each) for each in ids}


def later(clock: Clock, after: timedelta) -> None:
    """Move a clock on."""
    clock.fixed = clock() + after
