"""A population with barriers as they come in practice: few kinds make up most. Pure, the same for a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.catalogues.check import vocabulary
from app.reporting.rules import Quarter

TOWNS = (None, "05170008", "05170044", "05170048")


@dataclass(frozen=True)
class Somebody:
    """A client with the attributes that figures carry."""

    key: UUID
    household: UUID
    case_manager: UUID
    town: str | None
    residence: str
    nationality: str
    age: str
    sex: str


def _falling(count: int, steepness: float) -> list[float]:
    return [1 / (place + 1) ** steepness for place in range(count)]


@dataclass
class Population:
    """People of one area and what they meet with; call `reports` quarter by quarter."""

    persons: int = 600
    case_managers: int = 12
    seed: int = 1
    people: list[Somebody] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.staff = [self._uuid() for _ in range(self.case_managers)]
        households = [self._uuid() for _ in range(max(1, self.persons * 3 // 4))]
        self.people = [self._somebody(households) for _ in range(self.persons)]
        kinds = list(vocabulary("institution_type").values())
        self.institutions = [(self._uuid(), kind) for kind in kinds for _ in range(2)]
        self.types = list(vocabulary("barrier_type").values())
        category = {
            code: 0.3 + self.chance.random() ** 2 * 3 for code in sorted(vocabulary("barrier_category"))
        }
        self.weights = [category[each.parent or ""] * (0.4 + self.chance.random()) for each in self.types]

    def _uuid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def _one_of(self, name: str, steepness: float = 0.8) -> str:
        codes = list(vocabulary(name))
        return self.chance.choices(codes, _falling(len(codes), steepness))[0]

    def _somebody(self, households: list[UUID]) -> Somebody:
        manager = self.chance.randrange(self.case_managers)
        return Somebody(
            key=self._uuid(),
            household=self.chance.choice(households),
            case_manager=self.staff[manager],
            town=TOWNS[manager * len(TOWNS) // self.case_managers],
            residence=self._one_of("residence_group"),
            nationality=self._one_of("nationality_group"),
            age=self.chance.choices(list(vocabulary("age_band")), [1, 1, 1, 1, 4, 5, 3, 2, 1])[0],
            sex=self.chance.choices(["w", "m", "d", "x"], [50, 48, 1, 1])[0],
        )

    def reports(self, quarter: Quarter, count: int) -> Iterator[dict[str, Any]]:
        """Yield so many rows of figures, as of days in this quarter."""
        days = (quarter.last_day - quarter.first_day).days + 1
        domains = list(vocabulary("legal_domain"))
        for _ in range(count):
            who = self.chance.choice(self.people)
            barrier = self.chance.choices(self.types, self.weights)[0]
            place, kind = self.chance.choices(self.institutions, _falling(len(self.institutions), 0.9))[0]
            ways = (None, None)
            if self.chance.random() < 0.25:
                ways = tuple(self.chance.sample(domains[:12], 2))
            day = quarter.first_day + timedelta(days=self.chance.randrange(days))
            yield _row(self, who, barrier, (place, kind), ways, day)


def _row(
    population: Population, who: Somebody, barrier: Any, place: Any, ways: Any, day: date
) -> dict[str, Any]:
    return {
        "id": population._uuid(),
        "report_id": population._uuid(),
        "reported_on": day,
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "year": day.year,
        "person_key": who.key,
        "household_key": who.household,
        "contributor_id": who.case_manager,
        "municipality": who.town,
        "institution_id": place[0],
        "institution_type": place[1].code,
        "institution_group": place[1].parent,
        "interface_from": ways[0],
        "interface_to": ways[1],
        "barrier_type": barrier.code,
        "barrier_category": barrier.parent,
        "is_sensitive": barrier.attributes["sensitive"],
        "effect": population._one_of("barrier_effect"),
        "level": population._one_of("barrier_level"),
        "residence_group": who.residence,
        "nationality_group": who.nationality,
        "age_band": who.age,
        "sex": who.sex,
    }
