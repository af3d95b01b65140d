"""Derived tables and what a release leaves out: pure, each quotient and each reason by itself."""

from typing import Any

import pytest

from app.protection import Status
from app.reporting.catalogue import TABLES, Period, Quotient, Table
from app.reporting.derived.every import DERIVED_TABLES
from app.reporting.derived.quotients import ABSENT, Figure, divided
from app.reporting.derived.shape import Derived
from app.reporting.left_out import EXPLANATIONS, LeftOut, Offer, Reason, left_out
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.rules import Quarter, Scale, Scope, Size
from app.reporting.subjects.every import SUBJECTS
from tests.reporting.test_open_tables import OF_A_CELL

BY = Quotient("a", "b", 1000, 10, 100)
HIDDEN = Figure("suppressed", None)


def told(value: float) -> Figure:
    return Figure("published" if value else "zero", value)


@pytest.mark.parametrize(
    ("part", "base", "status", "value"),
    [
        (told(30), told(900), Status.PUBLISHED, 3333),
        (told(10), told(100), Status.PUBLISHED, 10000),
        (told(9), told(900), Status.TOO_FEW, None),
        (told(0), told(900), Status.ZERO, 0),
        (told(30), told(99), Status.NO_BASE, None),
        (told(30), told(0), Status.NO_BASE, None),
        (told(30), ABSENT, Status.NO_BASE, None),
        (HIDDEN, told(900), Status.SUPPRESSED, None),
        (HIDDEN, ABSENT, Status.SUPPRESSED, None),
        (told(30), HIDDEN, Status.SUPPRESSED, None),
        (ABSENT, told(900), Status.NOT_COLLECTED, None),
        (told(10), told(3_000_000), Status.TOO_FEW, None),
    ],
)
def test_quotient_or_the_reason_why_there_is_none(
    part: Figure, base: Figure, status: Status, value: int | None
) -> None:
    found = divided(part, base, BY)
    assert (found.status, found.value) == (status, value)


def test_quotient_is_taken_by_the_digits_that_are_told() -> None:
    assert divided(told(15), told(8.75), Quotient("a", "b", 1, 10, 1)).value == 171
    assert divided(told(201), told(0.1 + 1), Quotient("a", "b", 1, 10, 1)).value == 18273


@pytest.mark.parametrize("each", DERIVED_TABLES, ids=lambda each: each.table.name)
def test_derived_table_says_everything_in_both_languages(each: Derived) -> None:
    words, table = each.words, each.table
    for label in (table.title, table.definition, words.unit, words.source, words.method, words.note):
        assert label.de
        assert label.en not in ("", label.de)
    assert not {*table.levels} & OF_A_CELL
    assert table.hundredths
    for name in table.levels:
        for code in each.classes()[name].dimension.codes:
            assert each.classes()[name].label(code, "en")


def every_table() -> dict[str, Table]:
    subjects = [table for subject in SUBJECTS for table in subject.tables]
    return {each.name: each for each in (*TABLES, *subjects, *(each.table for each in OPEN_TABLES))}


@pytest.mark.parametrize("each", DERIVED_TABLES, ids=lambda each: each.table.name)
def test_derived_table_is_made_of_public_tables_of_the_same_time(each: Derived) -> None:
    numerator, denominator = (every_table()[name] for name in each.sources)
    assert numerator.is_public
    assert denominator in [one.table for one in OPEN_TABLES]
    assert (numerator.period is Period.YEAR) == (each.table.period is Period.YEAR)
    assert each.table.name not in every_table()
    assert numerator.scale == each.table.scale


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda each: each.name)
def test_small_area_is_told_one_dimension_of_each_subject_by_quarter(subject: Any) -> None:
    for table in subject.tables:
        if table.scale < Scale.LARGE:
            assert len(table.levels) == 1, table.name


def missing(offer: Offer, *shown: str) -> dict[str, Reason]:
    return {each.table.name: each.reason for each in left_out(offer, shown)}


THIRD, LAST = Quarter.parse("2025Q3"), Quarter.parse("2025Q4")
SMALL, MEDIUM, LARGE = Size(100, 30), Size(600, 225, 3), Size(2000, 900, 3)


@pytest.mark.parametrize(
    ("offer", "name", "reason"),
    [
        (Offer(THIRD, Scope.QUARTER, SMALL, None), "types_by_quarter", Reason.TOO_SMALL),
        (Offer(THIRD, Scope.QUARTER, SMALL, None), "types", Reason.TOO_SMALL),
        (Offer(THIRD, Scope.QUARTER, LARGE, "small"), "types_by_quarter", Reason.PUT_ASIDE),
        (Offer(THIRD, Scope.QUARTER, LARGE, None), "types", Reason.YEAR_NOT_ENDED),
        (Offer(LAST, Scope.QUARTER, LARGE, None), "types", Reason.YEAR_NOT_TOLD),
        (Offer(LAST, Scope.YEAR, Size(2000, 900), None), "regions_by_category", Reason.ONE_REGION),
        (Offer(THIRD, Scope.QUARTER, MEDIUM, None), "school_waiting", Reason.TOO_SMALL),
        (Offer(THIRD, Scope.QUARTER, Size(2000, 1, 3), None), "school_waiting", Reason.NOT_TOLD),
        (Offer(THIRD, Scope.QUARTER, LARGE, "medium"), "school_waiting", Reason.PUT_ASIDE),
        (Offer(THIRD, Scope.QUARTER, SMALL, None), "authority_duldung_held", Reason.NOT_TOLD),
        (Offer(THIRD, Scope.QUARTER, SMALL, None), "funded_positions", Reason.NOT_ENTERED),
        (Offer(THIRD, Scope.QUARTER, SMALL, None), "caseload_per_position", Reason.WITHOUT_SOURCE),
    ],
)
def test_what_is_left_out_is_named_with_its_reason(offer: Offer, name: str, reason: Reason) -> None:
    assert missing(offer)[name] is reason


def test_what_is_told_and_what_is_for_the_coordination_alone_is_not_among_what_is_left_out() -> None:
    offer = Offer(THIRD, Scope.QUARTER, SMALL, None)
    every = missing(offer)
    assert "signals" not in every
    assert every.keys() - missing(offer, "categories_by_quarter").keys() == {"categories_by_quarter"}


def test_each_reason_is_explained_in_both_languages_without_a_figure() -> None:
    for reason in Reason:
        text = LeftOut(TABLES[0], reason)
        assert text.told("de")["explanation"] != text.told("en")["explanation"]
        assert not any(sign.isdigit() for sign in EXPLANATIONS[reason].de)


def test_reason_never_depends_on_a_figure() -> None:
    """A subject that is empty and one that cannot be protected are left out alike."""
    assert {*Offer.__dataclass_fields__} == {"quarter", "scope", "size", "detail"}
