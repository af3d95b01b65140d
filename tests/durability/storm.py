"""Writers who never stop asking, and the ledger outside of the database of what they were promised."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

import httpx

from tests.durability.processes import DEADLINE
from tests.durability.site import Site

CREATED, UNAVAILABLE = 201, 503
_PAUSE = 0.05  # seconds before the same key is sent again


@dataclass
class Ledger:
    """Which contact was acknowledged for which key, and how everything was answered."""

    promised: dict[str, str] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    asked_again: set[str] = field(default_factory=set)


def differences(promised: dict[str, str], stored: Iterable[tuple[str, str]]) -> list[str]:
    """Compare promises with the contacts that are there (key and id); empty when each is there just once."""
    rows = list(stored)
    found: dict[str, list[str]] = {}
    for key, contact_id in rows:
        found.setdefault(key, []).append(contact_id)
    told = [f"{key} is lost" for key, promise in promised.items() if promise not in found.get(key, [])]
    told += [f"{key} is there {len(ids)} times" for key, ids in found.items() if len(ids) > 1]
    return told + [f"{key} was never acknowledged" for key in found if key not in promised]


class Storm:
    """One writer for each case. A writer repeats a key until it is acknowledged, then takes the next."""

    def __init__(self, site: Site) -> None:
        self.ledger = Ledger()
        self._site = site
        self._changed = asyncio.Condition()
        self._over = False
        self._last: dict[str, str] = {}
        self._client = _client(site)

    async def __aenter__(self) -> Self:
        self._writers = asyncio.gather(*(self._write(case) for case in self._site.cases))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let every writer get the answer it waits for."""
        self._over = True
        if error is not None:
            self._writers.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(self._writers, DEADLINE)
        await self._client.aclose()

    async def acknowledges(self, number: int) -> None:
        """Wait until so many more contacts were acknowledged."""
        wanted = len(self.ledger.promised) + number
        await self._until(lambda: len(self.ledger.promised) >= wanted, f"{number} more acknowledged")

    async def is_refused(self) -> None:
        """Wait until no writer is left whose last answer was a success; what was on its way has arrived."""
        self._last.clear()
        everybody = [str(UNAVAILABLE)] * len(self._site.cases)
        await self._until(lambda: [*self._last.values()] == everybody, "everybody is refused")

    async def send(self, case: str, key: str) -> httpx.Response:
        """Send one contact beside the writers."""
        return await _send(self._client, case, key)

    async def _until(self, holds: Callable[[], bool], what: str) -> None:
        try:
            async with asyncio.timeout(DEADLINE), self._changed:
                await self._changed.wait_for(holds)
        except TimeoutError:
            raise AssertionError(
                f"after {DEADLINE} seconds still not so: {what}; {self.ledger.answers}"
            ) from None

    async def _write(self, case: str) -> None:
        never = asyncio.Event()
        while not self._over:
            key = _new_key(case)
            while not await self._ask(case, key):
                self.ledger.asked_again.add(key)
                with suppress(TimeoutError):
                    await asyncio.wait_for(never.wait(), _PAUSE)

    async def _ask(self, case: str, key: str) -> bool:
        try:
            answer = await _send(self._client, case, key)
        except httpx.TransportError as error:
            said, answered = type(error).__name__, None
        else:
            said, answered = _summary(answer), answer
        async with self._changed:
            self.ledger.answers[said] += 1
            self._last[case] = said
            if answered is not None and answered.status_code == CREATED:
                self.ledger.promised[key] = answered.json()["id"]
            self._changed.notify_all()
        return said == str(CREATED)


async def repeat(site: Site, keys: Iterable[str]) -> dict[str, httpx.Response]:
    """Send once more what the writers sent with these keys, and return the answers."""
    async with _client(site) as client:
        return {key: await _send(client, _case_of(key), key) for key in keys}


def _client(site: Site) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=site.url, headers={"Authorization": f"Bearer {site.token}"}, timeout=DEADLINE
    )


async def _send(client: httpx.AsyncClient, case: str, key: str) -> httpx.Response:
    """Send one contact; the same key always carries the same body."""
    body = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z", "minutes": 5, "note": key}
    return await client.post(f"/v1/cases/{case}/contacts", json=body, headers={"Idempotency-Key": key})


def _new_key(case: str) -> str:
    return f"{case}:{uuid4()}"


def _case_of(key: str) -> str:
    return key.partition(":")[0]


def _summary(answer: httpx.Response) -> str:
    """Return the status; with the code where a status has several meanings, or what a 503 lacks."""
    if answer.status_code == UNAVAILABLE and not answer.headers.get("retry-after", "").isdigit():
        return "503 without Retry-After"
    if answer.status_code in {CREATED, UNAVAILABLE}:
        return str(answer.status_code)
    return f"{answer.status_code} {answer.json().get('code')}"


async def stored(site: Site) -> list[tuple[str, str]]:
    """Return the key and the id of every contact that is there."""
    admin = await site.admin()
    rows = await admin.fetch("SELECT note, id FROM contacts WHERE municipal_area_id = $1", site.area)
    await admin.close()
    return [(row["note"], str(row["id"])) for row in rows]


async def journalled(site: Site) -> list[UUID]:
    """Return the id of every contact whose creation stands in the journal."""
    admin = await site.admin()
    rows = await admin.fetch(
        "SELECT object_id FROM audit_journal WHERE municipal_area_id = $1 AND action = 'contact.create'",
        site.area,
    )
    await admin.close()
    return [row["object_id"] for row in rows]
