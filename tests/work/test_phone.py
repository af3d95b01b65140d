"""A phone in a cellar: 200 edits, faults, a colleague at the same rows, a case that comes and goes."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.main import serve_app
from tests.cases.arrange import a_client, open_case, team_lead
from tests.cases.test_team import to
from tests.work.editing import NAMES, STALE, TEXTS, Edit, Worker
from tests.work.faults import Unsteady
from tests.work.holding import CHANGES, Full, a_full_case
from tests.work.holding import KINDS as HELD
from tests.work.syncing import Phone
from tests.world import Person, World

EDITS = 200
CASES = 3


@asynccontextmanager
async def unsteady(
    world: World, person: Person, chance: random.Random
) -> AsyncIterator[tuple[Worker, Unsteady]]:
    """Yield somebody whose phone has a bad connection."""
    transport = Unsteady(httpx.ASGITransport(serve_app(world.app), raise_app_exceptions=False), chance)
    headers = {"Authorization": person.http.headers["authorization"]}
    async with httpx.AsyncClient(transport=transport, base_url="http://kim.test", headers=headers) as http:
        yield Worker(Phone(replace(person, http=http), limit=20), http), transport


class Day:
    """One day of two case managers on the same cases, drawn by chance."""

    def __init__(self, seed: int, clients: dict[str, str]) -> None:
        self.chance = random.Random(seed)
        self.clients = clients
        self.marks = 0
        self.made: list[Edit] = []
        self.at_the_desk = self.chance.sample(sorted(CHANGES), len(CHANGES))

    def edit(self, worker: Worker, cases: list[str]) -> None:
        """Do something on the phone: mostly change what is there, sometimes write down something new."""
        self.marks += 1
        case_id = self.chance.choice(cases)
        there = [
            (kind, one)
            for (kind, one), (of, _) in worker.phone.belongs.items()
            if of == case_id and kind in TEXTS
        ]
        of = (case_id, self.clients[case_id])
        edit = Edit(f"M{self.marks}", self.chance.choice(sorted(NAMES)), *of)
        if there and self.chance.random() < 0.7:
            kind, one = self.chance.choice(sorted(there))
            edit = Edit(f"M{self.marks}", kind, *of, one)
        self.made.append(edit)
        worker.queue.append(edit)

    async def happen(self, full: Full) -> None:
        """Let something change at the desk, and a document come and go."""
        if not self.at_the_desk or self.chance.random() < 0.3:
            return
        await CHANGES[self.at_the_desk.pop()](full)
        path = f"/v1/documents/{await full.document()}"
        removed = await full.anna.post(f"{path}/remove", {"reason": "wrong_file"}, if_match='"1"')
        assert removed.status_code == 200, removed.text


async def give(lead: Person, case_id: str, person: Person) -> None:
    answer = await lead.post(f"/v1/cases/{case_id}/assign", to(person))
    assert answer.status_code in (201, 409), answer.text


async def catch_up(worker: Worker) -> None:
    """Catch up as far as the connection allows."""
    try:
        while await worker.phone.page():
            pass
    except httpx.TransportError:
        pass


def found(held: dict[tuple[str, str], dict[str, object]], edit: Edit) -> int:
    """Return how often an edit has come about, wherever it was meant."""
    if edit.object_id is not None:
        text = held[edit.kind, edit.object_id][TEXTS[edit.kind]]
        return str(text or "").split().count(edit.mark)
    return sum(kind == edit.kind and one[NAMES[kind]] == edit.mark for (kind, _), one in held.items())


async def an_hour(day: Day, mine: Worker, theirs: Worker, cases: list[str]) -> None:
    """Work without a connection, for short or long, then send and catch up as far as it allows."""
    for _ in range(day.chance.randrange(1, 12)):
        day.edit(mine, cases)
    if day.chance.random() < 0.5:
        day.edit(theirs, cases[1:])
    for worker in day.chance.sample([mine, theirs], 2):
        await worker.send()
        await catch_up(worker)


async def settle(*workers: Worker) -> None:
    """Send what is left and catch up, on a good connection."""
    while any(worker.queue for worker in workers):
        for worker in workers:
            await catch_up(worker)
            await worker.send()
    for worker in workers:
        await catch_up(worker)


async def a_day(world: World, seed: int) -> tuple[Day, Worker, Worker, Unsteady]:
    """Play a day to its end; return what was meant, the two phones, and the connection of the first."""
    anna, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    clients = [await a_client(world, anna) for _ in range(CASES - 1)]
    cases = [await open_case(anna, client_id) for client_id in clients]
    full = await a_full_case(world, anna)
    cases.append(full.case_id)
    day = Day(seed, dict(zip(cases, [*clients, full.client_id], strict=True)))
    for case_id in cases[1:]:
        joined = await lead.post(f"/v1/cases/{case_id}/assign", to(ben, "member"))
        assert joined.status_code == 201
    async with (
        unsteady(world, anna, day.chance) as (mine, weather),
        unsteady(world, ben, day.chance) as (theirs, other_weather),
    ):
        while day.marks < EDITS:
            await an_hour(day, mine, theirs, cases)
            await day.happen(full)
            if (drawn := day.chance.random()) < 0.5:
                await give(lead, cases[0], ben if drawn < 0.2 else anna)
        await give(lead, cases[0], anna)
        weather.calm = other_weather.calm = True
        await settle(mine, theirs)
    return day, mine, theirs, weather


async def begun_anew(world: World, worker: Worker) -> Phone:
    """Return a new phone of the same person, which begins with nothing and a good connection."""
    token = worker.http.headers["authorization"].removeprefix("Bearer ")
    async with world.http(token) as http:
        phone = Phone(replace(worker.phone.person, http=http))
        await phone.catch_up()
    return phone


@pytest.mark.parametrize("seed", [7, 8])
async def test_nothing_is_lost_and_nothing_is_doubled(world: World, seed: int) -> None:
    day, mine, theirs, weather = await a_day(world, seed)
    new = await begun_anew(world, mine)
    assert day.at_the_desk == []
    assert {kind for kind, _ in new.held} >= {*NAMES, *TEXTS, *HELD}
    assert times(day, new) == {1: len(day.made)}
    assert mine.phone.held == new.held
    assert theirs.phone.held == (await begun_anew(world, theirs)).held
    assert set(weather.met) == {"before", "during", "after", "twice"}
    assert min(mine.conflicts, theirs.conflicts, mine.refused) > 0


def times(day: Day, phone: Phone) -> Counter[int]:
    """Return how many edits came about how often."""
    return Counter(found(phone.held, edit) for edit in day.made)


async def without_a_key(worker: Worker, edit: Edit) -> bool:
    """Send something new as if sending it twice were harmless."""
    answer = await worker.http.post(edit.path, json=edit.fresh())
    return answer.is_success


async def blindly(worker: Worker, edit: Edit, known: dict[str, Any], etag: str | None) -> bool:
    """Write over what a colleague has written meanwhile."""
    name, etag = TEXTS[edit.kind], etag or ""
    body = {name: " ".join(filter(None, (known[name], edit.mark)))}
    while (
        answer := await worker.http.patch(edit.path, json=body, headers={"If-Match": etag})
    ).status_code == STALE:
        etag = answer.headers["etag"]
    return answer.is_success


@pytest.mark.parametrize(("right", "wrong"), [("_create", without_a_key), ("_change", blindly)])
async def test_phone_that_ignores_key_or_version_loses_or_doubles(
    world: World, monkeypatch: pytest.MonkeyPatch, right: str, wrong: Callable[..., Awaitable[bool]]
) -> None:
    monkeypatch.setattr(Worker, right, wrong)
    day, mine, *_ = await a_day(world, 7)
    assert times(day, await begun_anew(world, mine)) != {1: len(day.made)}
