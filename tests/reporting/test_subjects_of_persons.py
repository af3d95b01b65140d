"""Active clients, interpreting, goals and life domains: no cell is confined, and each rule is needed."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

import pytest

from app.catalogues.check import vocabulary
from app.clients.rules import band_of_age
from app.protection import ProtectedTable, Rule, Rules, Status, Unit, attack, columns, draft
from app.reporting.beside import Beside, protect_subject
from app.reporting.last_check import best_informed
from app.reporting.material import Material
from app.reporting.parts import Figures
from app.reporting.rules import Quarter, Scale, Scope, Size
from app.reporting.subjects.active_clients import ACTIVE_CLIENTS
from app.reporting.subjects.every import SUBJECTS as ALL_SUBJECTS
from app.reporting.subjects.german import german_classes, german_code
from app.reporting.subjects.interpreting import (
    INTERPRETING,
    LANGUAGES,
    interpreted_units,
    interpreter_code,
    often_code,
)
from app.reporting.subjects.life_domains import GOALS, LIFE_DOMAINS, SENSITIVE, course_code, stand_code
from app.reporting.subjects.needs import NEEDS
from app.reporting.subjects.subject import Further, Subject
from tests.reporting.persons import QUARTER, SUBJECTS, units_of

LARGE, SMALL = 1200, 120
RULES = Rules(effort=50)


def told(subject: Subject, further: Further, clients: int = LARGE) -> Beside:
    figures = Figures((), Size(clients, 0), (), "unknown", {subject.name: further})
    material = Material(
        str(uuid4()), "KIM-X", "X", Quarter.parse(QUARTER), None, figures, (), RULES
    )  # fmt: skip
    found = protect_subject(subject, further, material, [])
    assert found is not None, f"{subject.name} is left out"
    return found


def attacked(found: Beside, further: Further) -> list[object]:
    dimensions = [each.dimension for each in found.every.values()]
    own = best_informed(further.units, 8)
    return list(attack(found.shown, dimensions, k=5, k_sensitive=10, k_insider=3, own=own))


def values(found: Beside, name: str) -> dict[tuple[str, ...], int | None]:
    table = next(shown for table, shown in zip(found.tables, found.shown, strict=True) if table.name == name)
    return {cell.codes: cell.units.value for cell in table.cells}


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.name)
@pytest.mark.parametrize(("number", "clients"), [(90, SMALL), (300, 400), (900, LARGE)])
@pytest.mark.parametrize("seed", range(3))
def test_attacker_confines_no_cell(subject: Subject, number: int, clients: int, seed: int) -> None:
    further = units_of(subject, number, seed)
    found = told(subject, further, clients)
    assert attacked(found, further) == []
    persons = {unit.person for unit in further.units}
    assert max(value or 0 for shown in found.shown for value in [shown.cells[0].units.value]) >= len(persons)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.name)
def test_margins_are_protected_and_sums_agree(subject: Subject) -> None:
    further = units_of(subject, 700)
    found = told(subject, further)
    seen: dict[object, object] = {}
    for shown in found.shown:
        for cell in shown.cells:
            assert seen.setdefault(cell.key, cell.units) == cell.units
            assert not 0 < (cell.units.value or 0) < 5
    trees = {each.dimension.name: each.dimension for each in found.every.values()}
    for shown in found.shown:
        by_codes = {cell.codes: cell.units.value for cell in shown.cells}
        for codes, value in by_codes.items():
            for place, name in enumerate(shown.dimensions):
                below = [
                    (*codes[:place], each, *codes[place + 1 :]) for each in trees[name].children[codes[place]]
                ]
                parts = [by_codes[each] for each in below if each in by_codes]
                if value is not None and parts and None not in parts:
                    assert value == sum(part or 0 for part in parts)


FEW = {Rule.PERSONS, Rule.HOUSEHOLDS, Rule.CONTRIBUTORS, Rule.REMAINDER, Rule.COMPLEMENTARY}


def careless(subject: Subject, further: Further, off: set[Rule]) -> list[ProtectedTable]:
    """Return all tables as they would be without some rules."""
    dimensions = [each.dimension for each in subject.every(Quarter.parse(QUARTER), further).values()]
    specs = [each.spec(Quarter.parse(QUARTER), Scope.QUARTER) for each in subject.tables]
    return list(draft(further.units, dimensions, specs, replace(RULES, off=frozenset(off))).tables)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.name)
def test_without_complementary_suppression_the_attack_succeeds(subject: Subject) -> None:
    further = units_of(subject, 400)
    tables = careless(subject, further, {Rule.COMPLEMENTARY})
    dimensions = [each.dimension for each in subject.every(Quarter.parse(QUARTER), further).values()]
    assert attack(tables, dimensions, k=5, k_sensitive=10, k_insider=3)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.name)
def test_without_thresholds_small_figures_would_be_told(subject: Subject) -> None:
    tables = careless(subject, units_of(subject, 90), FEW)
    assert any(0 < (cell.units.value or 0) < 5 for table in tables for cell in table.cells)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.name)
def test_result_does_not_depend_on_the_order_of_persons(subject: Subject) -> None:
    further = units_of(subject, 300)
    again = replace(further, units=tuple(reversed(further.units)))
    assert told(subject, further).shown == told(subject, again).shown


def of(subject: Subject, further: Further, **codes: str) -> Further:
    """Return the same units with other codes in a dimension, one after the other."""
    units = tuple(
        Unit(unit.person, unit.household, unit.contributor, None, {**unit.codes, **codes})
        for unit in further.units
    )
    return replace(further, units=units)


def joined(*parts: Further) -> Further:
    return replace(parts[0], units=tuple(unit for part in parts for unit in part.units))


def test_nobody_learns_that_a_whole_group_has_an_attribute_or_nobody_of_it() -> None:
    everybody = of(ACTIVE_CLIENTS, units_of(ACTIVE_CLIENTS, 200), sex="w")
    found = told(ACTIVE_CLIENTS, everybody)
    sexes = values(found, "clients_sex")
    assert sexes[("m",)] is None
    assert sexes[("w",)] is None
    assert sexes[("total",)] == 200


def test_zero_of_an_attribute_is_hidden_and_told_without_that_rule() -> None:
    further = of(GOALS, units_of(GOALS, 200), attainment="reached")
    found = told(GOALS, further)
    assert values(found, "goals_attainment")[("not_reached",)] is None
    tables = careless(GOALS, further, {Rule.ZEROS, Rule.COMPLEMENTARY})
    assert Status.ZERO in {cell.units.status for cell in tables[1].cells}


@pytest.mark.parametrize("domain", SENSITIVE)
@pytest.mark.parametrize("subject", [GOALS, LIFE_DOMAINS, NEEDS], ids=lambda each: each.name)
def test_health_violence_and_what_is_about_minors_have_the_higher_threshold(
    subject: Subject, domain: str
) -> None:
    name = subject.tables[0].name
    rest = of(subject, units_of(subject, 200), life_domain="housing")
    others = [
        of(subject, units_of(subject, 40, seed), life_domain=code)
        for seed, code in ((2, "work"), (3, "debts"), (4, "language"))
    ]
    seven = units_of(subject, 7, 5, staff=4)
    few = [of(subject, seven, life_domain=domain), of(subject, seven, life_domain="training")]
    found = told(subject, joined(rest, *others, few[0]), SMALL)
    assert values(found, name)[(domain,)] is None
    plain = replace(subject, classes=lambda quarter: not_sensitive(subject.classes(quarter)))
    loose = told(plain, joined(rest, *others, few[0]), SMALL)
    assert values(loose, name)[(domain,)] == 7
    assert values(told(subject, joined(rest, *others, few[1]), SMALL), name)[("training",)] == 7


def not_sensitive(every: Mapping[str, object]) -> Mapping[str, object]:
    return {
        name: replace(each, dimension=replace(each.dimension, sensitive=()))  # type: ignore[attr-defined]
        for name, each in every.items()
    }


def test_small_area_is_told_one_dimension_a_quarter() -> None:
    for subject in SUBJECTS:
        small = subject.offered(units_of(subject, 3), Scale.SMALL)
        assert small
        assert all(list(table.levels.values()) == [1] for table in small)
        assert {len(table.levels) for table in subject.tables if table.scale < Scale.LARGE} == {1}


def test_german_is_a_table_of_the_active_clients() -> None:
    """As a subject of its own it would tell the same total a second time, unseen by the proof."""
    found = told(ACTIVE_CLIENTS, units_of(ACTIVE_CLIENTS, 300))
    assert {shown.cells[0].key for shown in found.shown} == {
        (("clients", "active"), ("quarter", QUARTER)),
    }
    assert sum("german" in each.classes(Quarter.parse(QUARTER)) for each in ALL_SUBJECTS) == 1


@pytest.mark.parametrize(
    ("first", "latest", "code"),
    [
        (None, None, "german_unknown"), ("none", "A1", "up_to_a1"), ("B1", "A1", "up_to_a1"),
        ("A1", "A2", "a2_risen"), ("A2", "A2", "a2_not_risen"), ("B2", "C1", "from_b2_not_risen"),
        ("B1", "C2", "from_b2_risen"), ("C1", "B1", "b1_not_risen"),
        ("native", "native", "from_b2_not_risen"),
    ],
)  # fmt: skip
def test_german_rises_from_band_to_band(first: str | None, latest: str | None, code: str) -> None:
    assert german_code(first, latest) == code
    assert german_classes().dimension.children[code] == ()


def test_every_level_of_german_has_a_class() -> None:
    assert all(german_code(level, level) for level in vocabulary("cefr_level"))


@pytest.mark.parametrize(
    ("first", "last", "code", "way"),
    [
        (1, 2, "hard_to_hard", "same"), (2, 3, "hard_to_middling", "better"),
        (1, 5, "hard_to_good", "better"), (4, 3, "good_to_middling", "worse"),
        (5, 4, "good_to_good", "same"), (3, 1, "middling_to_hard", "worse"),
    ],
)  # fmt: skip
def test_course_is_told_by_bands_of_the_scale(first: int, last: int, code: str, way: str) -> None:
    assert course_code(first, last) == code
    tree = LIFE_DOMAINS.classes(Quarter.parse(QUARTER))["course"].dimension
    assert tree.parents[code] == way
    assert [stand_code(each) for each in range(1, 6)] == ["hard", "hard", "middling", "good", "good"]


def row(person: str, language: str | None, interpreters: str, contacts: int) -> tuple[object, ...]:
    return person, "h", "c", None, language, interpreters, contacts


def test_person_counts_once_in_a_group_of_languages() -> None:
    rows = [
        row("p", "ara", "professional", 1), row("p", "apc", "relative professional", 2),
        row("p", "rus", "volunteer", 9), row("q", None, "professional", 1),
        row("q", "kat", "professional", 1),
    ]  # fmt: skip
    units = interpreted_units(columns(rows, 7), QUARTER)
    found = {
        (unit.person, unit.codes["language"]): (unit.codes["interpreter"], unit.codes["often"])
        for unit in units
    }
    assert found == {
        ("p", "arabic"): ("relative", "up_to_3"), ("p", "ukrainian_russian"): ("volunteer", "more"),
        ("q", "not_stated"): ("professional", "once"), ("q", "other_language"): ("professional", "once"),
    }  # fmt: skip


def test_groups_of_languages_are_of_the_catalogue_and_do_not_overlap() -> None:
    codes = [code for _, group in LANGUAGES.values() for code in group]
    assert len(codes) == len(set(codes))
    assert set(codes) <= set(vocabulary("language"))


def test_relatives_come_before_professionals() -> None:
    assert interpreter_code(["professional", "relative", "volunteer"]) == "relative"
    assert interpreter_code(["professional"]) == "professional"
    assert [often_code(each) for each in (1, 2, 3, 4)] == ["once", "up_to_3", "up_to_3", "more"]


def test_age_in_years_has_the_bands_of_the_catalogue() -> None:
    assert {band_of_age(age) for age in range(100)} == set(vocabulary("age_band"))


def test_every_class_has_a_label_in_both_languages() -> None:
    for subject in SUBJECTS:
        for name, classes in subject.classes(Quarter.parse(QUARTER)).items():
            assert set(classes.dimension.codes) == set(classes.labels), name
            assert all(label.de and label.en for label in classes.labels.values())


def test_interpreting_tells_persons_not_contacts() -> None:
    assert "Personen" in INTERPRETING.words.unit.de
