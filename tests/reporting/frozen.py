"""Frozen tables of the catalogue, filled by chance instead of by a computation."""

import random
from collections.abc import Mapping
from functools import cache
from itertools import product
from typing import Any

import orjson

from app.protection import Cell, Count, ProtectedTable, Rules, Status
from app.reporting.catalogue import BY_NAME, Table
from app.reporting.classes import Classes, classes
from app.reporting.rendering import content, render
from app.reporting.rules import Quarter, Scale, Scope
from app.reporting.stated import Release, Rendered
from app.reporting.subjects.every import SUBJECTS
from app.reporting.subjects.subject import Further

QUARTER = Quarter.parse("2025Q3")
REGIONS = (("05170008",), ("05170044",))
EVERY = classes(QUARTER.year, QUARTER.number, REGIONS)
RELEASE = Release(
    id="00000000-0000-7000-8000-000000000001", municipal_area_id="KIM-05170", area_name="Kreis Wesel",
    quarter=QUARTER, scope=Scope.QUARTER, scale=Scale.LARGE, coverage="75_to_100", rules=Rules(),
    hidden_share=0.2, proof={},
)  # fmt: skip


@cache
def rendered(name: str) -> Rendered:
    """Return a table of the catalogue as a release of a third quarter stores it."""
    return _filled(BY_NAME[name], EVERY)


def _filled(of: Table, every: Mapping[str, Classes]) -> Rendered:
    chance = random.Random(of.name)
    spec = of.spec(QUARTER, Scope.YEAR)
    trees = [every[each].dimension for each in spec.levels]
    codes = [[code for code in tree.codes if tree.depth[code] <= spec.levels[tree.name]] for tree in trees]
    cells = tuple(Cell(place, (), _count(chance, place)) for place in product(*codes))
    return render(RELEASE, of, ProtectedTable(spec, tuple(spec.levels), cells, 0.0), every)


def every_public_table() -> list[dict[str, Any]]:
    """Return all public tables about barriers and of the subjects beside them, as their readers get them."""
    own = [rendered(name) for name, of in BY_NAME.items() if of.is_public]
    beside = [
        _filled(of, subject.every(QUARTER, Further((), (), REGIONS)))
        for subject in SUBJECTS
        for of in subject.tables
        if of.is_public
    ]
    return [dict(orjson.loads(each.json_de)) for each in (*own, *beside)]


def table(name: str, language: str = "de") -> dict[str, Any]:
    """Return it as its readers get it."""
    return dict(orjson.loads(getattr(rendered(name), f"json_{language}")))


def _count(chance: random.Random, place: tuple[str, ...]) -> Count:
    if {"2025", "2025Q4"} & set(place):
        return Count(Status.NOT_COLLECTED)
    kind = chance.choices(("zero", "suppressed", "published"), (1, 2, 6))[0]
    if kind == "published":
        return Count(Status.PUBLISHED, int(5 + chance.paretovariate(1.2) * 4))
    return Count(Status.ZERO, 0) if kind == "zero" else Count(Status.SUPPRESSED)


def stated(name: str, language: str = "de") -> dict[str, Any]:
    """Return what a release that has this table alone says about itself."""
    return whole_content(name, language=language)


def whole_content(*names: str, language: str = "de") -> dict[str, Any]:
    """Return what a release that has these tables says about itself."""
    tables = [BY_NAME[name] for name in names]
    return dict(orjson.loads(orjson.dumps(content(RELEASE, tables, language))))
