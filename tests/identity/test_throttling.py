"""Failed sign-ins slow a guesser down and never keep the owner out for good."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from app.identity import passwords
from app.identity.password_acceptance import accepted_hash
from app.identity.throttle import Counter, SignInKeys, sign_in_wait
from app.identity.throttle_rules import HALF_LIFE, LONGEST_DELAY, LONGEST_DELAY_OF_ACCOUNT, failures_left
from app.kit.errors import TooMany
from tests.conftest import Clock
from tests.identity.arrange import ANOTHER, alarms, bearer, give_password, sign_in, somewhere
from tests.identity.test_passwords import occupied
from tests.world import World

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def failed(times: int, ago: timedelta = timedelta(0), *, success: datetime | None = None) -> Counter:
    return Counter(times, NOW - ago, success)


@pytest.mark.asvs("6.3.1")
async def test_fourth_attempt_waits_and_says_how_long(world: World, clock: Clock) -> None:
    email = await give_password(world, await world.case_manager())
    clock.set(2026, 3, 2, 8)
    async with somewhere(world) as http:
        refused = [(await sign_in(http, email, ANOTHER)).status_code for _ in range(3)]
        before = alarms(world, "sign_in_throttled")
        waiting = await sign_in(http, email)
        assert refused == [401, 401, 401]
        assert (waiting.status_code, waiting.headers["retry-after"]) == (429, "1")
        assert alarms(world, "sign_in_throttled") == before + 1
        clock.set(2026, 3, 2, 8, 0, 1)
        assert (await sign_in(http, email)).status_code == 201


async def test_unknown_person_waits_like_a_known_one(world: World, clock: Clock) -> None:
    clock.set(2026, 3, 2, 8)
    async with somewhere(world, "198.51.100.8") as http:
        statuses = [(await sign_in(http, f"nobody-{world.area}@kim.test")).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]


async def test_success_ends_the_row_of_failures(world: World, clock: Clock) -> None:
    email = await give_password(world, await world.case_manager())
    clock.set(2026, 3, 2, 8)
    async with somewhere(world, "198.51.100.9") as http:
        for _ in range(4):
            assert (await sign_in(http, email, ANOTHER)).status_code == 401
            assert (await sign_in(http, email)).status_code == 201


@pytest.mark.asvs("6.3.1")
async def test_stranger_elsewhere_does_not_keep_the_owner_waiting_at_a_known_place(
    world: World, clock: Clock
) -> None:
    email = await give_password(world, await world.case_manager())
    clock.set(2026, 3, 2, 8)
    async with somewhere(world, "192.0.2.1") as office, somewhere(world, "2001:db8::1") as stranger:
        assert (await sign_in(office, email)).status_code == 201
        for _ in range(3):
            await sign_in(stranger, email, ANOTHER)
        assert (await sign_in(stranger, email)).status_code == 429
        async with somewhere(world, "192.0.2.99") as another_place:
            assert (await sign_in(another_place, email)).status_code == 429
        assert (await sign_in(office, email)).status_code == 201


async def test_network_of_version_six_is_one_source(world: World, clock: Clock) -> None:
    assert SignInKeys.of("a", "2001:db8::1") == SignInKeys.of("a", "2001:db8::ffff")
    assert SignInKeys.of("a", "2001:db8::1") != SignInKeys.of("a", "2001:db8:0:1::1")
    assert SignInKeys.of("a", "::ffff:192.0.2.1") == SignInKeys.of("a", "192.0.2.1")
    assert SignInKeys.of("a", "192.0.2.1") != SignInKeys.of("a", "192.0.2.2")
    assert SignInKeys.of("a", "unix") != SignInKeys.of("a", "")


@pytest.mark.asvs("6.3.1")
@pytest.mark.parametrize("places", [1, 30])
async def test_burst_of_guesses_gets_three_answers_however_many_come_at_once(
    world: World, clock: Clock, places: int
) -> None:
    email = await give_password(world, await world.case_manager())
    clock.set(2026, 3, 2, 8)
    async with AsyncExitStack() as open_places:
        hosts = [f"203.0.113.{number % places}" for number in range(30)]
        clients = [await open_places.enter_async_context(somewhere(world, host)) for host in hosts]
        answers = [
            answer
            for _ in range(3)
            for answer in await asyncio.gather(*(sign_in(http, email, ANOTHER) for http in clients))
        ]
    assert 1 <= [answer.status_code for answer in answers].count(401) <= 3
    assert {answer.status_code for answer in answers} == {401, 429}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 429)


async def test_two_sign_ins_at_once_are_two_sessions_after_at_most_one_repetition(world: World) -> None:
    email = await give_password(world, await world.case_manager())
    async with somewhere(world, "198.51.100.11") as http:
        answers = await asyncio.gather(*(sign_in(http, email) for _ in range(2)))
        answers = [each if each.status_code == 201 else await sign_in(http, email) for each in answers]
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["session_id"] for answer in answers}) == 2
        for answer in answers:
            assert (await http.get("/v1/me", headers=bearer(answer))).status_code == 200


async def test_full_house_is_429_and_counts_nothing_against_anybody(world: World) -> None:
    manager = await world.case_manager()
    email = await give_password(world, manager)
    async with somewhere(world, "198.51.100.13") as http:
        async with AsyncExitStack() as house:
            for _ in range(passwords.slots.number):
                await house.enter_async_context(occupied(passwords.slots))
            full = [await sign_in(http, email, ANOTHER) for _ in range(5)]
            with pytest.raises(TooMany):
                await accepted_hash(ANOTHER, place="body", shortest=12, forbidden_words=())
        assert {(each.status_code, each.headers["retry-after"]) for each in full} == {(429, "1")}
        assert (await sign_in(http, email)).status_code == 201


def test_known_place_waits_by_its_own_failures_only() -> None:
    many, known = failed(1000), failed(0, success=NOW - timedelta(days=89))
    assert sign_in_wait(known, many, many, NOW) == timedelta(0)
    assert sign_in_wait(failed(1000, success=NOW), many, many, NOW) == LONGEST_DELAY


def test_place_known_long_ago_is_known_no_more() -> None:
    here = failed(0, success=NOW - timedelta(days=91))
    assert sign_in_wait(here, failed(1000), Counter(), NOW) == LONGEST_DELAY_OF_ACCOUNT


def test_source_that_tries_many_accounts_waits_although_each_account_failed_once() -> None:
    assert sign_in_wait(Counter(), failed(1), failed(29), NOW) == timedelta(0)
    assert sign_in_wait(Counter(), failed(1), failed(30), NOW) == timedelta(seconds=1)
    assert sign_in_wait(Counter(), failed(1), failed(10**6), NOW) == LONGEST_DELAY_OF_ACCOUNT


@pytest.mark.parametrize("hours", [0, 11, 12, 13, 24, 100, 10_000])
async def test_database_forgets_failures_as_the_rule_says(world: World, hours: int) -> None:
    key = f"{world.area}-{hours}".encode()
    await world.admin.execute(
        "INSERT INTO login_throttles (key_sha256, failures, last_failure_at) VALUES ($1, 100, $2)", key, NOW
    )
    later = NOW + timedelta(hours=hours)
    count = "SELECT count_login_failure($1, $2, $3)"
    await world.admin.execute(count, [key], later, HALF_LIFE)
    left = await world.admin.fetchval("SELECT failures FROM login_throttles WHERE key_sha256 = $1", key)
    assert left == failures_left(100, NOW, later) + 1


async def test_old_counters_and_expired_tokens_are_forgotten_by_the_worker(
    world: World, worker_database
) -> None:
    from app.kit.database import System

    email = await give_password(world, await world.case_manager())
    async with somewhere(world, "198.51.100.12") as http:
        await sign_in(http, email)
    await world.admin.execute(
        """INSERT INTO login_throttles (key_sha256, failures, last_failure_at)
        VALUES ('old', 1, now() - interval '91 days'), ('new', 1, now() - interval '89 days')"""
    )
    await world.admin.execute("UPDATE refresh_tokens SET expires_at = now() - interval '1 minute'")
    async with worker_database.transaction(System(world.area)) as db:
        await (await db.driver()).execute("SELECT forget_old_sign_ins()")
    keys = await world.admin.fetch(
        "SELECT key_sha256 FROM login_throttles WHERE key_sha256 IN ('old', 'new')"
    )
    assert [row["key_sha256"] for row in keys] == [b"new"]
    assert await world.admin.fetchval("SELECT count(*) FROM refresh_tokens") == 0
    assert (
        await world.admin.fetchval("SELECT count(*) FROM login_throttles WHERE last_success_at IS NOT NULL")
        > 0
    )
