"""What tells of health, violence or minors has the higher threshold in every dimension that tells it."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from app.catalogues.check import vocabulary
from app.protection import Dimension, Unit
from app.reporting import barriers
from app.reporting.barriers import BarriersTold, protect_barriers
from app.reporting.catalogue import TABLES
from app.reporting.classes import TOTAL, WITHOUT_GROUP, Classes, classes, fixed
from app.reporting.subjects.life_domains import GOALS, LIFE_DOMAINS
from app.reporting.subjects.needs import NEEDS
from app.reporting.subjects.open_cases import OPEN_CASES
from app.reporting.subjects.referrals import REFERRALS
from tests.attacks.area import Area
from tests.reporting.caseload import QUARTER

CLOSE = {"health", "protection_from_violence", "child_welfare"}
AGENCIES = {"sozialamt", "rentenversicherung"}
"""They are told of health for one benefit among many others."""


def not_sensitive(codes: Collection[str]) -> set[str]:
    """Return the kinds that learn of health, violence or child welfare and are none of these."""
    kinds = vocabulary("institution_type").items()
    return {kind for kind, entry in kinds if CLOSE & set(entry.attributes["data_categories"])} - {*codes}


def institutions() -> Dimension:
    return fixed()["institution"].dimension


def test_every_kind_that_learns_of_health_violence_or_child_welfare_is_sensitive() -> None:
    assert not_sensitive(institutions().sensitive_codes) == AGENCIES
    counselling = {
        kind for kind, entry in vocabulary("institution_type").items() if entry.parent == "counselling"
    }
    assert not not_sensitive(institutions().sensitive_codes) & counselling
    asked = REFERRALS.classes(QUARTER)["institution"].dimension
    assert not_sensitive(asked.sensitive_codes) == AGENCIES


def test_forgotten_kind_is_noticed() -> None:
    listed = set(institutions().sensitive)
    for kind in ("integrationsfachdienst", "frauenhaus"):
        forgetful = replace(institutions(), sensitive=tuple(listed - {kind}))
        assert not_sensitive(forgetful.sensitive_codes) == {*AGENCIES, kind}


def test_group_of_sensitive_kinds_alone_is_sensitive_too() -> None:
    tree, sensitive = institutions(), institutions().sensitive_codes
    groups = [code for code, parent in tree.parents.items() if parent == TOTAL and code != WITHOUT_GROUP]
    assert {group for group in groups if set(tree.children[group]) <= sensitive} == {"health", "youth_family"}
    assert {group for group in groups if group in sensitive} == {"health", "youth_family"}


@pytest.mark.parametrize(
    ("dimension", "sensitive", "others"),
    [
        ("barrier", {"F", "G", "J", "P", "F2", "F6", "G1", "J1", "P1"}, {"A1", "E", "H", "H1"}),
        ("institution", {"jugendamt", "schule", "schulamt", "kita"}, {"jobcenter", "vhs", "education"}),
        ("effect", {"school_attendance_prevented", "health_at_risk"}, {"delay", "training_interrupted"}),
        ("interface_to", {"health", "SGB_VIII", "SCHULG_NRW", "KIBIZ_NRW", "SGB_XIV"}, {"SGB_II", "BQFG"}),
        ("age", {"0-5", "6-9", "10-15", "16-17", "not_stated"}, {"18-26", "65+"}),
    ],
)
def test_what_is_about_minors_is_sensitive(dimension: str, sensitive: set[str], others: set[str]) -> None:
    tree = fixed()[dimension].dimension
    assert sensitive <= tree.sensitive_codes
    assert not others & tree.sensitive_codes


def test_topics_and_access_routes_of_minors_are_sensitive() -> None:
    for subject in (GOALS, LIFE_DOMAINS, NEEDS):
        topics = subject.classes(QUARTER)["life_domain"].dimension.sensitive_codes
        assert topics == {"health", "protection", "school", "child_care"}
    routes = OPEN_CASES.classes(QUARTER)["access_route"].dimension.sensitive_codes
    assert routes == {"health", "youth_welfare", "school"}


def children(number: int) -> list[Unit]:
    """Return the barrier cases of an area, and so many children who wait for a place at school."""
    area = Area(5, persons=1200, case_managers=12, reports=500)
    area.report("2025Q3")
    every = [each for each in area.units if each.codes["barrier"][0] not in "FG"]
    busy = sorted({each.contributor for each in every})
    codes = {**every[0].codes, "barrier": "F2", "institution": "schulamt", "age": "6-9", "effect": "delay"}
    return [
        *every,
        *(
            Unit(f"child{each}", f"home{each}", busy[each % 4], None, {**codes, "quarter": "2025Q3"})
            for each in range(number)
        ),
    ]


def figures_of_children(units: list[Unit]) -> dict[str, int]:
    """Return what is told of the children, by table."""
    area = Area(5, persons=1200, case_managers=12, reports=500)
    told = protect_barriers(area.material("2025Q3", units), units)
    assert isinstance(told, BarriersTold)
    return {
        table.name: cell.units.value
        for table, shown in zip(told.tables, told.shown, strict=True)
        for cell in shown.cells
        if {"F", "F2"} & {*cell.codes} and cell.units.value
    }


def careless(*given: object) -> Mapping[str, Classes]:
    """Return the classes as they would be if school were like any other barrier."""
    every = dict(classes(*given))  # type: ignore[arg-type]
    barrier = every["barrier"]
    every["barrier"] = replace(barrier, dimension=replace(barrier.dimension, sensitive=("J", "P")))
    return every


def test_six_children_without_a_school_are_told_by_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    units = children(6)
    assert figures_of_children(units) == {}
    monkeypatch.setattr(barriers, "classes", careless)
    assert figures_of_children(units)["types_by_quarter"] == 6


def test_interfaces_are_told_by_groups_alone() -> None:
    for table in TABLES:
        for name in {"interface_from", "interface_to"} & set(table.levels):
            assert table.levels[name] == 1
