"""What a release counts beside barriers: protected by its own margins, no cell confined by an attacker."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

import pytest

from app.protection import Rule, Rules, Status, Unit, attack, draft
from app.reporting import beside
from app.reporting.beside import Beside, protect_subject
from app.reporting.last_check import best_informed
from app.reporting.material import Material
from app.reporting.parts import Figures
from app.reporting.rules import Quarter, Scale, Scope, Size
from app.reporting.subjects.authority_figures import AUTHORITY_FIGURES, authority_units, foreign_groups
from app.reporting.subjects.every import is_beside
from app.reporting.subjects.school_waiting import SCHOOL_WAITING
from app.reporting.subjects.subject import Further, Subject, stricter

QUARTER = "2025Q3"
RULES = Rules(effort=50)
SMALL = {"ukraine": 3, "syria": 41, "turkey": 1, "iraq": 12, "africa": 25, "other": 30, "eu": 60}


def material(further: Mapping[str, Further], rules: Rules = RULES, clients: int = 500) -> Material:
    figures = Figures((), Size(clients, 200), (), "unknown", further)
    return Material(str(uuid4()), "KIM-X", "X", Quarter.parse(QUARTER), None, figures, (), rules)


def told(
    entered: Sequence[tuple[str, str, Mapping[str, int]]], subject: Subject = AUTHORITY_FIGURES
) -> Beside | None:
    further = authority_units(entered, QUARTER)
    return protect_subject(subject, further, material({subject.name: further}), [])


def shown(of: Beside, table: int = 0) -> dict[str, int | None]:
    return {cell.codes[0]: cell.units.value for cell in of.shown[table].cells}


def children(number: int, seed: int = 1) -> Further:
    """Return children of several households and case managers who wait."""
    chance = random.Random(seed)
    units = [
        Unit(f"p{each}", f"h{each // 2}", f"cm{chance.randrange(8)}", None, {
            "school": "waiting", "stage": chance.choice(["primary", "lower_secondary", "upper_secondary"]),
            "band": chance.choice(["up_to_4", "up_to_8", "up_to_12", "up_to_26", "over_26"]),
            "quarter": QUARTER,
        })
        for each in range(number)
    ]  # fmt: skip
    return Further(tuple(units), tuple(table.name for table in SCHOOL_WAITING.tables))


def test_small_number_of_an_authority_is_hidden_and_another_for_its_sake() -> None:
    found = told([("a", "naturalisation_granted", SMALL)])
    assert found is not None
    values = shown(found)
    assert values["total"] == sum(SMALL.values())
    assert values["ukraine"] is values["turkey"] is None
    assert values["eu"] == 60
    assert not any(value is not None and 0 < value < 10 for value in values.values())


def test_one_small_number_alone_takes_another_cell_with_it() -> None:
    full = dict.fromkeys(foreign_groups(), 40)
    found = told([("a", "duldung_held", {**full, "turkey": 4})])
    assert found is not None
    hidden = [code for code, value in shown(found).items() if value is None]
    assert "turkey" in hidden
    assert len(hidden) >= 2


@pytest.mark.parametrize("seed", range(8))
def test_attacker_confines_no_figure_of_an_authority(seed: int) -> None:
    chance = random.Random(seed)
    entered = [
        ("a", figure, {group: chance.choice([0, 0, 1, 2, 4, 9, 12, 30, 80]) for group in foreign_groups()})
        for figure in ("naturalisation_applied", "naturalisation_granted", "duldung_held")
    ]
    found = told(entered)
    assert found is not None
    dimensions = [each.dimension for each in found.every.values()]
    own = best_informed(authority_units(entered, QUARTER).units, 5)
    assert attack(found.shown, dimensions, k=10, k_sensitive=10, k_insider=3, own=own) == []


@pytest.mark.parametrize("clients", [500, 2000])
@pytest.mark.parametrize("seed", range(3))
def test_attacker_confines_no_child_that_waits(seed: int, clients: int) -> None:
    further = children(150, seed)
    of = material({SCHOOL_WAITING.name: further}, clients=clients)
    found = protect_subject(SCHOOL_WAITING, further, of, [])
    assert found is not None
    assert max(len(table.levels) for table in found.tables) == (1 if clients < 1000 else 2)
    dimensions = [each.dimension for each in found.every.values()]
    own = best_informed(further.units, 8)
    assert attack(found.shown, dimensions, k=10, k_sensitive=10, k_insider=3, own=own) == []
    told_values = [
        cell.units.value for each in found.shown for cell in each.cells if cell.units.value is not None
    ]
    assert max(told_values) == 150
    assert not any(0 < value < 10 for value in told_values)


def test_attack_finds_what_is_not_hidden_for_another_sake() -> None:
    further = authority_units(
        [("a", "duldung_held", {**dict.fromkeys(foreign_groups(), 40), "turkey": 4})], QUARTER
    )
    every = AUTHORITY_FIGURES.classes(Quarter.parse(QUARTER))
    dimensions = [each.dimension for each in every.values()]
    specs = [
        each.spec(Quarter.parse(QUARTER), Scope.QUARTER)
        for each in AUTHORITY_FIGURES.tables
        if "duldung" in each.name
    ]
    weak = replace(stricter(RULES), off=frozenset({Rule.COMPLEMENTARY}))
    unprotected = draft(further.units, dimensions, specs, weak)
    found = attack(unprotected.tables, dimensions, k=10, k_sensitive=10, k_insider=3)
    assert [dict(each.key).get("nationality") for each in found] == ["turkey"]


def test_subject_that_can_be_attacked_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(units, dimensions, specs, rules, *more):  # type: ignore[no-untyped-def]
        return draft(units, dimensions, specs, replace(rules, off=frozenset({Rule.COMPLEMENTARY})), *more)

    full = {**dict.fromkeys(foreign_groups(), 40), "turkey": 4}
    assert told([("a", "duldung_held", full)]) is not None
    monkeypatch.setattr(beside, "protect", careless)
    assert told([("a", "duldung_held", full)]) is None


def test_lower_threshold_would_tell_what_may_be_one_family() -> None:
    entered = [("a", "naturalisation_granted", {**dict.fromkeys(foreign_groups(), 40), "iran": 7})]
    kept = told(entered)
    assert kept is not None
    assert shown(kept)["iran"] is None
    loose = told(entered, replace(AUTHORITY_FIGURES, is_strict=False))
    assert loose is not None
    assert shown(loose)["iran"] == 7


def test_two_authorities_read_nothing_of_each_other_from_the_sum() -> None:
    found = told([("a", "duldung_held", SMALL), ("b", "duldung_held", SMALL)])
    assert found is not None
    assert [value for value in shown(found).values() if value] == []


def test_three_authorities_are_told_together_with_something_left_without_any_one() -> None:
    found = told(
        [(name, "duldung_held", {"syria": 40, "eu": 2 + 9 * place}) for place, name in enumerate("abc")]
    )
    assert found is not None
    assert shown(found)["syria"] in (None, 120)
    most = told(
        [
            ("a", "duldung_held", {"syria": 118}),
            ("b", "duldung_held", {"syria": 1}),
            ("c", "duldung_held", {"syria": 1}),
        ]
    )
    assert most is not None
    assert shown(most)["syria"] is None


def test_nobody_counted_is_german_so_that_cell_hides_no_other() -> None:
    codes = AUTHORITY_FIGURES.classes(Quarter.parse(QUARTER))["nationality"].dimension.codes
    assert "german" not in codes


def of_size(clients: int, detail: str | None = None) -> Material:
    figures = Figures((), Size(clients, 0), (), "unknown")
    return replace(material({}), figures=figures, detail=detail)


@pytest.mark.parametrize(
    ("clients", "detail", "is_told"), [(300, None, False), (1000, None, True), (1000, "medium", False)]
)
def test_table_is_told_where_the_clients_carry_it(clients: int, detail: str | None, is_told: bool) -> None:
    finer = replace(AUTHORITY_FIGURES.tables[0], scale=Scale.LARGE)
    subject = replace(AUTHORITY_FIGURES, tables=(finer,))
    further = authority_units([("a", finer.name.removeprefix("authority_"), SMALL)], QUARTER)
    found = protect_subject(subject, further, of_size(clients, detail), [])
    assert (found is not None) == is_told


def test_figure_that_nobody_entered_has_no_table() -> None:
    further = authority_units([("a", "duldung_held", SMALL)], QUARTER)
    assert further.tables == ("authority_duldung_held",)


def test_cells_of_subjects_are_never_taken_for_barrier_cases() -> None:
    found = told([("a", "duldung_held", SMALL)])
    assert found is not None
    assert all(is_beside(cell.key) for table in found.shown for cell in table.cells)
    assert not is_beside((("quarter", QUARTER),))
    assert not is_beside((("barrier", "C"), ("nationality", "syria"), ("quarter", QUARTER)))


def test_status_of_a_hidden_cell_never_says_why() -> None:
    found = told([("a", "naturalisation_granted", SMALL)])
    assert found is not None
    assert {cell.units.status for table in found.shown for cell in table.cells} <= set(Status)
