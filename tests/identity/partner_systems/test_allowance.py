"""Each machine has an allowance of its own, counted in one row for all processes."""

import asyncio
from datetime import timedelta
from typing import Any

from app.main import create_app
from tests.conftest import Clock
from tests.identity.partner_systems.arrange import a_machine, ask, bearer, token
from tests.world import World

FEED = "/v1/partner/referrals"


async def test_more_requests_than_allowed_wait(world: World, http: Any, clock: Clock) -> None:
    machine = await a_machine(world, requests_per_minute=4)  # the first is for the token
    other = await a_machine(world, requests_per_minute=4)
    clock.set(2026, 11, 2, 8)
    headers = bearer(await token(http, machine, now=clock()))
    statuses = [(await http.get(FEED, headers=headers)).status_code for _ in range(3)]
    assert statuses == [200] * 3
    refused = await http.get(FEED, headers=headers)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "15")
    assert (await http.get(FEED, headers=bearer(await token(http, other, now=clock())))).status_code == 200
    clock.set(2026, 11, 2, 8, 0, 14)
    assert (await http.get(FEED, headers=headers)).status_code == 429
    clock.set(2026, 11, 2, 8, 0, 15)
    assert (await http.get(FEED, headers=headers)).status_code == 200
    assert (await http.get(FEED, headers=headers)).status_code == 429


async def test_pause_saves_no_more_than_a_minute(world: World, http: Any, clock: Clock) -> None:
    machine = await a_machine(world, requests_per_minute=2)
    clock.set(2026, 11, 2, 8)
    headers = bearer(await token(http, machine, now=clock()))
    await http.get(FEED, headers=headers)
    clock.set(2026, 11, 2, 8, 9)
    statuses = [(await http.get(FEED, headers=headers)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_two_processes_share_one_allowance(world: World, clock: Clock) -> None:
    machine = await a_machine(world, requests_per_minute=7)
    clock.set(2026, 11, 2, 8)
    second = World(create_app(world.app.state.settings, clock=clock), world.admin)
    try:
        async with world.http() as one, second.http() as two:
            headers = bearer(await token(one, machine, now=clock()))
            answers = await asyncio.gather(
                *(http.get(FEED, headers=headers) for _ in range(6) for http in (one, two))
            )
    finally:
        await second.app.state.gate.database.close()
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [429] * 6


async def test_clock_of_a_process_that_runs_behind_gives_nothing_back(
    world: World, http: Any, clock: Clock
) -> None:
    machine = await a_machine(world, requests_per_minute=2)
    clock.set(2026, 11, 2, 8, 1)
    headers = bearer(await token(http, machine, now=clock()))
    assert (await http.get(FEED, headers=headers)).status_code == 200
    for second in (clock() - timedelta(seconds=1), clock()):
        wait = await world.admin.fetchval(
            "SELECT take_request($1::text::uuid, $2)", machine.credential_id, second
        )
        assert wait >= 30


async def test_refused_request_is_counted_by_the_allowance_too(world: World, http: Any, clock: Clock) -> None:
    machine = await a_machine(world, requests_per_minute=2)
    clock.set(2026, 11, 2, 8)
    headers = bearer(await token(http, machine, now=clock()))
    assert (await http.get("/v1/me", headers=headers)).status_code == 403
    assert (await http.get(FEED, headers=headers)).status_code == 429


async def test_token_counts_as_a_request(world: World, http: Any, clock: Clock) -> None:
    machine = await a_machine(world, requests_per_minute=2)
    clock.set(2026, 11, 2, 8)
    answers = [await ask(http, machine.assertion(now=clock())) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "30"
    assert (await http.get(FEED, headers=bearer(answers[0].json()["access_token"]))).status_code == 429
