"""Households that hold together: parents old enough for their children, names and residence that fit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from app.demo.people import ORIGINS, Origin, Person
from app.demo.picking import Weighted, between, pick
from app.demo.standing import status_of_family, status_that_fits

_KINDS = Weighted(
    ("single", 34), ("couple", 9), ("single_parent", 15), ("family", 30), ("three_generations", 4),
    ("siblings", 5),
)  # fmt: skip
_HEADS = {
    "single": (21, 68), "couple": (22, 70), "single_parent": (23, 50), "family": (24, 52),
    "three_generations": (26, 44), "siblings": (21, 34),
}  # fmt: skip
_WITH_CHILDREN = frozenset({"single_parent", "family", "three_generations"})
_WITH_SPOUSE = frozenset({"couple", "family"})
_SEXES = Weighted(("w", 54), ("m", 45), ("d", 1))
_NUMBERS = Weighted(("1", 5), ("2", 5), ("3", 3), ("4", 1))
_BY_CODE = {origin.nationality: origin for origin in ORIGINS}
_ORIGINS = Weighted(*((origin.nationality, origin.weight) for origin in ORIGINS))
_YOUNGEST_PARENT, _OLDEST_MOTHER = 18, 44  # years
_OF_AGE = 21  # years: nobody was a minor when they were registered
_NEWBORN = 40  # days
_SMALLEST_FAMILY = 3  # persons
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Home:
    """Who lives together; the head comes first."""

    kind: str
    members: tuple[Person, ...]


def home(random: Random, today: date, most: int) -> Home:
    """Return a household with at most so many members."""
    origin = _BY_CODE[_ORIGINS.pick(random)]
    kind = _KINDS.pick(random)
    if most < _SMALLEST_FAMILY:
        kind = "couple" if most > 1 else "single"
    maker = _Maker(random, today, origin, kind)
    return Home(kind, tuple(maker.members())[:most])


class _Maker:
    def __init__(self, random: Random, today: date, origin: Origin, kind: str) -> None:
        self._random = random
        self._today = today
        self._origin = origin
        self._kind = kind
        self._family = pick(random, origin.families)
        self._taken: set[str] = set()

    def members(self) -> Iterator[Person]:
        random, kind = self._random, self._kind
        sex = "w" if kind == "single_parent" and random.random() < 0.85 else _SEXES.pick(random)
        age = between(random, *_HEADS[kind])
        status = status_that_fits(self._origin.statuses.pick(random), age, is_alone=kind == "single")
        head = self._person(sex, self._born(age), status, "head", self._family)
        yield head
        if kind in _WITH_SPOUSE:
            yield self._spouse(head, age)
        if kind == "siblings":
            other = between(random, max(_OF_AGE, age - 6), age + 6)
            yield self._person(_SEXES.pick(random), self._born(other), status, "relative", self._family)
        if kind == "three_generations":
            elder = age + between(random, 20, 32)
            yield self._relation("w", self._born(elder), head, "relative", self._family)
        if kind in _WITH_CHILDREN:
            yield from self._children(head, age)

    def _spouse(self, head: Person, age: int) -> Person:
        sex = {"w": "m", "m": "w"}.get(head.sex, "w")
        name = self._family
        if self._origin.keeps_name and sex == "w":
            name = pick(self._random, self._origin.families)
        years = max(_OF_AGE, age + between(self._random, -5, 5))
        return self._relation(sex, self._born(years), head, "spouse", name)

    def _children(self, head: Person, age: int) -> Iterator[Person]:
        """Yield minors whose parents were at least 18, and their mother at most 44, at their birth."""
        youngest_parent = age - 5 if self._kind == "family" else age
        eldest = min(17, youngest_parent - _YOUNGEST_PARENT)
        least = max(0, age + 5 - _OLDEST_MOTHER)
        ages = range(least, max(eldest, least))
        number = min(int(_NUMBERS.pick(self._random)), (len(ages) + 1) // 2)
        # Every other year at most: nobody is born a few weeks after a sibling.
        for years in sorted(self._random.sample(ages[::2], number), reverse=True):
            sex = _SEXES.pick(self._random)
            born = self._born(years)
            yield self._relation(sex, born, head, "child", self._family)

    def _relation(self, sex: str, born: date, head: Person, role: str, name: str) -> Person:
        return self._person(sex, born, status_of_family(head.status, role), role, name)

    def _person(self, sex: str, born: date, status: str, role: str, name: str) -> Person:
        origin = self._origin
        names = {"w": origin.women, "m": origin.men}.get(sex, (*origin.women, *origin.men))
        free = [each for each in names if each not in self._taken]
        given = pick(self._random, free or [f"{one}-{other}" for one, other in pairwise(names)])
        self._taken.add(given)
        return Person(given, origin.family_name(name, sex), sex, born, origin, status, role)

    def _born(self, age: int) -> date:
        """Return a birth date with so many completed years of age today."""
        days = between(self._random, int(age * _YEAR) + 2, int((age + 1) * _YEAR) - 2)
        return self._today - timedelta(days=max(days, _NEWBORN))
