"""The background process: delivers the outbox and does what is due from time to time.

A row of the outbox is marked done in the transaction of its handler's effects, so whatever becomes of a
worker, the effects in the database come about once. Handlers get the row's id as `event_id`. Several
workers may run: rows are claimed with SKIP LOCKED, and a job takes a lock in each area.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import asyncpg
import structlog

from app.access.context import SystemContext
from app.kit.clock import Clock, local_date
from app.kit.database import Database, Nobody, System
from app.kit.events import Wiring
from app.kit.logging import cause, where
from app.kit.outbox import CLAIM, DONE, FAILED, next_try
from app.upkeep import JOBS, Job

log = structlog.get_logger(__name__)

Beside = Sequence[Callable[[asyncio.Event], Awaitable[None]]]

ROWS_AT_ONCE = 20
_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds

# The number of attempts is the fence: a worker that has lost its lease finds another number, or the row done.
_TAKE = """SELECT id FROM outbox WHERE id = $1 AND attempts = $2 AND done_at IS NULL AND parked_at IS NULL
FOR UPDATE SKIP LOCKED"""
_FAILED = FAILED + " AND attempts = $4 AND done_at IS NULL"
_AREAS = "SELECT id FROM municipal_areas ORDER BY id"
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('job:' || $1 || ':' || ctx_area(), 0))"
MAKE_PARTITION = "SELECT make_audit_partition($1)"


@dataclass(slots=True)
class Worker:
    """One worker process: the pool of the worker role, who hears what, the time."""

    database: Database
    wiring: Wiring
    clock: Clock

    async def deliver_due(self) -> int:
        """Deliver what is due, up to `ROWS_AT_ONCE` rows, and return how many were claimed."""
        async with self.database.transaction(Nobody()) as db:
            rows = await (await db.driver()).fetch(CLAIM, ROWS_AT_ONCE)
        for row in rows:
            try:
                await self._deliver(row)
            except Exception as error:  # noqa: BLE001 - one row's fault must not hold up the others
                await self._record_failure(row, error)
        return len(rows)

    async def _deliver(self, row: asyncpg.Record) -> None:
        area: str = row["municipal_area_id"]
        handler = self.wiring.after[row["event"]][row["handler"]]
        payload = {**row["payload"], "event_id": str(row["id"])}
        async with self.database.transaction(System(area, str(row["id"]))) as db:
            driver = await db.driver()
            if await driver.fetchrow(_TAKE, row["id"], row["attempts"]) is None:
                return
            await handler(SystemContext(db, area, self.clock(), self.wiring), payload)
            driver = await db.driver()
            await driver.execute(DONE, row["id"])

    async def _record_failure(self, row: asyncpg.Record, error: Exception) -> None:
        again = next_try(row["attempts"], self.clock())
        report = log.error if again is None else log.warning
        report(
            "outbox_parked" if again is None else "outbox_failed",
            outbox_id=str(row["id"]),
            handler=row["handler"],
            kind=type(error).__name__,  # not the message: it may hold personal data
            where=where(error),
        )
        async with self.database.transaction(System(row["municipal_area_id"])) as db:
            driver = await db.driver()
            await driver.execute(_FAILED, row["id"], type(error).__name__, again, row["attempts"])

    async def do_job(self, job: Job, areas: Iterable[str] | None = None) -> None:
        """Do a job in these areas, or in every one; where another worker is at it, it is left to that one."""
        for area in await self._areas() if areas is None else areas:
            try:
                while await self._in_area(job, area):
                    pass
            except Exception as error:  # noqa: BLE001 - one area's fault must not hold up the others
                _report(job.name, error, area=area)

    async def _areas(self) -> list[str]:
        async with self.database.transaction(Nobody()) as db:
            return [row["id"] for row in await (await db.driver()).fetch(_AREAS)]

    async def _in_area(self, job: Job, area: str) -> bool:
        async with self.database.transaction(System(area, f"job:{job.name}")) as db:
            if not await (await db.driver()).fetchval(_LOCK, job.name):
                return False
            return await job.work(SystemContext(db, area, self.clock(), self.wiring))

    async def make_partitions(self) -> None:
        """Make the journal's partitions of this month and the next two."""
        for month in months_from(local_date(self.clock()), 3):
            try:
                async with self.database.transaction(Nobody()) as db:
                    await (await db.driver()).fetchval(MAKE_PARTITION, month)
            except (asyncpg.PostgresError, OSError) as error:
                _report("make_partitions", error)

    async def run(self, stop: asyncio.Event, jobs: Sequence[Job] = JOBS) -> None:
        """Work until told to stop; what has begun is finished. Waits longer while the database is away."""
        due: dict[str, datetime] = {}
        pause = _PAUSE
        while not stop.is_set():
            try:
                await self._do_due(jobs, due, stop)
                claimed = await self.deliver_due()
                pause = _PAUSE
            except Exception as error:  # noqa: BLE001 - the process outlives its database
                _report("run", error)
                claimed, pause = 0, min(pause * 2, _LONGEST_PAUSE)
            if not claimed:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)

    async def _do_due(self, jobs: Sequence[Job], due: dict[str, datetime], stop: asyncio.Event) -> None:
        now = self.clock()
        if now >= due.get("make_partitions", now):
            due["make_partitions"] = now + timedelta(days=1)
            await self.make_partitions()
        for job in jobs:
            if now >= due.get(job.name, now) and not stop.is_set():
                due[job.name] = now + job.every
                await self.do_job(job)


def _report(name: str, error: Exception, **more: str) -> None:
    log.error("work_failed", work=name, **cause(error), where=where(error), **more)


def months_from(day: date, count: int) -> list[date]:
    """Return the first days of so many months, beginning with that of the day."""
    months = [day.year * 12 + day.month - 1 + offset for offset in range(count)]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


async def run_once(
    database: Database,
    wiring: Wiring,
    clock: Clock,
    jobs: Sequence[Job] = JOBS,
    areas: Collection[str] | None = None,
) -> int:
    """Do every job once, in these areas or in all, deliver until nothing is due, and return how many rows
    were claimed.
    """
    worker = Worker(database, wiring, clock)
    for job in jobs:
        await worker.do_job(job, areas)
    total = 0
    while claimed := await worker.deliver_due():
        total += claimed
    return total


async def run_until_stopped(
    database: Database, wiring: Wiring, clock: Clock, jobs: Sequence[Job] = JOBS, beside: Beside = ()
) -> None:
    """Work until SIGTERM or SIGINT; what runs beside it waits in its own way and ends by the same sign."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Not loop.add_signal_handler, which Windows does not have.
    before = {
        sign: signal.signal(sign, lambda *_: loop.call_soon_threadsafe(stop.set))
        for sign in (signal.SIGTERM, signal.SIGINT)
    }
    log.info("worker_started")
    try:
        await asyncio.gather(
            Worker(database, wiring, clock).run(stop, jobs), *(work(stop) for work in beside)
        )
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
    log.info("worker_stopped")
