"""What has to stand: large totals, and the cells that an earlier release suppressed."""

from collections import defaultdict
from dataclasses import replace

import pytest

from app.protection import Key, Known, Rules, Unit
from app.reporting.last_check import best_informed
from app.reporting.material import Material
from app.reporting.parts import Figures
from app.reporting.rules import Quarter, Size
from app.reporting.standing import passes, settled_total, stand_ins

CODES = {
    "quarter": "2025Q1", "barrier": "C1", "institution": "jobcenter", "interface_from": "without",
    "interface_to": "without", "effect": "delay", "level": "law", "residence": "duldung",
    "nationality": "syria", "age": "27-39", "sex": "w", "region": "area_wide",
}  # fmt: skip


def case(person: int, contributor: int = 0, household: int | None = None, **codes: str) -> Unit:
    home = person if household is None else household
    return Unit(f"p{person}", f"h{home}", f"c{contributor}", "jobcenter", {**CODES, **codes})


def material(cases: list[Unit], *known: Known, quarter: str = "2025Q4") -> Material:
    figures = Figures(tuple(cases), Size(600, 200), (), "unknown")
    return Material("r", "KIM-05170", "Wesel", Quarter.parse(quarter), None, figures, known, Rules())


def key(**codes: str) -> Key:
    return tuple(sorted(codes.items()))


CROWD = [case(number, number % 4) for number in range(60)]


@pytest.mark.parametrize(
    ("cases", "enough"),
    [
        (CROWD, True),
        (CROWD[:9], False),
        ([case(number, 0) for number in range(60)], False),
        ([case(number, number % 4, household=number % 2) for number in range(60)], False),
        # One case manager has all but two persons.
        ([case(number, 0) for number in range(20)] + [case(20, 1), case(21, 2)], False),
        ([case(1, number % 4) for number in range(60)], False),
        # An institution has all but one, all but three, and all but one that is of no institution.
        ([*CROWD, replace(case(60), institution="other")], False),
        ([*CROWD, *(replace(case(number), institution="other") for number in (60, 61, 62))], True),
        ([*CROWD, replace(case(60), institution=None)], False),
        ([replace(each, institution=None) for each in CROWD], True),
    ],
)
def test_cell_passes_with_enough_persons_households_and_contributors(
    cases: list[Unit], *, enough: bool
) -> None:
    assert passes(cases, Rules(), 10) is enough


def test_large_total_stands_until_it_is_told() -> None:
    first = material(CROWD, quarter="2025Q1")
    assert settled_total(first) == [Known(key(quarter="2025Q1"), 60, 60)]
    assert settled_total(material(CROWD[:49], quarter="2025Q1")) == []
    assert settled_total(replace(first, known=(Known(key(quarter="2025Q1"), 60),))) == []


def test_what_was_suppressed_and_is_empty_today_has_a_stand_in() -> None:
    gone = Known(key(quarter="2025Q1", barrier="N1", institution="housing_registry"), None)
    [found] = stand_ins(material(CROWD, gone))
    assert (found.codes["barrier"], found.codes["quarter"], found.codes["effect"]) == (
        "N1",
        "2025Q1",
        "delay",
    )
    assert found.institution is None


@pytest.mark.parametrize(
    "known",
    [
        Known(key(quarter="2025Q1", barrier="C1", institution="benefits"), None),
        Known(key(quarter="2025Q1", barrier="N1", institution="housing_registry"), 0),
        Known(key(quarter="2025Q1", barrier="N", institution="housing_registry"), None),
        Known(key(quarter="2025Q1", barrier="N1"), None),
        Known(key(quarter="2025Q2", barrier="N1", institution="housing_registry"), None),
    ],
    ids=["not empty", "a zero", "a category", "a total", "a quarter without cases"],
)
def test_nothing_else_has_a_stand_in(known: Known) -> None:
    assert stand_ins(material(CROWD, known)) == []


def test_stand_ins_help_no_cell_over_a_threshold() -> None:
    gone = [
        Known(key(quarter="2025Q1", barrier=barrier, institution="housing_registry"), None)
        for barrier in ("N1", "N2", "N3")
    ]
    found = stand_ins(material(CROWD, *gone))
    assert len(found) == 3
    assert len({(each.person, each.household, each.contributor) for each in found}) == 1
    assert {each.contributor for each in found} <= {each.contributor for each in CROWD}


def test_best_informed_are_those_who_know_most() -> None:
    cases = [case(1, 1), case(2, 1), case(3, 2), replace(case(4, 3), institution=None)]
    known = best_informed(cases)
    assert {name: len(units) for name, units in known.items()} == {
        "contributor c1": 2,
        "institution jobcenter": 3,
    }
    assert best_informed([]) == {}
    family = [case(at, at, household=9) for at in range(4)]
    assert [len(best_informed([*cases, *family[:some]])) for some in (2, 3)] == [2, 3]
    assert list(best_informed([*cases, *family]).values())[-1].households.used() == {"h9"}


def test_material_counts_cells_over_groups_and_codes() -> None:
    counted: dict[Key, int] = defaultdict(int)
    cases = [*CROWD, case(99, barrier="A1", institution="schule")]
    for wanted in (key(barrier="C"), key(institution="education"), key(region="area_wide"), ()):
        counted[wanted] = len(material(cases).inside(wanted))
    assert list(counted.values()) == [60, 1, 61, 61]
