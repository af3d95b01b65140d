"""What is known about persons and documents without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogues.check import vocabulary
from app.clients import rules


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        (date(2020, 6, 1), date(2026, 5, 31), "0-5"),
        (date(2020, 6, 1), date(2026, 6, 1), "6-9"),
        (date(2008, 2, 29), date(2026, 2, 28), "16-17"),
        (date(2008, 2, 29), date(2026, 3, 1), "18-26"),
        (date(1961, 6, 2), date(2026, 6, 1), "55-64"),
        (date(1961, 6, 1), date(2026, 6, 1), "65+"),
        (date(2026, 6, 2), date(2026, 6, 1), None),
        (None, date(2026, 6, 1), None),
    ],
)
def test_age_band_changes_on_the_birthday(born: date | None, on: date, band: str | None) -> None:
    assert rules.age_band(born, "day", on) == band


@pytest.mark.parametrize(
    ("born", "precision", "on", "band"),
    [
        (date(2008, 1, 1), "year", date(2026, 1, 1), "16-17"),
        (date(2008, 1, 1), "year", date(2026, 12, 30), "16-17"),
        (date(2008, 1, 1), "year", date(2026, 12, 31), "18-26"),
        (date(2008, 1, 1), "day", date(2026, 1, 1), "18-26"),
        (date(2008, 2, 1), "month", date(2026, 2, 28), "16-17"),
        (date(2008, 2, 1), "month", date(2026, 3, 1), "18-26"),
        (date(2026, 1, 1), "year", date(2026, 3, 1), "0-5"),
        (date(2027, 1, 1), "year", date(2026, 3, 1), None),
    ],
)
def test_who_can_still_be_a_minor_is_one(born: date, precision: str, on: date, band: str | None) -> None:
    assert rules.age_band(born, precision, on) == band


def test_every_age_has_a_band_of_the_vocabulary() -> None:
    bands = {rules.age_band(date(2026 - age, 1, 1), "day", date(2026, 6, 1)) for age in range(110)}
    assert bands == set(vocabulary("age_band"))


@pytest.mark.parametrize(
    ("groups", "group"),
    [
        ([], "stateless_unclear"),
        (["syria"], "syria"),
        (["syria", "turkey"], "syria"),
        (["syria", "german"], "german"),
    ],
)
def test_several_nationalities_count_once_and_german_first(groups: list[str], group: str) -> None:
    assert rules.reporting_nationality(groups) == group


def test_words_of_the_rules_are_words_of_the_vocabularies() -> None:
    assert {rules.STATELESS_OR_UNCLEAR, rules.GERMAN} <= set(vocabulary("nationality_group"))
    assert rules.NOT_STATED in vocabulary("residence_group")
    assert rules.SHELTER in vocabulary("housing_type")
    assert set(rules.ONE_AT_A_TIME) <= set(vocabulary("benefit_strand"))


def test_only_what_accompanies_a_title_is_a_certificate() -> None:
    strands = {
        code: rules.residence_strand(entry.parent or "")
        for code, entry in vocabulary("residence_status").items()
    }
    assert {code for code, strand in strands.items() if strand == "certificate"} == {
        "FIK-81.3.1",
        "FIK-81.3.2",
        "FIK-81.4",
    }


def test_inverse_of_a_relation_is_a_relation_and_leads_back() -> None:
    for relation in vocabulary("relation"):
        inverse = rules.inverse_relation(relation)
        assert (inverse is None) == (relation == "guardian")
        assert inverse is None or rules.inverse_relation(inverse) == relation


@given(st.dates(date(1900, 2, 1), date(2199, 1, 1)))
def test_similar_birth_dates_are_others_and_few(born: date) -> None:
    similar = rules.similar_birth_dates(born)
    assert born not in similar
    assert 2 <= len(similar) <= 3


def test_slips_of_the_pen_are_similar() -> None:
    assert set(rules.similar_birth_dates(date(1990, 5, 7))) == {
        date(1990, 7, 5),
        date(1991, 5, 7),
        date(1989, 5, 7),
    }
    assert date(2023, 2, 28) in rules.similar_birth_dates(date(2024, 2, 29))
    assert len(rules.similar_birth_dates(date(1990, 5, 5))) == 2


@pytest.mark.parametrize(
    ("born", "precision", "fits"),
    [
        (date(1990, 5, 17), "day", True),
        (date(1990, 5, 17), "month", False),
        (date(1990, 5, 1), "month", True),
        (date(1990, 5, 1), "year", False),
        (date(1990, 1, 1), "year", True),
        (date(1990, 1, 1), "unknown", False),
        (None, "unknown", True),
        (None, "day", False),
    ],
)
def test_birth_date_says_no_more_than_is_known(born: date | None, precision: str, fits: bool) -> None:
    assert rules.birth_fits(born, precision) is fits
