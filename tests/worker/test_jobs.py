"""Jobs in every area, one worker at a time; the worker starts, outlives its database and stops."""

import asyncio
import os
import signal
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.access.context import SystemContext
from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.events import Wiring
from app.kit.ids import new_id
from app.settings import driver_url
from app.upkeep import JOBS, Job, forget_checks, forget_done, forget_keys, forget_sign_ins
from app.worker import Worker, months_from, run_once, run_until_stopped
from tests.cases.arrange import a_case
from tests.worker.arrange import effect, effects, news, row, wiring_of
from tests.world import World

DAY = timedelta(days=1)


def a_worker(database: Database) -> Worker:
    return Worker(database, Wiring(), utc_now)


async def test_job_runs_in_every_area_with_its_own_context(world: World, worker_database: Database) -> None:
    neighbour = await world.neighbour()
    seen: dict[str, str] = {}

    async def look(ctx: SystemContext) -> bool:
        seen[ctx.municipal_area_id] = await (await ctx.db.driver()).fetchval("SELECT ctx_area()")
        return False

    await a_worker(worker_database).do_job(Job("look", DAY, look))
    assert seen[world.area] == world.area
    assert seen[neighbour.area] == neighbour.area


async def test_job_goes_on_while_there_is_more(world: World, worker_database: Database) -> None:
    left = {world.area: 3}

    async def some(ctx: SystemContext) -> bool:
        left[ctx.municipal_area_id] = left.get(ctx.municipal_area_id, 1) - 1
        return left[ctx.municipal_area_id] > 0

    await a_worker(worker_database).do_job(Job("some", DAY, some), [world.area])
    assert left[world.area] == 0


async def test_job_is_done_by_one_worker_at_a_time(world: World, worker_database: Database) -> None:
    done: list[str] = []
    both = Job("both", DAY, _noting(done))

    async def meanwhile(ctx: SystemContext) -> bool:
        if ctx.municipal_area_id == world.area:
            await a_worker(worker_database).do_job(both, [world.area])
        return False

    await a_worker(worker_database).do_job(Job("both", DAY, meanwhile), [world.area])
    assert world.area not in done
    await a_worker(worker_database).do_job(both, [world.area])
    assert done.count(world.area) == 1


def _noting(done: list[str]) -> Any:
    async def work(ctx: SystemContext) -> bool:
        done.append(ctx.municipal_area_id)
        return False

    return work


async def test_fault_in_one_area_does_not_hold_up_the_others(world: World, worker_database: Database) -> None:
    neighbour = await world.neighbour()
    done: list[str] = []

    async def faulty(ctx: SystemContext) -> bool:
        if ctx.municipal_area_id == world.area:
            raise ValueError("Amina")
        done.append(ctx.municipal_area_id)
        return False

    with capture_logs() as logs:
        await a_worker(worker_database).do_job(Job("faulty", DAY, faulty), [world.area, neighbour.area])
    assert neighbour.area in done
    assert [(entry["event"], entry["area"]) for entry in logs] == [("work_failed", world.area)]
    assert "Amina" not in repr(logs)


async def test_idempotency_keys_are_forgotten_after_two_weeks(
    world: World, worker_database: Database
) -> None:
    manager = await world.case_manager()
    await world.admin.executemany(
        """INSERT INTO idempotency_keys
        (municipal_area_id, user_id, key, operation, body_sha256, object_id, created_at)
        VALUES ($1, $2, $3, 'POST', '', gen_random_uuid(), now() - $4::interval)""",
        [
            (world.area, manager.user_id, "old", timedelta(days=14, hours=1)),
            (world.area, manager.user_id, "young", timedelta(days=13, hours=23)),
        ],
    )
    await run_once(worker_database, Wiring(), utc_now, [Job("forget_keys", DAY, forget_keys)], [world.area])
    left = await world.admin.fetch(
        "SELECT key FROM idempotency_keys WHERE municipal_area_id = $1", world.area
    )
    assert [each["key"] for each in left] == ["young"]


async def test_phone_that_repeats_on_monday_what_friday_left_unanswered_finds_it(
    world: World, worker_database: Database
) -> None:
    manager = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, manager)}/contacts"
    body = {"contact_type": "office", "happened_at": "2026-01-02T15:00:00Z", "note": "Antrag ausgefüllt"}
    friday = await manager.post(path, body, idempotency_key="friday-evening")
    assert friday.status_code == 201, friday.text
    weekend = timedelta(days=3)
    await world.admin.execute("UPDATE idempotency_keys SET created_at = created_at - $1::interval", weekend)
    await run_once(worker_database, Wiring(), utc_now, [Job("forget_keys", DAY, forget_keys)], [world.area])
    monday = await manager.post(path, body, idempotency_key="friday-evening")
    assert (monday.status_code, monday.json()["id"]) == (201, friday.json()["id"])
    assert len((await manager.get(path)).json()["items"]) == 1


async def test_done_rows_are_forgotten_after_a_month_and_parked_ones_stay(
    world: World, worker_database: Database
) -> None:
    old, young, parked = await news(world, 3)
    await world.admin.execute("UPDATE outbox SET done_at = now() - interval '31 days' WHERE id = $1", old)
    await world.admin.execute("UPDATE outbox SET done_at = now() - interval '29 days' WHERE id = $1", young)
    await world.admin.execute(
        "UPDATE outbox SET parked_at = now() - interval '99 days' WHERE id = $1", parked
    )
    await run_once(worker_database, Wiring(), utc_now, [Job("forget_done", DAY, forget_done)], [world.area])
    left = await world.admin.fetch("SELECT id FROM outbox WHERE municipal_area_id = $1", world.area)
    assert {each["id"] for each in left} == {young, parked}


async def test_who_looked_for_namesakes_is_forgotten_after_a_month(
    world: World, worker_database: Database
) -> None:
    manager = await world.case_manager()
    ids = {days: new_id() for days in (31, 29)}
    await world.admin.executemany(
        """INSERT INTO duplicate_checks (municipal_area_id, id, user_id, is_registration, checked_at)
        VALUES ($1, $2, $3, false, now() - $4::interval)""",
        [(world.area, check, manager.user_id, timedelta(days=days)) for days, check in ids.items()],
    )
    await run_once(
        worker_database, Wiring(), utc_now, [Job("forget_checks", DAY, forget_checks)], [world.area]
    )
    left = await world.admin.fetch("SELECT id FROM duplicate_checks WHERE municipal_area_id = $1", world.area)
    assert [each["id"] for each in left] == [ids[29]]


async def test_failed_sign_ins_are_forgotten_after_a_quarter(world: World, worker_database: Database) -> None:
    keys = {days: new_id().bytes * 2 for days in (91, 89)}
    await world.admin.executemany(
        """INSERT INTO login_throttles (key_sha256, failures, last_failure_at)
        VALUES ($1, 1, now() - $2::interval)""",
        [(key, timedelta(days=days)) for days, key in keys.items()],
    )
    await run_once(
        worker_database, Wiring(), utc_now, [Job("forget_sign_ins", DAY, forget_sign_ins)], [world.area]
    )
    left = await world.admin.fetch(
        "SELECT key_sha256 FROM login_throttles WHERE key_sha256 = ANY ($1)", list(keys.values())
    )
    assert [each["key_sha256"] for each in left] == [keys[89]]


async def test_every_job_of_the_list_runs_as_the_worker_role(world: World, worker_database: Database) -> None:
    with capture_logs() as logs:
        for job in JOBS:
            assert await a_worker(worker_database)._in_area(job, world.area) is False, job.name
    assert logs == []


async def test_partitions_of_three_months_are_made_once(world: World, worker_database: Database) -> None:
    worker = Worker(worker_database, Wiring(), lambda: datetime(2091, 11, 30, 23, 30, tzinfo=UTC))
    for _ in range(2):
        await worker.make_partitions()
    made = await world.admin.fetch(
        """SELECT relname, relforcerowsecurity FROM pg_class
        WHERE relname ~ '^audit_journal_209[12]_..$' ORDER BY 1"""
    )
    assert [tuple(each) for each in made] == [
        ("audit_journal_2091_12", True),
        ("audit_journal_2092_01", True),
        ("audit_journal_2092_02", True),
    ]


async def test_month_whose_entries_lie_in_the_rest_already_is_skipped(
    world: World, worker_database: Database
) -> None:
    await world.admin.execute(
        """INSERT INTO audit_journal (at, municipal_area_id, action, object_type)
        VALUES ('2093-03-05', $1, 'test', 'test')""",
        world.area,
    )
    worker = Worker(worker_database, Wiring(), lambda: datetime(2093, 3, 6, tzinfo=UTC))
    with capture_logs() as logs:
        await worker.make_partitions()
    assert logs == []
    assert await world.admin.fetchval("SELECT to_regclass('audit_journal_2093_03') IS NULL")
    assert await world.admin.fetchval("SELECT to_regclass('audit_journal_2093_04') IS NOT NULL")


def test_months_cross_the_year() -> None:
    assert months_from(date(2026, 11, 21), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


async def test_worker_delivers_and_stops_when_told(world: World, worker_database: Database) -> None:
    stop = asyncio.Event()
    (one,) = await news(world)

    async def last(ctx: SystemContext, payload: dict[str, Any]) -> None:
        await effect(ctx, payload)
        if payload["event_id"] == str(one):
            stop.set()

    await Worker(worker_database, wiring_of(last), utc_now).run(stop, jobs=())
    assert await effects(world) == 1
    assert (await row(world, one))["done_at"] is not None


async def test_worker_does_a_job_when_it_is_due_and_not_before(
    world: World, worker_database: Database
) -> None:
    stop, done = asyncio.Event(), []
    times = iter([0, 10, 30, 60, 61])

    async def note(ctx: SystemContext) -> bool:
        if ctx.municipal_area_id == world.area:
            done.append(ctx.now)
        return False

    start = utc_now()
    worker = Worker(worker_database, Wiring(), lambda: start)
    due: dict[str, datetime] = {}
    for seconds in times:
        worker.clock = lambda now=start + timedelta(seconds=seconds): now  # type: ignore[misc]
        await worker._do_due([Job("note", timedelta(minutes=1), note)], due, stop)
    assert done == [start, start + timedelta(minutes=1)]
    stop.set()
    worker.clock = lambda: start + timedelta(hours=1)
    await worker._do_due([Job("note", timedelta(minutes=1), note)], due, stop)
    assert len(done) == 2


async def test_worker_outlives_its_database() -> None:
    stop = asyncio.Event()
    gone = Database.connect(
        driver_url("postgresql://kim_worker@127.0.0.1:1/kim"), pool_size=1, wait_seconds=1
    )

    def clock() -> datetime:
        stop.set()
        return utc_now()

    with capture_logs() as logs:
        await Worker(gone, Wiring(), clock).run(stop)
    await gone.close()
    assert [entry["work"] for entry in logs] == ["make_partitions"] * 3 + ["run"]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_signal_lets_the_worker_finish_what_it_has_begun(
    world: World, worker_database: Database, sign: signal.Signals
) -> None:
    await news(world)
    before = signal.getsignal(sign)

    async def interrupted(ctx: SystemContext, payload: dict[str, Any]) -> None:
        os.kill(os.getpid(), sign)
        await asyncio.sleep(0)
        await effect(ctx, payload)

    await asyncio.wait_for(
        run_until_stopped(
            worker_database, wiring_of(interrupted), lambda: datetime(2091, 12, 1, tzinfo=UTC), jobs=()
        ),
        30,
    )
    assert await effects(world) == 1
    assert signal.getsignal(sign) == before
