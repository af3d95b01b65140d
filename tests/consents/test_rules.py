"""What makes a consent hold: pure."""

from datetime import date

import pytest

from app.consents.rules import Direction, Scope, default_end, in_words, is_minor, lacking, nearest

TODAY = date(2026, 6, 15)


def scope(**changes: object) -> Scope:
    held = {
        "categories": frozenset({"master_data", "contact"}),
        "direction": "to",
        "given_on": date(2026, 1, 10),
        "valid_until": date(2026, 12, 31),
        "is_withdrawn": False,
    }
    return Scope(**{**held, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "categories", "direction", "missing"),
    [
        ({}, ["master_data"], Direction.TO, ()),
        ({"direction": "mutual"}, ["contact"], Direction.TO, ()),
        ({"direction": "mutual"}, [], Direction.FROM, ()),
        ({"valid_until": TODAY}, [], Direction.TO, ()),
        ({"given_on": TODAY}, [], Direction.TO, ()),
        ({}, [], Direction.FROM, ("direction",)),
        ({}, ["health", "contact", "benefits"], Direction.TO, ("category:benefits", "category:health")),
        ({"valid_until": date(2026, 6, 14)}, [], Direction.TO, ("expired",)),
        ({"given_on": date(2026, 6, 16)}, [], Direction.TO, ("not_yet_given",)),
        ({"is_withdrawn": True}, ["health"], Direction.FROM, ("withdrawn", "direction", "category:health")),
    ],
)
def test_consent_covers_exactly_what_it_says(
    changes: dict[str, object], categories: list[str], direction: Direction, missing: tuple[str, ...]
) -> None:
    assert lacking(scope(**changes), categories=categories, direction=direction, on=TODAY) == missing


def test_what_is_told_is_the_consent_that_comes_closest() -> None:
    assert nearest([("withdrawn", "direction"), ("expired",)]) == ("expired",)
    assert nearest([]) == ("recipient",)


def test_lacks_are_told_to_people_in_words() -> None:
    told = in_words(("expired", "direction", "category:health"))
    assert told == "it has run out, data may not flow in this direction, without Health"
    assert in_words(("withdrawn", "not_yet_given", "recipient")) == (
        "it was withdrawn, it is given later, there is none for this recipient"
    )


@pytest.mark.parametrize(
    ("birth", "minor"), [(date(2008, 6, 15), False), (date(2008, 6, 16), True), (None, False)]
)
def test_minors_come_of_age_on_their_eighteenth_birthday(birth: date | None, minor: bool) -> None:
    assert is_minor(birth, TODAY) is minor


def test_a_year_from_the_leap_day_ends_on_the_last_of_february() -> None:
    assert default_end(date(2024, 2, 29)) == date(2025, 2, 28)
    assert default_end(date(2026, 3, 1)) == date(2027, 3, 1)
