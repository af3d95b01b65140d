"""What has to stand when figures are protected: the quarter's total, and what earlier releases implied.

Reports are corrected and persons erased after their quarter was released. A cell that was suppressed then
said that there was something; if today nothing is left of it, publishing around it would tell the change.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from app.protection import Column, Key, Known, Rules, Unit, Units, as_one, together
from app.reporting.classes import barrier, institution
from app.reporting.material import Material

LARGE = 5
"""A total stands from so many times the highest threshold."""

STAND_IN = "frozen"


def settled_total(material: Material) -> list[Known]:
    """Return the quarter's total of units and persons if it is large enough whatever else is hidden."""
    key: Key = (("quarter", str(material.quarter)),)
    inside = material.inside(key)
    told = any(cell.key == key and cell.value is not None for cell in material.known)
    if told or not passes(inside, material.rules, LARGE * material.rules.k_sensitive):
        return []
    return [Known(key, len(inside), len(inside.persons.used()))]


def passes(given: Iterable[Unit], rules: Rules, persons_needed: int) -> bool:
    """Tell whether so many persons, households and contributors are there, and some left without any one.

    Some are left without any one institution too, unless it is behind every unit: then there are no others.
    """
    cases = Units.of(given)
    persons = len(cases.persons.used())
    contributors, most_known = _distinct_persons(cases, cases.contributors)
    households, most_at_home = _distinct_persons(cases, cases.households)
    return (
        persons >= persons_needed
        and contributors >= rules.contributors
        and households >= rules.households
        and persons - max(most_known, most_at_home, _most_of_an_institution(cases)) >= rules.k_insider
    )


def _most_of_an_institution(cases: Units) -> int:
    """Return how many persons the institution with most has; 0 for one that is behind every unit."""
    if len(cases.institutions.used()) == 1:
        return 0
    named = cases.taken(~cases.institutions.among({None, ""}))
    return _distinct_persons(named, named.institutions)[1]


def _distinct_persons(cases: Units, by: Column[Any]) -> tuple[int, int]:
    """Return how many of these there are, and how many distinct persons the one with most has."""
    persons = cases.persons
    size = max(1, len(persons.words))
    both = np.sort(as_one([by.numbers, persons.numbers], [max(1, len(by.words)), size]))
    each = np.bincount(both[np.diff(both, prepend=-1) > 0] // size, minlength=1)
    return int((each > 0).sum()), int(each.max())


def stand_ins(material: Material) -> list[Unit]:
    """Return one case for each type and group that an earlier quarter suppressed and that is empty today.

    All of them are one person of the quarter's busiest contributor, so they help no cell over a threshold.
    """
    cases = Units.of(material.figures.cases)
    if not cases:
        return []
    group_of = institution().dimension.parents
    groups = cases.codes["institution"].mapped(lambda kind: group_of[kind])
    there = together(lambda *place: place, cases.codes["quarter"], cases.codes["barrier"], groups).used()
    usual = {quarter: _usual(material.inside((("quarter", quarter),))) for quarter, _, _ in there}
    found = []
    for cell in material.known:
        codes = dict(cell.key)
        place = (codes.get("quarter", ""), codes.get("barrier", ""), codes.get("institution", ""))
        if cell.value is None and len(codes) == len(place) and place[0] in usual and place not in there:
            found += _stand_in(*place, usual[place[0]])
    return found


def _usual(cases: Units) -> tuple[str, dict[str, str]]:
    """Return the busiest contributor and the most frequent code of each attribute."""
    codes = {name: _most_frequent(column) for name, column in cases.codes.items()}
    return _most_frequent(cases.contributors), codes


def _most_frequent(column: Column[str]) -> str:
    """Return of the words that most rows have the first of the alphabet."""
    counts = column.counts()
    return min(word for word, count in zip(column.words, counts, strict=True) if count == counts.max())


def _stand_in(quarter: str, type_: str, group: str, usual: tuple[str, dict[str, str]]) -> list[Unit]:
    kinds = institution().dimension.children.get(group, ())
    if barrier().dimension.children.get(type_) != () or not kinds:
        return []
    contributor, codes = usual
    own = {**codes, "quarter": quarter, "barrier": type_, "institution": kinds[0]}
    return [Unit(STAND_IN, STAND_IN, contributor, None, own)]
