"""Makes the people of both areas and loads them, household by household, in batches."""

import asyncio
import heapq
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import asyncpg
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.demo.accompanying import Accompanying
from app.demo.asking import Asking
from app.demo.casework import Casework, DemoCase
from app.demo.conferring import Conferring
from app.demo.days import office_day, office_day_before
from app.demo.deciding import Deciding
from app.demo.entrusting import Entrusting
from app.demo.funding import Funding
from app.demo.notifying import Notifying
from app.demo.obstructing import Obstructing
from app.demo.offering import Offering
from app.demo.picking import between
from app.demo.places import AREAS, FURTHER_FAMILY, FURTHER_GIVEN, LAND, STAFF_NAMES, AreaPlan
from app.demo.population import DemoClient, Population
from app.demo.referring import Referring
from app.demo.rows import Ids, Rows, copy
from app.demo.staff import DemoAccount, Staffing
from app.demo.towards import Towards
from app.kit.clock import local_date, utc_now

_BATCH = 40_000
_LOCK = "SELECT pg_advisory_lock(hashtextextended('kim demo', 0))"
_TRUSTED = "SET LOCAL session_replication_role = replica"
"""Foreign keys are not asked for each of millions of rows; a test loads a small volume with them asked."""
_SMALL = 1_500
"""Up to so many clients the named case managers do the work; beyond it others are hired."""
_YOUNGEST = 3  # years: who is younger is counselled with the parents
_CHILDREN_WITH_CASES = 0.5
_SHARE_OF_CHILDREN, _SHARE_OF_ADULTS = 0.5, 1.1
"""Of the reports of an average case."""
_EARLY = 1.3
_SHORTEST = 14  # days of a case that is followed by another one


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


@dataclass(frozen=True, order=True)
class Opening:
    """A case that is to be opened; cases are made in the order of their days, so openings wait."""

    day: date
    serial: int
    client: DemoClient = field(compare=False)
    closed_by: date | None = field(compare=False)
    """The case is followed by another one of the same client."""


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
        self._further, self._further_ids = Random(seed + 2), Ids(Random(seed + 3))
        self._beside, self._ids_beside = Random(seed + 4), Ids(Random(seed + 5))
        self._today = today
        self._rows = Rows()
        self._task = progress.add_task("clients", total=volume.clients)
        self._progress = progress
        self._made = {"clients": 0, "cases": 0, "reports": 0}
        self._is_trusted = volume.clients > _SMALL
        self._most = math.ceil(volume.cases_per_client) + (volume.cases_per_client >= 1)

    async def run(self, password_hash: str) -> Loaded:
        """Make and load everything."""
        further = (f"{given} {family}" for family in FURTHER_FAMILY for given in FURTHER_GIVEN)
        names = itertools.chain(STAFF_NAMES, further)
        accounts: list[DemoAccount] = []
        for plan in AREAS:
            staffing = self._staffing(plan, password_hash, names)
            staffing.hire()
            share = self._share(plan)
            if self._volume.clients > _SMALL:
                staffing.add_managers(share // 30, self._random)
            await self._area(staffing, share)
            accounts += staffing.accounts
        accounts += self._land(password_hash, names)
        await self._flush()
        return Loaded(tuple(accounts), **self._made)

    def _staffing(self, plan: AreaPlan, password_hash: str, names: Iterator[str]) -> Staffing:
        now = datetime.combine(self._today, datetime.min.time(), tzinfo=UTC) - timedelta(days=1)
        return Staffing(plan, self._rows, self._ids, now=now, password_hash=password_hash, names=names)

    def _land(self, password_hash: str, names: Iterator[str]) -> list[DemoAccount]:
        staffing = self._staffing(LAND, password_hash, names)
        staffing.hire_land()
        return staffing.accounts

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
        # Of a chance and ids of their own: who measures the rest finds it as it was.
        conferring = Conferring(area, rows, self._further_ids, self._further, today=today)
        accompanying = Accompanying(area, rows, self._ids_beside, self._beside, today=today)
        notifying = Notifying(area, rows, self._ids_beside, self._beside, today=today)
        entrusting = Entrusting(
            area, rows, self._ids_beside, self._beside, today=today,
            parents=population.parents, addresses=population.addresses,
        )  # fmt: skip
        obstructing = Obstructing(area, rows, ids, random, today=today)
        quarters = quarters_until(today, 8)
        towards = Towards(
            area, rows, seed=self._volume.clients, today=today,
            schooling=population.schooling, children=population.children,
        )  # fmt: skip
        asking = Asking(area, rows, self._ids_beside, self._beside, today=today)
        for opening in self._openings(population.clients(number)):
            case = casework.open_case(
                opening.client, opening.day, opening.closed_by, is_lean=self._volume.is_lean
            )
            if not self._volume.is_lean:
                towards.write(case)
                accompanying.write(case)
                asking.became(case)
                entrusting.write(case)
            if case.is_referred:
                conferring.confer(referring.refer(case))
                notifying.notify(case)
            self._reports(obstructing, case, quarters[0][1])
            self._made["cases"] += 1
            if rows.count >= _BATCH and self._is_trusted:
                await self._flush()
        towards.count(quarters[-5:-1])
        if not self._volume.is_lean:
            Funding(area, rows, seed=self._volume.clients, today=today).write()
            asking.ask()
            Offering(area, rows, self._ids_beside, self._beside, today=today).offer()
        names = [name for name, _, _ in quarters]
        observations = obstructing.observe(names)
        deciding = Deciding(area, rows, self._ids_beside, self._beside, today=today)
        deciding.sign([each.id for each in observations])
        deciding.decide(obstructing.bundle(observations), names[:-1])

    def _openings(self, clients: Iterator[DemoClient]) -> Iterator[Opening]:
        """Yield the cases of these clients by the day of their opening."""
        waiting: list[Opening] = []
        serials = itertools.count()
        owed = 0.0
        for client in clients:
            self._made["clients"] += 1
            self._progress.advance(self._task)
            while waiting and waiting[0].day < client.frontier:
                yield heapq.heappop(waiting)
            owed += self._volume.cases_per_client
            takes = client.age(client.registered_on) >= _YOUNGEST
            if client.is_child:
                takes = takes and self._random.random() < _CHILDREN_WITH_CASES
            if takes:
                number = min(int(owed), self._most)
                owed -= number
                for day, closed_by in self._days(client, number):
                    heapq.heappush(waiting, Opening(day, next(serials), client, closed_by))
        while waiting:
            yield heapq.heappop(waiting)

    def _days(self, client: DemoClient, number: int) -> Iterator[tuple[date, date | None]]:
        """Yield when the cases of a client begin, and by when they are closed: one after the other."""
        first = office_day(client.registered_on + timedelta(days=between(self._random, 0, 10)))
        first = min(first, office_day_before(self._today - timedelta(days=1)))
        length = (self._today - first).days // max(number, 1)
        for each in range(number):
            begin = office_day_before(first + timedelta(days=length * each)) if each else first
            follows = each + 1 < number and not self._volume.is_lean and length > _SHORTEST
            end = office_day_before(first + timedelta(days=length * (each + 1) - 1)) if follows else None
            yield begin, end

    def _reports(self, obstructing: Obstructing, case: DemoCase, since: date) -> None:
        """File the reports of a case, more of them soon after it was opened than later."""
        random = self._random
        share = _SHARE_OF_CHILDREN if case.client.is_child else _SHARE_OF_ADULTS
        wanted = share * self._volume.reports_per_client / max(self._volume.cases_per_client, 0.1)
        first, last = max(case.opened_on, since), case.last_day(self._today)
        told: set[tuple[int, str]] = set()
        for _ in range(int(random.triangular(0, 2 * wanted) + 0.5) if first <= last else 0):
            days = int((last - first).days * random.random() ** _EARLY)
            day = max(office_day_before(first + timedelta(days=days)), case.opened_on)
            obstructing.report(case, day, told)
            self._made["reports"] += 1

    async def _flush(self) -> None:
        await copy(self._connection, self._rows)
        await asyncio.sleep(0)
