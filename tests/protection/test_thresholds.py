"""Which cells may not be published for their own sake: rule 2 and rule 4, each with its opposite."""

from dataclasses import replace

import pytest

from app.protection import Dimension, Known, Rule, Rules, Status, TableSpec, Unit, draft, key_of, protect
from tests.attacks.readers import an_institution_subtracts

from .arrange import breaches, crowd

TOPIC = Dimension("topic", {"rent": "total", "health": "total", "work": "total"}, sensitive={"health"})
AGE = Dimension("age", {"young": "total", "old": "total"}, personal=True)
BY_TOPIC = TableSpec("topics", {"topic": 1})
OTHERS = crowd(40, {"topic": "work"}, "other")


def status(units, topic="rent", rules=None):
    protected = draft(units + OTHERS, [TOPIC], [BY_TOPIC], rules or Rules())
    cells = {cell.codes: cell.units.status for cell in protected.tables[0].cells}
    return cells[topic,]


def off(rule):
    return Rules(off=frozenset({rule, Rule.COMPLEMENTARY}))


def rent(persons, homes=None, managers=5):
    return crowd(persons, {"topic": "rent"}, managers=managers, homes=homes)


def of_office(persons, office, name="office", **codes):
    """So many persons of an office; without one nobody but their contributors knows them."""
    return [replace(each, institution=office) for each in crowd(persons, {"topic": "rent", **codes}, name)]


CASES = {
    Rule.PERSONS: rent(4, managers=4),
    Rule.HOUSEHOLDS: rent(12, homes=2),
    Rule.CONTRIBUTORS: rent(12, managers=2),
    Rule.REMAINDER: rent(10, managers=1)
    + crowd(1, {"topic": "rent"}, "a")
    + crowd(2, {"topic": "rent"}, "b", 7)[1:],
    Rule.INSTITUTIONS: of_office(11, "jobcenter") + rent(1),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_cell_below_a_threshold_is_hidden_and_the_rule_alone_does_it(rule):
    units = CASES[rule]
    if rule is Rule.REMAINDER:
        units = [*units[:-1], Unit("z", "z", "m6", None, {"topic": "rent"})]
        units[-2] = Unit("y", "y", "m5", None, {"topic": "rent"})
    assert status(units) is Status.SUPPRESSED
    assert status(units, rules=off(rule)) is Status.PUBLISHED
    without = draft(units + OTHERS, [TOPIC], [BY_TOPIC], off(rule))
    assert breaches(without, units + OTHERS, [TOPIC])


def test_a_cell_that_meets_all_thresholds_is_published():
    assert status(rent(5)) is Status.PUBLISHED


def test_persons_are_counted_once_however_many_units_they_have():
    units = [Unit(f"p{at % 4}", f"h{at % 4}", f"m{at % 4}", None, {"topic": "rent"}) for at in range(20)]
    assert status(units) is Status.SUPPRESSED


def test_a_household_that_is_most_of_a_cell_hides_it():
    at_home = crowd(6, {"topic": "rent"}, homes=1)
    assert status(at_home + crowd(2, {"topic": "rent"}, "x")) is Status.SUPPRESSED
    assert status(at_home + crowd(3, {"topic": "rent"}, "x")) is Status.PUBLISHED


def test_a_person_with_two_contributors_is_known_to_both():
    shared = [
        Unit(f"p{at}", f"h{at}", f"m{who}", None, {"topic": "rent"}) for at in range(6) for who in (at % 3, 4)
    ]
    assert status(shared) is Status.SUPPRESSED


@pytest.mark.parametrize("others", [of_office(3, "school", "other"), of_office(3, None, "other")])
def test_an_institution_may_know_a_cell_but_for_three_others_or_for_nobody(others):
    own = of_office(11, "jobcenter")
    assert status(own) is Status.PUBLISHED
    assert [status(own + others[:some]) for some in (1, 2, 3)] == [
        Status.SUPPRESSED,
        Status.SUPPRESSED,
        Status.PUBLISHED,
    ]


def test_what_an_institution_does_not_know_of_its_own_persons_hides_a_cell():
    own = of_office(11, "jobcenter")
    assert status([*own, replace(own[0], institution="school")]) is Status.SUPPRESSED
    assert status(own + [replace(each, institution="school") for each in own]) is Status.SUPPRESSED


def test_totals_of_persons_are_hidden_where_an_institution_would_subtract_its_own():
    own, others = of_office(11, "jobcenter"), of_office(3, "school", "other")
    table = TableSpec("topics", {"topic": 1}, persons={"topic": 1})
    for some, shown in ((2, Status.SUPPRESSED), (3, Status.PUBLISHED)):
        cells = draft([*own, *others[:some], *OTHERS], [TOPIC], [table]).tables[0].cells
        assert {cell.codes: cell.persons.status for cell in cells}["rent",] is shown


def test_what_was_published_stays_although_an_institution_subtracts_its_own():
    units = [*of_office(11, "jobcenter"), *rent(1), *OTHERS]
    before = [Known((("topic", "rent"),), 12)]
    protected = protect(units, [TOPIC], [BY_TOPIC], known=before)
    assert {cell.codes: cell.units.value for cell in protected.tables[0].cells}["rent",] == 12


def test_sensitive_cells_need_more_persons_and_only_these():
    units = crowd(9, {"topic": "health"})
    assert status(units, "health") is Status.SUPPRESSED
    assert status(units, "health", off(Rule.SENSITIVE)) is Status.PUBLISHED
    assert status(rent(9)) is Status.PUBLISHED
    assert status(crowd(10, {"topic": "health"}), "health") is Status.PUBLISHED


def test_a_zero_is_shown_where_it_is_about_no_person():
    assert status(rent(6), "health") is Status.ZERO


def groups_by_age(units, rules=None):
    table = TableSpec("ages", {"topic": 1, "age": 1})
    protected = draft(units, [TOPIC, AGE], [table], rules or Rules())
    return protected, {cell.codes: cell.units for cell in protected.tables[0].cells}


def test_a_group_of_which_everyone_has_an_attribute_is_not_told_from_others():
    units = crowd(12, {"topic": "rent", "age": "old"})
    units += crowd(12, {"topic": "work", "age": "old"}) + crowd(12, {"topic": "work", "age": "young"})
    protected, cells = groups_by_age(units)
    assert protected.proof.holds
    assert cells["rent", "young"].status is Status.SUPPRESSED
    assert cells["rent", "old"].status is Status.SUPPRESSED
    unprotected, cells = groups_by_age(units, off(Rule.ZEROS))
    assert cells["rent", "young"].status is Status.ZERO
    assert breaches(unprotected, units, [TOPIC, AGE])


def test_an_institution_that_is_behind_a_cell_but_not_behind_its_group_hides_it():
    old = of_office(12, "jobcenter", age="old")
    young = of_office(12, "jobcenter", "y", age="young") + of_office(12, "school", "z", age="young")
    _, cells = groups_by_age(old + young)
    assert cells["rent", "old"].status is Status.SUPPRESSED
    assert cells["rent", "total"].status is Status.PUBLISHED
    told, cells = groups_by_age(old + young, off(Rule.INSTITUTIONS))
    assert cells["rent", "old"].value == 12
    tree = {each.name: each for each in (TOPIC, AGE)}
    assert an_institution_subtracts(told.tables, old + young, tree, Rules())
    _, cells = groups_by_age(old + young[:12])
    assert cells["rent", "old"].value == 12


def test_nobody_in_an_empty_group_is_a_plain_zero():
    units = crowd(30, {"topic": "rent", "age": "old"}) + crowd(30, {"topic": "rent", "age": "young"})
    _, cells = groups_by_age(units)
    assert cells["health", "old"].status is Status.ZERO


def test_a_zero_discloses_even_if_no_table_shows_its_group():
    units = crowd(12, {"topic": "rent", "age": "old"}) + crowd(12, {"topic": "work", "age": "young"})
    table = TableSpec("ages", {"age": 1}, where={"topic": "rent"})
    protected = draft(units, [TOPIC, AGE], [table])
    assert {cell.codes: cell.units.status for cell in protected.tables[0].cells}[
        "young",
    ] is Status.SUPPRESSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"k": 2},
        {"k_sensitive": 4},
        {"k_insider": 2},
        {"k_insider": 6},
        {"households": 2},
        {"contributors": 2},
        {"effort": -1},
    ],
)
def test_thresholds_are_never_too_low(wrong):
    with pytest.raises(ValueError, match=r"at least|between"):
        Rules(**wrong)


def test_nothing_is_published_with_a_rule_switched_off():
    with pytest.raises(ValueError, match="zeros"):
        protect(OTHERS, [TOPIC], [BY_TOPIC], Rules(off=frozenset({Rule.ZEROS})))


def test_a_key_leaves_totals_out():
    assert key_of({"topic": "rent", "age": "total"}, [TOPIC, AGE]) == (("topic", "rent"),)
