"""Order and limits of what is found: births, weights, and what counts as the same person."""

from datetime import date
from uuid import UUID

import pytest

from app.clients.births import SAME_DATE, SAME_MONTH, SAME_YEAR, SIMILAR, UNKNOWN, Birth
from app.clients.finding import Candidate, duplicates, found
from app.clients.matching.forms import forms_of

BORN = date(1990, 5, 17)


def candidate(number: int, name: str, born: date | None = BORN, precision: str = "day") -> Candidate:
    forms = [form.stored() for form in forms_of([name])]
    return Candidate(UUID(int=number), forms, born, precision if born else "unknown")


@pytest.mark.parametrize(
    ("sought", "stored", "precision", "relation"),
    [
        (Birth.of(BORN), BORN, "day", SAME_DATE),
        (Birth.of(BORN), date(1990, 5, 1), "month", SAME_MONTH),
        (Birth.of(BORN), date(1990, 1, 1), "year", SAME_YEAR),
        (Birth.of(BORN), date(1990, 1, 1), "day", SIMILAR),
        (Birth.of(BORN), date(1991, 5, 17), "day", SIMILAR),
        (Birth.of(date(1990, 5, 7)), date(1990, 7, 5), "day", SIMILAR),
        (Birth.of(BORN), date(1990, 5, 18), "day", None),
        (Birth.of(BORN), date(1989, 1, 1), "year", None),
        (Birth.of(BORN), None, "unknown", UNKNOWN),
        (Birth(), BORN, "day", UNKNOWN),
        (Birth.of(date(1990, 1, 1), "year"), BORN, "day", SAME_YEAR),
        (Birth.of(date(1990, 12, 1), "month"), date(1990, 12, 31), "day", SAME_MONTH),
        (Birth.of(date(1990, 12, 1), "month"), date(1991, 1, 1), "day", None),
    ],
)
def test_birth_dates_are_set_against_each_other_as_far_as_they_are_known(
    sought: Birth, stored: date | None, precision: str, relation: str | None
) -> None:
    assert sought.relation(stored, precision) == relation


def test_who_was_born_then_is_found_behind_who_bears_the_name() -> None:
    people = [candidate(1, "Ion Popescu"), candidate(2, "Amina Hadi"), candidate(3, "Amina Hadi", None)]
    order = [each.client_id.int for each in found(forms_of(["Amina Hadi"]), Birth.of(BORN), people)]
    assert order == [2, 3, 1]


def test_birth_date_that_contradicts_speaks_for_nobody() -> None:
    people = [candidate(1, "Amina Hadi", date(1971, 2, 3)), candidate(2, "Amina Hadi", None)]
    order = [each.client_id.int for each in found(forms_of(["Amina Hadi"]), Birth.of(BORN), people)]
    assert order == [2, 1]


def test_same_name_born_on_another_day_is_somebody_else() -> None:
    people = [candidate(1, "Amina Hadi", date(1971, 2, 3)), candidate(2, "أمينة هادي")]
    likely = duplicates(forms_of(["Amina Hadi"]), Birth.of(BORN), people)
    assert [each.client_id.int for each in likely] == [2]


def test_the_less_is_known_of_a_birth_the_more_alike_names_must_be() -> None:
    asked = forms_of(["Amika Hadit"])
    for born, expected in ((BORN, 1), (None, 0)):
        assert len(duplicates(asked, Birth.of(BORN), [candidate(1, "Amina Hadi", born)])) == expected
