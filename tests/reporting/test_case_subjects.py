"""Cases, inquiries, referrals and changes of legal domain: protected by their margins, confined by nobody."""

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import orjson
import pytest

from app.protection import Count, Finding, ProtectedTable, Rule, Rules, Status, attack, columns, draft
from app.reporting import beside
from app.reporting.beside import Beside, protect_subject
from app.reporting.last_check import best_informed
from app.reporting.material import Material
from app.reporting.parts import Figures
from app.reporting.pictures.charts import chart
from app.reporting.rendering import render
from app.reporting.rules import Scale, Scope, Size
from app.reporting.stated import Rendered
from app.reporting.subjects.closed_cases import CLOSED_CASES
from app.reporting.subjects.every import SUBJECTS
from app.reporting.subjects.open_cases import OPEN_CASES
from app.reporting.subjects.referrals import REFERRALS, course_of, referrals
from app.reporting.subjects.subject import Further, Subject
from app.reporting.subjects.waiting_list import WAITING_LIST, WEEKS, waiting
from tests.attacks.readers import an_institution_subtracts
from tests.reporting.caseload import EVERY, QUARTER, Caseload
from tests.reporting.frozen import RELEASE

BY_NAME = {subject.name: subject for subject in SUBJECTS if subject.name in EVERY}
RULES = Rules(effort=30)
LARGE = 1000


def told(subject: Subject, further: Further, clients: int = LARGE) -> Beside | None:
    figures = Figures((), Size(clients, 0), (), "unknown", {subject.name: further})
    material = Material("x", "KIM-X", "X", QUARTER, None, figures, (), RULES)
    return protect_subject(subject, further, material, [])


@cache
def found(name: str, seed: int, persons: int) -> tuple[Beside, Further]:
    """Return a protected subject, which nobody changes, and the figures it is made of."""
    further = EVERY[name](Caseload(persons, 20, seed))
    protected = told(BY_NAME[name], further, persons)
    assert protected is not None
    return protected, further


def limits(subject: Subject) -> dict[str, int]:
    rules = subject.rules(RULES)
    return {"k": rules.k, "k_sensitive": rules.k_sensitive, "k_insider": rules.k_insider}


@pytest.mark.parametrize("persons", [250, LARGE])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("name", EVERY)
def test_attacker_confines_no_cell(name: str, seed: int, persons: int) -> None:
    protected, further = found(name, seed, persons)
    dimensions = [each.dimension for each in protected.every.values()]
    own = best_informed(further.units, 10)
    assert attack(protected.shown, dimensions, **limits(protected.subject), own=own) == []
    cells = [cell for table in protected.shown for cell in table.cells]
    least = limits(protected.subject)["k"]
    assert not any(cell.units.value and cell.units.value < least for cell in cells)
    assert any(cell.units.status is Status.PUBLISHED for cell in cells)


@pytest.mark.parametrize("name", EVERY)
def test_large_total_is_told_whatever_is_hidden(name: str) -> None:
    protected, further = found(name, 1, LARGE)
    assert {table.cells[0].units.value for table in protected.shown} == {len(further.units)}


@pytest.mark.parametrize("name", EVERY)
def test_attack_succeeds_where_nothing_is_hidden_for_another_sake(name: str) -> None:
    subject = BY_NAME[name]
    dimensions = [each.dimension for each in subject.classes(QUARTER).values()]
    specs = [each.spec(QUARTER, Scope.QUARTER) for each in subject.tables]
    weak = replace(subject.rules(RULES), off=frozenset({Rule.COMPLEMENTARY}))
    loads = (Caseload(persons, 12, seed) for persons in (200, 400) for seed in range(5))
    drafts = (draft(EVERY[name](load).units, dimensions, specs, weak).tables for load in loads)
    assert any(attack(tables, dimensions, **limits(subject)) for tables in drafts)


def test_subject_is_left_out_when_its_tables_can_be_attacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(units, dimensions, specs, rules, *more):  # type: ignore[no-untyped-def]
        return draft(units, dimensions, specs, replace(rules, off=frozenset({Rule.COMPLEMENTARY})), *more)

    further = Caseload(400, 12, 3).closed_cases()
    assert told(CLOSED_CASES, further) is not None
    monkeypatch.setattr(beside, "protect", careless)
    assert told(CLOSED_CASES, further) is None


@pytest.mark.parametrize("name", EVERY)
def test_tables_follow_from_the_size_of_the_area(name: str) -> None:
    subject = BY_NAME[name]
    further = EVERY[name](Caseload(300, 12))
    for clients, scale in ((100, Scale.SMALL), (300, Scale.MEDIUM), (1000, Scale.LARGE)):
        protected = told(subject, further, clients)
        assert protected is not None
        assert [each.name for each in protected.tables] == [
            each.name for each in subject.tables if each.scale <= scale
        ]
    for table in subject.tables:
        assert len(table.levels) == 1 or table.scale is Scale.LARGE
        assert len(table.levels) <= 3


@pytest.mark.parametrize("name", EVERY)
def test_result_does_not_depend_on_the_order_of_rows(name: str) -> None:
    protected, further = found(name, 1, LARGE)
    other = told(protected.subject, Further(further.units[::-1], further.tables))
    assert other is not None
    assert other.shown == protected.shown


def test_open_and_closed_cases_are_told_by_nothing_in_common() -> None:
    open_, closed = OPEN_CASES.classes(QUARTER), CLOSED_CASES.classes(QUARTER)
    assert set(open_) & set(closed) == {"quarter"}


def test_no_band_of_the_waiting_list_holds_those_of_one_earlier_band_alone() -> None:
    bands = list(
        zip((0, *(7 * each for each in WEEKS)), (*(7 * each for each in WEEKS), 10_000), strict=True)
    )

    def inside(band: tuple[int, int], other: tuple[int, int], days: int) -> bool:
        return band[0] - days >= other[0] and band[1] - days <= other[1] and band[1] - days > 0

    later = (days * quarters for days, quarters in product((90, 91, 92), range(1, 8)))
    assert not any(inside(band, other, days) for days in later for band, other in product(bands, bands))
    assert inside((91, 182), (0, 91), 91)


def waits(number: int, units: int, *, days: int = 10) -> Further:
    """Return who waits as they are read: of the only unit with case managers the unit is not named."""
    unit = {each: f"u{each}" if units > 1 else None for each in range(units)}
    rows = [(f"q{each}", f"q{each}", unit[each % units], None, days) for each in range(number)]
    return waiting(columns(rows, 5), QUARTER)


def test_list_of_the_only_unit_names_nobody_who_waits() -> None:
    alone, several = (waits(60, units).nameless().units for units in (1, 3))
    knows = {unit.contributor for unit in alone}
    assert len(knows) == 60
    assert not knows & {f"q{each}" for each in range(60)}
    assert {unit.contributor for unit in several} == {"u0", "u1", "u2"}


@pytest.mark.parametrize(("units", "is_told"), [(1, True), (2, False), (3, True)])
def test_two_units_read_nothing_of_each_others_waiting_lists(units: int, is_told: bool) -> None:
    protected = told(WAITING_LIST, waits(60, units))
    assert protected is not None
    values = {cell.codes[0]: cell.units.value for cell in protected.shown[0].cells}
    assert values["total"] == (60 if is_told else None)


@pytest.mark.parametrize("at_another", [0, 1, 2])
def test_figure_tells_no_unit_whether_somebody_waits_at_another(at_another: int) -> None:
    rows = [(f"q{each}", f"q{each}", "u0", None, 10) for each in range(60)]
    rows += [(f"o{each}", f"o{each}", "u1", None, 10) for each in range(at_another)]
    protected = told(WAITING_LIST, waiting(columns(rows, 5), QUARTER))
    assert protected is not None
    assert {cell.units.status for cell in protected.shown[0].cells} <= {Status.SUPPRESSED, Status.ZERO}
    assert protected.shown[0].cells[0].units.value is None


def test_nine_anonymous_inquiries_are_not_told() -> None:
    for number, value in ((9, None), (10, 10)):
        protected = told(WAITING_LIST, waits(number, 1))
        assert protected is not None
        assert protected.shown[0].cells[0].units.value == value


def as_everybody_knows(further: Further) -> list[ProtectedTable]:
    """Return what the rules of referrals say of each: zeros where no referral can be, the rest untold."""
    dimensions = [each.dimension for each in REFERRALS.classes(QUARTER).values()]
    specs = [each.spec(QUARTER, Scope.QUARTER) for each in REFERRALS.links]
    rules = frozenset(Rule) - {Rule.LINKED, Rule.LEDGER, Rule.PERSON_TOTALS}
    hidden = Count(Status.SUPPRESSED)
    return [
        replace(
            table,
            cells=tuple(
                each if each.units.status is Status.ZERO else replace(each, units=hidden)
                for each in table.cells
            ),
        )
        for table in draft(further.units, dimensions, specs, replace(RULES, off=rules)).tables
    ]


def inferred(subject: Subject, further: Further) -> list[Finding]:
    """Return what is confined of a subject's cells by who knows that the unanswered had no time to answer."""
    protected = told(subject, further)
    assert protected is not None
    dimensions = [each.dimension for each in protected.every.values()]
    shown = {cell.key for table in protected.shown for cell in table.cells}
    findings = attack([*protected.shown, *as_everybody_knows(further)], dimensions, **limits(subject))
    return [each for each in findings if each.key in shown]


def test_proof_of_referrals_knows_that_who_had_no_answer_had_no_time_either() -> None:
    further = Caseload(400, 20, 2).referrals()
    assert inferred(REFERRALS, further) == []
    assert inferred(replace(REFERRALS, links=()), further) != []


@pytest.mark.parametrize(
    ("state", "outcome", "is_answered", "course"),
    [
        ("completed", "helped", True, "helped"),
        ("failed", "no_capacity", True, "no_capacity"),
        ("rejected", None, True, "rejected"),
        ("expired", "no_answer", False, "no_answer"),
        ("cancelled", None, False, "ended_before"),
        ("revoked", None, True, "no_outcome"),
    ],
)
def test_referral_ends_in_one_class(state: str, outcome: str | None, is_answered: bool, course: str) -> None:
    assert course_of(state, outcome, is_answered=is_answered) == course


@pytest.mark.parametrize("name", ["referrals", "inquiries", "waiting_list"])
def test_institution_confines_nothing_that_others_sent(name: str) -> None:
    protected, further = found(name, 1, LARGE)
    dimensions = [each.dimension for each in protected.every.values()]
    own = {
        institution: [unit for unit in further.units if unit.institution == institution]
        for institution in sorted({unit.institution for unit in further.units if unit.institution})
    }
    assert own
    assert attack(protected.shown, dimensions, **limits(protected.subject), own=own) == []
    tree = {each.name: each for each in dimensions}
    assert an_institution_subtracts(protected.shown, further.units, tree, RULES) == []


def ended(institution: str, number: int) -> list[tuple[object, ...]]:
    """Return so many referrals to an institution that gives counsel, or to some of another kind."""
    kind = "schuldnerberatung" if institution.startswith("counsel") else "jobcenter"
    return [
        (f"{institution} {at}", f"h {institution} {at}", f"cm{at % 4}", institution, kind,
         "completed", True, at % 9, "helped")
        for at in range(number)
    ]  # fmt: skip


@pytest.mark.parametrize(("others", "value"), [(1, None), (2, None), (3, 23), (0, 20)])
def test_referrals_are_not_told_that_one_institution_knows_but_for_two(
    others: int, value: int | None
) -> None:
    elsewhere = [row for at in range(4) for row in ended(f"office {at}", 15)]
    rows = [*ended("counsel", 20), *ended("counsel of others", others), *elsewhere]
    further = referrals(columns(rows, 9), QUARTER)
    protected = told(REFERRALS, further, 400)
    assert protected is not None
    groups = {
        cell.codes: cell.units.value
        for shown in protected.shown
        if shown.spec.name == "referrals_by_institution_group"
        for cell in shown.cells
    }
    assert groups["counselling",] == value
    tree = {each.dimension.name: each.dimension for each in protected.every.values()}
    assert an_institution_subtracts(protected.shown, further.units, tree, RULES) == []


def drawn(protected: Beside, place: int) -> tuple[Rendered, dict[str, Any]]:
    release = replace(RELEASE, quarter=QUARTER, words=protected.subject.words, rules=protected.rules)
    made = render(release, protected.tables[place], protected.shown[place], protected.every)
    return made, orjson.loads(made.json_de)


@pytest.mark.parametrize("name", EVERY)
def test_every_table_is_a_full_grid_in_words_with_a_chart(name: str) -> None:
    protected, _ = found(name, 1, LARGE)
    for place in range(len(protected.tables)):
        made, table = drawn(protected, place)
        codes = [[each["code"] for each in dimension["codes"]] for dimension in table["dimensions"]]
        assert [tuple(cell["codes"]) for cell in table["cells"]] == list(product(*codes))
        assert all(table[part] for part in ("title", "definition", "unit", "source", "note", "method"))
        assert table["title"] != orjson.loads(made.json_en)["title"]
        assert len(made.csv_de.splitlines()) == len(table["cells"]) + 1
        assert chart(table, "de")["data"]["values"]
