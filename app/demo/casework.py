"""Cases in every phase: the shell, the way through the phases, and when each phase was reached."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from app.cases.rules import IN_ORDER
from app.demo.days import moment, office_day_before
from app.demo.documenting import Documenting, routes_of
from app.demo.picking import Weighted, between, pick
from app.demo.planning import Planning
from app.demo.population import DemoClient
from app.demo.rows import Ids, Rows
from app.demo.situations import Situation, Traits, chosen, traits_of
from app.demo.staff import Area

_PHASES = (
    ("intake", 8), ("assessment", 12), ("service_planning", 14), ("linking", 20), ("monitoring", 22),
    ("reassessment", 5), ("evaluation", 8), ("closed", 70),
)  # fmt: skip
_STEPS = {**{phase: number for number, phase in enumerate(IN_ORDER)}, "reassessment": 5, "closed": 6}
_DAYS_PER_STEP = 12
"""So long at least a phase takes."""
_POSSIBLE = {
    steps: Weighted(*((phase, weight) for phase, weight in _PHASES if _STEPS[phase] <= steps))
    for steps in range(max(_STEPS.values()) + 1)
}
_LONGEST = 500  # days until a case is closed
_LATE = 0.6


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case as the other makers of data see it."""

    id: UUID
    client: DemoClient
    kind: str
    phase: str
    opened_on: date
    closed_on: date | None
    traits: Traits
    situations: tuple[Situation, ...]
    way: tuple[tuple[str, datetime], ...]
    """The phases that were entered, and when."""
    route: str
    """How the client came."""
    is_referred: bool

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def entered(self, phase: str) -> datetime | None:
        """Return when a phase was entered first."""
        return next((moment for each, moment in self.way if each == phase), None)

    def last_day(self, today: date) -> date:
        return self.closed_on or today


class Casework:
    """Makes the cases of one area, in the order in which they were opened."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today
        self._numbers: set[str] = set()
        self._documenting = Documenting(area, rows, ids, random, today=today)
        self._planning = Planning(area, rows, ids, random, today=today)

    def open_case(
        self, client: DemoClient, opened: date, closed_by: date | None, *, is_lean: bool = False
    ) -> DemoCase:
        """Make one case with everything that belongs to it; a lean one has no plan.

        A case that is followed by another one is closed by the day given.
        """
        random = self._random
        last = closed_by or self._today
        steps = min((last - opened).days // _DAYS_PER_STEP, _STEPS["closed"])
        phase = "closed" if closed_by else _POSSIBLE[steps].pick(random)
        closed = None
        if phase == "closed":
            latest = min(last, opened + timedelta(days=_LONGEST))
            least = min(latest, opened + timedelta(days=_DAYS_PER_STEP * _STEPS["closed"]))
            closed = self._closed_on(least, latest)
        traits = traits_of(client, opened)
        case = DemoCase(
            id=self._ids.at(moment(random, opened)),
            client=client,
            kind="case_management" if random.random() < 0.8 else "counselling",
            phase=phase,
            opened_on=opened,
            closed_on=closed,
            traits=traits,
            situations=tuple(chosen(random, traits, between(random, 2, 3))),
            way=self._way(phase, opened, closed),
            route=pick(random, routes_of(client)),
            is_referred=not is_lean and phase != "intake" and random.random() < 0.72,
        )
        self._shell(case)
        self._phases(case)
        self._documenting.write(case)
        if not is_lean:
            self._planning.write(case)
        return case

    def _closed_on(self, least: date, latest: date) -> date:
        """Return a day for the end of a case: more often after a long time than soon."""
        days = int((latest - least).days * self._random.random() ** _LATE)
        return office_day_before(max(least, least + timedelta(days=days)))

    def _way(self, phase: str, opened: date, closed: date | None) -> tuple[tuple[str, datetime], ...]:
        passed = IN_ORDER[: min(_STEPS[phase] + 1, len(IN_ORDER))]
        if phase not in passed:
            passed = (*(IN_ORDER[:5] if phase == "reassessment" else IN_ORDER), phase)
        # The last phase of an open case began some time ago, that of a closed one on the day of closing.
        end = closed or self._today - timedelta(
            days=min(between(self._random, 1, 25), (self._today - opened).days)
        )
        length, parts = (end - opened).days, max(len(passed) - 1, 1)
        found: list[tuple[str, datetime]] = []
        for number, each in enumerate(passed):
            day = office_day_before(opened + timedelta(days=length * number // parts))
            at = moment(self._random, max(day, opened))
            if found and at <= found[-1][1]:
                at = found[-1][1] + timedelta(minutes=35)
            found.append((each, at))
        return tuple(found)

    def _draw_number(self, year: int) -> str:
        """Return a number that no case has yet, as the database draws one."""
        digits = 900_000 if len(self._numbers) < 400_000 else 90_000_000
        while (number := f"{year}-{digits // 9 + self._random.randrange(digits)}") in self._numbers:
            pass
        self._numbers.add(number)
        return number

    def _shell(self, case: DemoCase) -> None:
        manager, year = case.client.manager, case.opened_on.year
        common = {"municipal_area_id": self._area.key}
        opened = case.way[0][1]
        self._rows.add(
            "cases",
            **common,
            id=case.id,
            number=self._draw_number(year),
            client_id=case.client.id,
            unit_id=manager.unit_id,
            lead_user_id=manager.user_id,
            kind=case.kind,
            phase=case.phase,
            opened_on=case.opened_on,
            closed_on=case.closed_on,
            is_restricted=case.client.is_restricted,
        )
        self._rows.add(
            "assignments",
            **common,
            id=self._ids.at(opened),
            user_id=manager.user_id,
            client_id=case.client.id,
            case_id=case.id,
            unit_id=manager.unit_id,
            kind="lead",
            is_restricted=case.client.is_restricted,
            active_from=opened,
            created_by=manager.user_id,
            created_at=opened,
        )
        if case.closed_on:
            self._rows.add(
                "retentions",
                **common,
                id=self._ids.at(case.way[-1][1]),
                object_type="case",
                object_id=case.id,
                client_id=case.client.id,
                client_pseudonym=case.client.pseudonym,
                unit_id=manager.unit_id,
                starts_on=case.closed_on,
                delete_after=date(case.closed_on.year + 5, 12, 31),
                reason="closed",
            )

    def _phases(self, case: DemoCase) -> None:
        previous: str | None = None
        for phase, at in case.way:
            self._rows.add(
                "case_phases",
                municipal_area_id=self._area.key,
                id=self._ids.at(at),
                case_id=case.id,
                at=at,
                source=previous,
                target=phase,
                user_id=case.client.manager.user_id,
            )
            previous = phase
