"""The outbox: every row takes effect once, whatever becomes of a worker; faults do not hold up others."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from app import worker
from app.access.context import SystemContext
from app.kit.clock import utc_now
from app.kit.database import Database, Nobody, System
from app.kit.outbox import CLAIM, DONE, RETRIES
from app.settings import Settings, driver_url
from app.worker import Worker, run_once
from tests.worker.arrange import due_again, effect, effects, news, row, wiring_of
from tests.world import World


def a_worker(database: Database) -> Worker:
    return Worker(database, wiring_of(effect), utc_now)


async def drained(one: Worker) -> int:
    total = 0
    while claimed := await one.deliver_due():
        total += claimed
    return total


async def test_row_takes_effect_and_is_done(world: World, worker_database: Database) -> None:
    (one,) = await news(world)
    assert await run_once(worker_database, wiring_of(effect), utc_now, jobs=()) >= 1
    assert await effects(world) == 1
    assert (await row(world, one))["done_at"] is not None


async def test_two_workers_at_once_deliver_each_row_once(
    world: World, worker_database: Database, settings: Settings
) -> None:
    await news(world, 70)
    assert settings.worker_database_url is not None
    second = Database.connect(driver_url(settings.worker_database_url.get_secret_value()), pool_size=4)
    await asyncio.gather(drained(a_worker(worker_database)), drained(a_worker(second)))
    await second.close()
    assert await effects(world) == 70


async def _until(lines: asyncio.StreamReader, last: bytes) -> AsyncIterator[bytes]:
    """Yield lines up to this one, or up to the end."""
    async for line in lines:
        yield line
        if line == last:
            return


async def test_worker_killed_in_the_middle_leaves_the_row_due_and_no_effect(
    world: World, worker_database: Database, settings: Settings
) -> None:
    await drained(a_worker(worker_database))
    (one,) = await news(world)
    assert settings.worker_database_url is not None
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.worker.doomed", settings.worker_database_url.get_secret_value(),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    # Before it come words about rows of other areas, which this worker knows no handler for.
    said = [line async for line in _until(process.stdout, b"in the middle\n")]
    assert said[-1:] == [b"in the middle\n"]
    process.kill()
    await process.wait()
    left = await row(world, one)
    assert (left["attempts"], left["done_at"], await effects(world)) == (1, None, 0)
    await due_again(world)
    await drained(a_worker(worker_database))
    left = await row(world, one)
    assert (left["attempts"], left["done_at"] is not None, await effects(world)) == (2, True, 1)


Deliver = Callable[[Worker, asyncpg.Record], Awaitable[None]]


async def done_elsewhere_after(self: Worker, row: asyncpg.Record) -> None:
    """Planted fault: the effect commits first, the row is marked in a transaction of its own."""
    payload = {**row["payload"], "event_id": str(row["id"])}
    async with self.database.transaction(System(row["municipal_area_id"])) as db:
        await effect(SystemContext(db, row["municipal_area_id"], utc_now(), self.wiring), payload)
    async with self.database.transaction(System(row["municipal_area_id"])) as db:
        await (await db.driver()).execute(worker.DONE, row["id"])


async def done_elsewhere_before(self: Worker, row: asyncpg.Record) -> None:
    """Planted fault: the row is marked first, then the effect commits."""
    payload = {**row["payload"], "event_id": str(row["id"])}
    async with self.database.transaction(System(row["municipal_area_id"])) as db:
        await (await db.driver()).execute(DONE, row["id"])
    async with self.database.transaction(System(row["municipal_area_id"])) as db:
        await effect(SystemContext(db, row["municipal_area_id"], utc_now(), self.wiring), payload)
        await (await db.driver()).execute(worker.DONE, row["id"])


@pytest.mark.parametrize(
    ("deliver", "times"),
    [(Worker._deliver, 1), (done_elsewhere_after, 2), (done_elsewhere_before, 0)],
    ids=["as built", "planted: marked after", "planted: marked before"],
)
async def test_connection_that_dies_while_marking_neither_doubles_nor_loses_the_effect(
    world: World,
    worker_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    deliver: Deliver,
    times: int,
) -> None:
    await news(world)
    monkeypatch.setattr(Worker, "_deliver", deliver)
    dying = "SELECT pg_terminate_backend(pg_backend_pid()), $1::uuid"
    with monkeypatch.context() as fault:
        fault.setattr(worker, "DONE", dying)
        await a_worker(worker_database).deliver_due()
    await due_again(world)
    await drained(a_worker(worker_database))
    assert await effects(world) == times


async def test_worker_that_lost_its_lease_does_nothing(world: World, worker_database: Database) -> None:
    await news(world)
    async with worker_database.transaction(Nobody()) as db:
        rows = await (await db.driver()).fetch(CLAIM, 1000)
    (stale,) = [each for each in rows if each["municipal_area_id"] == world.area]
    await due_again(world)
    await drained(a_worker(worker_database))
    await a_worker(worker_database)._deliver(stale)
    assert await effects(world) == 1


async def test_row_in_the_hands_of_another_worker_is_left_alone(
    world: World, worker_database: Database
) -> None:
    (one,) = await news(world)
    async with worker_database.transaction(System(world.area)) as db:
        await (await db.driver()).execute("SELECT id FROM outbox WHERE id = $1 FOR UPDATE", one)
        await drained(a_worker(worker_database))
    assert await effects(world) == 0


async def test_failed_row_waits_and_tells_no_values_while_others_go_on(
    world: World, worker_database: Database
) -> None:
    bad, good = await news(world, 2)

    async def faulty(ctx: SystemContext, payload: dict[str, Any]) -> None:
        await effect(ctx, payload)
        if payload["event_id"] == str(bad):
            raise ValueError("Amina Haddad")

    before = utc_now()
    with capture_logs() as logs:
        await Worker(worker_database, wiring_of(faulty), utc_now).deliver_due()
    failed = await row(world, bad)
    assert (failed["failure"], failed["done_at"], failed["parked_at"]) == ("ValueError", None, None)
    assert failed["available_at"] >= before + RETRIES[0]
    assert (await row(world, good))["done_at"] is not None
    assert await effects(world) == 1
    assert [entry["event"] for entry in logs if entry.get("outbox_id") == str(bad)] == ["outbox_failed"]
    assert "Amina" not in repr(logs)


async def test_row_is_parked_after_the_last_try_and_reported(world: World, worker_database: Database) -> None:
    (one,) = await news(world)
    await world.admin.execute("UPDATE outbox SET attempts = $2 WHERE id = $1", one, len(RETRIES))

    async def faulty(ctx: SystemContext, payload: dict[str, Any]) -> None:
        raise ValueError

    with capture_logs() as logs:
        await Worker(worker_database, wiring_of(faulty), utc_now).deliver_due()
    assert (await row(world, one))["parked_at"] is not None
    assert ("outbox_parked", "error") in [(entry["event"], entry["log_level"]) for entry in logs]
    await due_again(world)
    await drained(a_worker(worker_database))
    assert await effects(world) == 0


async def test_row_for_a_handler_that_is_gone_waits_for_it(world: World, worker_database: Database) -> None:
    (one,) = await news(world)
    await world.admin.execute("UPDATE outbox SET handler = 'gone' WHERE id = $1", one)
    await a_worker(worker_database).deliver_due()
    assert (await row(world, one))["failure"] == "KeyError"


async def test_late_failure_does_not_touch_a_row_that_another_worker_has_done(
    world: World, worker_database: Database
) -> None:
    (one,) = await news(world)
    await drained(a_worker(worker_database))
    done = await row(world, one)
    await a_worker(worker_database)._record_failure(done, ValueError())  # type: ignore[arg-type]
    assert await row(world, one) == done


def test_retries_grow() -> None:
    assert list(RETRIES) == sorted(RETRIES)
    assert RETRIES[0] == timedelta(seconds=5)
