"""A caseload as it comes in practice: persons, households, case managers. Pure, the same for a seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from app.catalogues.check import vocabulary
from app.protection import columns
from app.reporting.rules import Quarter
from app.reporting.subjects.closed_cases import closed_cases
from app.reporting.subjects.domain_changes import domain_changes
from app.reporting.subjects.inquiries import RESULTS, inquiries
from app.reporting.subjects.open_cases import open_cases
from app.reporting.subjects.referrals import outcomes, referrals
from app.reporting.subjects.school_waiting import school_waiting
from app.reporting.subjects.subject import Further
from app.reporting.subjects.waiting_list import waiting

QUARTER = Quarter.parse("2025Q3")
PHASES = tuple(code for code in vocabulary("case_phase") if code != "closed")
LIVELIHOODS = ("ASYLBLG", "SGB_II", "SGB_III", "SGB_XII", "WOGG", "work", "no_benefits", "in_clarification")
STATES = ("completed", "failed", "rejected", "expired", "cancelled", "revoked")
Who = tuple[str, str, str]
"""Person, household, case manager."""


def unit_of(who: Who, units: int) -> str | None:
    """Return the unit that somebody's case manager works at; none where there is one alone."""
    return None if units == 1 else f"u{int(who[2].removeprefix('cm')) % units}"


@dataclass
class Caseload:
    """People of one area; each verb yields rows as the reader of a subject returns them."""

    persons: int = 600
    case_managers: int = 12
    seed: int = 1
    people: list[Who] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        homes = max(1, self.persons * 3 // 4)
        self.people = [
            (f"p{each}", f"h{self.chance.randrange(homes)}", f"cm{self.chance.randrange(self.case_managers)}")
            for each in range(self.persons)
        ]
        self.institutions = [
            (f"i{kind}{each}", kind) for kind in vocabulary("institution_type") for each in "ab"
        ]

    def one_of(self, codes: list[str] | tuple[str, ...], steepness: float = 0.9) -> str:
        """Return one of the codes, of which the first come often and the last rarely."""
        weights = [1 / (place + 1) ** steepness for place in range(len(codes))]
        return self.chance.choices(codes, weights)[0]

    def some(self, share: float) -> Iterator[Who]:
        """Yield as many people as this share of all, some of them more than once."""
        for _ in range(round(share * self.persons)):
            yield self.chance.choice(self.people)

    def open_cases(self, units: int = 1) -> Further:
        routes, kinds = list(vocabulary("access_route")), ("case_management", "counselling")
        rows = [
            (*who, unit_of(who, units), None, self.one_of(PHASES), self.one_of(routes), self.one_of(kinds))
            for who in self.people
        ]
        return open_cases(columns(rows, 8), QUARTER)

    def closed_cases(self, share: float = 0.12, units: int = 1) -> Further:
        reasons = list(vocabulary("closing_reason"))
        rows = [
            (*who, unit_of(who, units), None, *self._lasted(), self.one_of(reasons))
            for who in self.some(share)
        ]
        return closed_cases(columns(rows, 8), QUARTER)

    def children(self, share: float = 0.4, units: int = 1) -> Further:
        stages = list(vocabulary("school_stage"))
        rows = [
            (*who, unit_of(who, units), None, self.one_of(stages), self.chance.randrange(250))
            for who in dict.fromkeys(self.some(share))
        ]
        return school_waiting(columns(rows, 7), QUARTER)

    def _lasted(self) -> tuple:  # type: ignore[type-arg]
        closed_on = QUARTER.first_day + timedelta(days=self.chance.randrange(90))
        return closed_on - timedelta(days=int(self.chance.paretovariate(1.1) * 60)), closed_on

    def inquiries(self, share: float = 0.4) -> Further:
        routes = list(vocabulary("access_route"))
        rows = [
            (
                f"q{number}",
                f"q{number}",
                who[2],
                self._sender(),
                self.one_of(routes),
                self.one_of(list(RESULTS)),
            )
            for number, who in enumerate(self.some(share))
        ]
        return inquiries(columns(rows, 6), QUARTER)

    def _sender(self) -> str | None:
        return self.chance.choice([None, None, *(each for each, _ in self.institutions[:4])])

    def waiting(self, units: int = 1, share: float = 0.1) -> Further:
        rows = [
            (
                f"q{number}",
                f"q{number}",
                f"u{self.chance.randrange(units)}" if units > 1 else None,
                self._sender(),
                self.chance.randrange(250),
            )
            for number, _ in enumerate(self.some(share))
        ]
        return waiting(columns(rows, 5), QUARTER)

    def referrals(self, share: float = 0.8) -> Further:
        return referrals(columns(map(self._referral, self.some(share)), 9), QUARTER)

    def _referral(self, who: Who) -> tuple:  # type: ignore[type-arg]
        state = self.one_of(STATES)
        answered = state in {"completed", "failed", "rejected"} or (
            state != "expired" and self.chance.random() < 0.5
        )
        days = int(self.chance.expovariate(1 / 9)) if answered else None
        outcome = self.one_of(list(outcomes())) if state in {"completed", "failed"} else None
        return (*who, *self.chance.choice(self.institutions[:30]), state, answered, days, outcome)

    def domain_changes(self, share: float = 0.15) -> Further:
        changes = {(who, *self.chance.sample(LIVELIHOODS, 2)) for who in self.some(share)}
        rows = [(*who, None, before, after, self._gap()) for who, before, after in sorted(changes)]
        return domain_changes(columns(rows, 7), QUARTER)

    def _gap(self) -> int:
        return self.chance.choices((0, self.chance.randrange(1, 60)), (3, 2))[0]


EVERY: dict[str, Callable[[Caseload], Further]] = {
    "open_cases": Caseload.open_cases,
    "closed_cases": Caseload.closed_cases,
    "inquiries": Caseload.inquiries,
    "waiting_list": Caseload.waiting,
    "referrals": Caseload.referrals,
    "domain_changes": Caseload.domain_changes,
}
