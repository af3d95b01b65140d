"""One person's many requests leave connections to others; who waits for their turn holds none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx
import pytest

from app.access.roles import Role
from app.access.turns import Turns, share_of_pool
from app.kit.database import Database, Db, Opening
from app.kit.errors import TooMany
from app.kit.ids import new_id
from app.kit.metrics import Metrics
from app.kit.sources import source_of
from tests.turns import turns
from tests.world import Person, World

POOL = 8
"""Connections of the application under test."""
SHARE, WAITING = 3, 7


@dataclass(slots=True)
class Holding(Database):
    """Keeps the transactions of one person open until they are let go, and says when so many are."""

    whose: Person
    expected: int
    working: int = 0
    all_work: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def transaction(self, opening: Opening) -> AsyncIterator[Db]:
        async with Database.transaction(self, opening) as db:
            if self.whose.session_id in opening.statement()[1]:
                self.working += 1
                if self.working == self.expected:
                    self.all_work.set()
                await self.let_go.wait()
            yield db


@dataclass
class Flood:
    """So many requests of one person at once, of which some hold their connection."""

    requests: list[asyncio.Task[httpx.Response]]
    database: Holding
    metrics: Metrics

    @property
    def held(self) -> int:
        held: int = self.database.engine.pool.checkedout()  # type: ignore[attr-defined]
        return held

    def counted(self, outcome: str) -> float | None:
        return self.metrics.registry.get_sample_value("kim_turns_total", {"outcome": outcome})

    async def ebb(self) -> list[int]:
        """Let all of them go on, and return what they were answered."""
        self.database.let_go.set()
        return [answer.status_code for answer in await asyncio.gather(*self.requests)]


@asynccontextmanager
async def flood(
    world: World, person: Person, *, requests: int, share: int, work: int
) -> AsyncIterator[Flood]:
    app = world.app
    with turns(app, at_once=share, waiting=WAITING) as metrics:
        holding = Holding(app.state.gate.database.engine, person, work)
        app.state.gate = replace(app.state.gate, database=holding)
        sent = [asyncio.create_task(person.get("/v1/me")) for _ in range(requests)]
        try:
            await holding.all_work.wait()
            yield Flood(sent, holding, metrics)
        finally:
            holding.let_go.set()
            for each in sent:
                each.cancel()
            await asyncio.gather(*sent, return_exceptions=True)


@pytest.mark.asvs("13.1.2")
async def test_flood_of_one_person_leaves_connections_to_others(world: World) -> None:
    busy, other = await world.case_manager(), await world.case_manager()
    async with flood(world, busy, requests=SHARE + WAITING, share=SHARE, work=SHARE) as its:
        assert (await other.get("/v1/me")).status_code == 200
        assert its.held == SHARE
        assert await its.ebb() == [200] * (SHARE + WAITING)
        assert (its.counted("waited"), its.counted("refused")) == (WAITING, None)
        assert len(world.app.state.gate.turns) == 0


async def test_without_a_share_the_flood_holds_every_connection(world: World) -> None:
    busy = await world.case_manager()
    async with flood(world, busy, requests=POOL + 2, share=POOL + 2, work=POOL) as its:
        assert its.held == POOL


async def test_what_goes_beyond_the_line_is_refused_with_when_to_come_back(world: World) -> None:
    busy = await world.case_manager()
    async with flood(world, busy, requests=SHARE + WAITING, share=SHARE, work=SHARE) as its:
        refused = await busy.get("/v1/me")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        assert refused.headers["Retry-After"] == "1"
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert its.counted("refused") == 1
        assert set(await its.ebb()) == {200}
    assert (await busy.get("/v1/me")).status_code == 200


async def test_another_session_of_the_person_stands_in_the_same_line(world: World) -> None:
    busy = await world.case_manager()
    async with flood(world, busy, requests=SHARE + WAITING, share=SHARE, work=SHARE):
        for account, status in ((busy.account_id, 429), (new_id(), 401)):
            token = world.token(account, new_id())
            answer = await busy.http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == status


async def test_machine_has_its_turn_before_its_allowance_is_asked(world: World) -> None:
    machine = await world.person(Role.PARTNER_SYSTEM)
    with turns(world.app, at_once=1):
        world.app.state.gate = replace(gate := world.app.state.gate, database=None)
        async with gate.turns.turn(machine.account_id):
            assert (await machine.get("/v1/partner/referrals")).status_code == 429
        world.app.state.gate = gate
        assert (await machine.get("/v1/partner/referrals")).status_code == 200


async def test_whoever_is_not_signed_in_shares_the_line_of_their_address(world: World) -> None:
    """A person who is signed in at the same address has a line of their own."""
    person = await world.case_manager()
    with turns(world.app, at_once=1):
        async with world.app.state.gate.turns.turn(source_of("127.0.0.1")):
            refused = await person.post(
                "/v1/sessions", {"email": "anna@example.org", "password": "of nobody"}
            )
            assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
            assert (await person.get("/v1/me")).status_code == 200


def line(*, at_once: int = 1, waiting: int = 2) -> Turns:
    return Turns(at_once=at_once, waiting=waiting, metrics=Metrics())


async def steps() -> None:
    """Let every task go as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_whoever_gives_up_waiting_or_working_gives_the_place_back() -> None:
    kept, done = line(), []

    async def one(name: str, until: asyncio.Event) -> None:
        async with kept.turn("a"):
            done.append(name)
            await until.wait()

    never, at_once = asyncio.Event(), asyncio.Event()
    at_once.set()
    works, waits = (asyncio.create_task(one(name, never)) for name in ("works", "waits"))
    last = asyncio.create_task(one("last", at_once))
    await steps()
    assert done == ["works"]
    # Both in one step: the place is on its way to the one who leaves with it.
    works.cancel()
    await asyncio.sleep(0)
    waits.cancel()
    await steps()
    assert last.done()
    assert done[-1] == "last"
    assert len(kept) == 0


async def test_refusals_leave_no_one_in_the_line() -> None:
    kept = line(waiting=0)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(kept.turn("a"))
        with pytest.raises(TooMany):
            await stack.enter_async_context(kept.turn("a"))
        async with kept.turn("b"):
            assert len(kept) == 2
    assert len(kept) == 0


@pytest.mark.parametrize(("pool", "share"), [(1, 1), (2, 1), (8, 4), (16, 6), (200, 6)])
def test_a_share_is_never_more_than_half_of_a_pool(pool: int, share: int) -> None:
    assert share_of_pool(6, pool) == share
