"""Who waits until a letter can be set keeps no connection from those who work meanwhile."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import httpx
import pytest

from app.kit.errors import Unavailable
from app.kit.places import place_in
from app.letters import actions
from tests.documents.arrange import Office, an_office
from tests.turns import turns
from tests.world import World

CONNECTIONS = 8
"""Those of the application under test."""


class Full(asyncio.Semaphore):
    """No place, and somebody who looks how many wait for one."""

    def __init__(self, expected: int) -> None:
        super().__init__(0)
        self._missing = expected
        self.all_wait = asyncio.Event()

    async def acquire(self) -> Literal[True]:
        self._missing -= 1
        if self._missing == 0:
            self.all_wait.set()
        return await super().acquire()


@contextmanager
def places(world: World, instead: asyncio.Semaphore) -> Iterator[None]:
    state = world.app.state
    state.letter_places, before = instead, state.letter_places
    try:
        with turns(world.app, at_once=CONNECTIONS + 3):
            yield
    finally:
        state.letter_places = before


async def _meanwhile(office: Office, full: Full) -> int:
    """Let more write than there are connections, and return what somebody else is answered."""

    async def write() -> httpx.Response:
        return await office.lead.post(f"/v1/cases/{office.case_id}/letters", {"kind": "privacy_notice"})

    writing = [asyncio.create_task(write()) for _ in range(CONNECTIONS + 2)]
    await full.all_wait.wait()
    try:
        return (await office.lead.get("/v1/me")).status_code
    finally:
        for each in writing:
            each.cancel()
        await asyncio.gather(*writing, return_exceptions=True)


@pytest.mark.asvs("13.1.2")
async def test_who_waits_for_a_letter_holds_no_connection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, full = await an_office(world), Full(CONNECTIONS + 2)
    with places(world, full):
        assert await _meanwhile(office, full) == 200


async def test_waiting_inside_the_transaction_would_stop_everybody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, full = await an_office(world), Full(CONNECTIONS)

    async def planted(_: object) -> bytes:
        async with full:
            return b""

    monkeypatch.setattr(actions, "render", planted)
    with places(world, asyncio.Semaphore(100)):
        assert await _meanwhile(office, full) == 503


async def test_who_finds_no_place_is_sent_away_after_a_while() -> None:
    with pytest.raises(Unavailable) as refused:
        async with place_in(asyncio.Semaphore(0), 0.0, "Full."):
            pass
    assert refused.value.headers["Retry-After"] == "5"


async def test_a_place_is_given_back_however_it_ends() -> None:
    one = asyncio.Semaphore(1)
    with pytest.raises(ValueError, match="inside"):
        async with place_in(one, 1.0, "Full."):
            raise ValueError("inside")
    assert not one.locked()
