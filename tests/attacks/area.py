"""A made-up area whose releases are computed as the worker computes them, without database and clock."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.protection import Known, Rules, Unit, Units, columns
from app.reporting.classes import AREA_WIDE
from app.reporting.figures import barrier_cases
from app.reporting.ledger import read_key
from app.reporting.material import Computed, Material
from app.reporting.parts import Figures
from app.reporting.rules import Quarter, Refusal, Size, merge_towns
from tests.reporting.population import Population
from tests.reporting.whole import compute_whole

RULES = Rules(effort=50)
CASE = ("person_key", "barrier_type", "institution_type", "interface_from", "interface_to")
KEYS = ("person_key", "household_key", "contributor_id", "institution_id")
CODES = (
    "quarter", *CASE[1:], "effect", "level", "municipality", "residence_group", "nationality_group",
    "age_band", "sex",
)  # fmt: skip


def cases_of(rows: Iterable[dict[str, object]]) -> list[Unit]:
    """Return the barrier cases of reports: the first of a year with one person, type, kind and interface."""
    found: dict[tuple[object, ...], dict[str, object]] = {}
    for row in sorted(rows, key=lambda each: (each["reported_on"], str(each["id"]))):
        found.setdefault(tuple(row[name] for name in CASE), row)
    cases = [
        (*(row[name] and str(row[name]) for name in KEYS), *(row[name] for name in CODES))
        for row in found.values()
    ]
    return list(barrier_cases(columns(cases, len(KEYS) + len(CODES))))


@dataclass
class Area:
    """Reports as they come in, quarter by quarter, and everything that was ever shown of them."""

    seed: int
    persons: int = 280
    case_managers: int = 9
    reports: int = 90
    units: list[Unit] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    rules: Rules = RULES

    def __post_init__(self) -> None:
        self.population = Population(self.persons, self.case_managers, self.seed)
        self.chance = random.Random(self.seed)
        self.rows: list[dict[str, object]] = []

    @property
    def regions(self) -> tuple[tuple[str, ...], ...]:
        """Return the regions of the area: its case managers work in them as its clients live in them."""
        towns = {(each.town or AREA_WIDE, each.case_manager) for each in self.population.people}
        return tuple(merge_towns(Counter(town for town, _ in towns)))

    def report(self, quarter: str) -> None:
        """Let a quarter's reports come in."""
        self.rows += self.population.reports(Quarter.parse(quarter), self.reports)
        self.units = cases_of(self.rows)

    def erase(self, share: float = 0.1) -> None:
        """Erase every so many persons."""
        gone = {each.key for each in self.population.people if self.chance.random() < share}
        self.rows = [row for row in self.rows if row["person_key"] not in gone]
        self.units = cases_of(self.rows)

    def correct(self, share: float = 0.1) -> None:
        """Let some reports have been about something else."""
        for row in self.rows:
            if self.chance.random() < share:
                other = self.chance.choice(self.rows)
                row["barrier_type"], row["barrier_category"] = (
                    other["barrier_type"],
                    other["barrier_category"],
                )
        self.units = cases_of(self.rows)

    def material(self, quarter: str, units: Sequence[Unit] | None = None) -> Material:
        """Return what a release of a quarter is computed from."""
        size = Size(self.persons, self.reports, len(self.regions))
        figures = Figures(Units.of(units or self.units), size, self.regions, "75_to_100")
        return Material(
            "00000000-0000-7000-8000-000000000001", "KIM-05170", "Wesel", Quarter.parse(quarter), None,
            figures, tuple(self.known), self.rules,
        )  # fmt: skip

    def release(self, quarter: str) -> Computed | Refusal:
        """Compute the release of a quarter, and remember what it shows."""
        computed = compute_whole(self.material(quarter))
        if isinstance(computed, Computed):
            before = {each.key: each for each in self.known}
            for key, value, persons in computed.learned:
                cell = Known(read_key(key), value, persons)
                before[cell.key] = cell
            self.known = list(before.values())
        return computed


def shown(computed: Computed) -> tuple[object, ...]:
    """Return everything of a release that anybody is ever shown."""
    return (computed.rendered, computed.content_de, computed.content_en, computed.sha256)


def with_barrier(unit: Unit, code: str) -> Unit:
    """Return a unit as it would be with another barrier."""
    return replace(unit, codes={**unit.codes, "barrier": code})
