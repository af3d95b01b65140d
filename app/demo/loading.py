"""Makes the people of both areas and loads them, household by household, in batches."""

import asyncio
import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

import asyncpg
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.demo.casework import Casework, DemoCase
from app.demo.obstructing import Obstructing
from app.demo.places import AREAS, FURTHER_FAMILY, FURTHER_GIVEN, STAFF_NAMES, AreaPlan
from app.demo.population import Population
from app.demo.referring import Referring
from app.demo.rows import Ids, Rows, copy
from app.demo.staff import DemoAccount, Staffing
from app.kit.clock import local_date, utc_now

_BATCH = 40_000
_LOCK = "SELECT pg_advisory_lock(hashtextextended('kim demo', 0))"
_TRUSTED = "SET LOCAL session_replication_role = replica"
"""Foreign keys are not asked for each of millions of rows; a test loads a small volume with them asked."""
_SMALL = 1_500
"""Up to so many clients the named case managers do the work; beyond it others are hired."""


@dataclass(frozen=True)
class Volume:
    """How much to make."""

    clients: int = 600
    cases_per_client: float = 2 / 3
    reports_per_client: float = 5.0
    is_lean: bool = False
    """Leaves out what the benchmark does not read: plans, referrals."""

    @classmethod
    def of(cls, clients: int) -> "Volume":
        """Return the usual proportions; large volumes keep two and a half reports a client."""
        return cls(clients) if clients <= _SMALL else cls(clients, 1.0, 2.5)


@dataclass(frozen=True)
class Loaded:
    """What came of it."""

    accounts: tuple[DemoAccount, ...]
    clients: int
    cases: int
    reports: int


def quarters_until(today: date, number: int) -> list[tuple[str, date, date]]:
    """Return the last ended quarters and the present one, oldest first: name, first and last day."""
    found = []
    year, quarter = today.year, (today.month + 2) // 3
    for _ in range(number + 1):
        first = date(year, 3 * quarter - 2, 1)
        after = date(year + quarter // 4, 3 * (quarter % 4) + 1, 1)
        found.append((f"{year}Q{quarter}", first, min(after - timedelta(days=1), today)))
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return found[::-1]


async def load(
    admin_url: str,
    volume: Volume,
    *,
    seed: int,
    password_hash: str,
    today: date | None = None,
    quiet: bool = False,
) -> Loaded:
    """Load a database that has schema and catalogues; the same seed and day make the same data."""
    day = today or local_date(utc_now())
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(_LOCK)
        async with connection.transaction():
            if volume.clients > _SMALL:
                await connection.execute(_TRUSTED)
            with _progress(quiet) as progress:
                loading = Loading(connection, volume, seed=seed, today=day, progress=progress)
                loaded = await loading.run(password_hash)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return loaded


def _progress(quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        disable=quiet,
    )


class Loading:
    """One run over all areas."""

    def __init__(
        self, connection: asyncpg.Connection, volume: Volume, *, seed: int, today: date, progress: Progress
    ) -> None:
        self._connection = connection
        self._volume = volume
        self._random = Random(seed)
        self._ids = Ids(Random(seed + 1))
        self._today = today
        self._rows = Rows()
        self._task = progress.add_task("clients", total=volume.clients)
        self._progress = progress
        self._made = {"clients": 0, "cases": 0, "reports": 0}

    async def run(self, password_hash: str) -> Loaded:
        """Make and load everything."""
        further = (f"{given} {family}" for family in FURTHER_FAMILY for given in FURTHER_GIVEN)
        names = itertools.chain(STAFF_NAMES, further)
        accounts: list[DemoAccount] = []
        for plan in AREAS:
            now = datetime.combine(self._today, datetime.min.time(), tzinfo=UTC) - timedelta(days=1)
            staffing = Staffing(
                plan, self._rows, self._ids, now=now, password_hash=password_hash, names=names
            )
            staffing.hire()
            share = self._share(plan)
            if self._volume.clients > _SMALL:
                staffing.add_managers(share // 30, self._random)
            await self._area(staffing, share)
            accounts += staffing.accounts
        await self._flush()
        return Loaded(tuple(accounts), **self._made)

    def _share(self, plan: AreaPlan) -> int:
        if self._volume.clients > _SMALL:
            # Volumes measure one large area beside a small one.
            return self._volume.clients - _SMALL if plan is AREAS[0] else _SMALL
        first = round(self._volume.clients * AREAS[0].weight)
        return first if plan is AREAS[0] else self._volume.clients - first

    async def _area(self, staffing: Staffing, number: int) -> None:
        area, rows, ids, random, today = staffing.area, self._rows, self._ids, self._random, self._today
        population = Population(area, rows, ids, random, today=today)
        casework = Casework(area, rows, ids, random, today=today)
        referring = Referring(area, rows, ids, random, today=today)
        obstructing = Obstructing(area, rows, ids, random, today=today)
        quarters = quarters_until(today, 8)
        owed = 0.0
        for client in population.clients(number):
            owed += self._volume.cases_per_client
            cases = [casework.open_case(client, is_lean=self._volume.is_lean) for _ in range(int(owed))]
            owed -= len(cases)
            for case in cases:
                if not self._volume.is_lean and random.random() < 0.6:
                    referring.refer(case)
                self._reports(obstructing, case, quarters)
            self._made["clients"] += 1
            self._made["cases"] += len(cases)
            self._progress.advance(self._task)
            if rows.count >= _BATCH:
                await self._flush()
        casework.finish()
        obstructing.bundle(obstructing.observe([name for name, _, _ in quarters]))

    def _reports(
        self, obstructing: Obstructing, case: DemoCase, quarters: list[tuple[str, date, date]]
    ) -> None:
        wanted = self._volume.reports_per_client / max(self._volume.cases_per_client, 0.1)
        number = int(self._random.expovariate(1 / wanted) + 0.5)
        last_day = case.closed_on or self._today
        periods = [(max(first, case.opened_on), min(last, last_day)) for _, first, last in quarters]
        possible = [(first, last) for first, last in periods if first <= last]
        for _ in range(number if possible else 0):
            first, last = self._random.choice(possible)
            obstructing.report(case, first + timedelta(days=self._random.randint(0, (last - first).days)))
            self._made["reports"] += 1

    async def _flush(self) -> None:
        await copy(self._connection, self._rows)
        await asyncio.sleep(0)
