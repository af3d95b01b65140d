"""The way into school, the days that follow from its steps, and the bands of waiting."""

from datetime import date
from itertools import pairwise

import pytest

from app.school_entries.rules import BANDS, FIRST_DAYS, OVER, WAY, State, Step, band_of, days_of

MONDAY, LATER, LAST = date(2026, 1, 12), date(2026, 2, 9), date(2026, 3, 2)


def test_every_state_is_reached_and_only_the_end_is_left_by_no_step() -> None:
    assert {each.target for each in WAY} == set(State)
    assert {each.source for each in WAY} == {None, *State} - {State.ENDED}


def test_nobody_begins_without_a_place_that_was_accepted_or_allocated() -> None:
    for step in FIRST_DAYS:
        assert {state for state in State if WAY.target_of(step, state)} == {State.ALLOCATED, State.ACCEPTED}


def test_child_waits_from_being_registered_whenever_it_came_on_a_list() -> None:
    assert days_of([("register", MONDAY)]).listed_on is None
    waited = days_of([("register", MONDAY), ("wait", LATER), ("refuse", LAST), ("wait", LAST)])
    assert (waited.waiting_since, waited.listed_on) == (MONDAY, LATER)


def test_first_day_is_that_of_the_support_class() -> None:
    days = days_of([("register", MONDAY), ("start_support", LATER), ("transfer", LAST)])
    assert (days.first_day, days.ended_on) == (LATER, None)


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "up_to_4"), (28, "up_to_4"), (29, "up_to_8"), (84, "up_to_12"), (85, "up_to_26"), (182, "up_to_26"),
     (183, "over_26"), (2000, "over_26")],
)  # fmt: skip
def test_band_of_so_many_days(days: int, band: str) -> None:
    assert band_of(days) == band


def test_bands_follow_each_other_without_a_gap() -> None:
    edges = list(BANDS.values())
    assert edges[0][0] == 0
    assert all(before[1] + 1 == after[0] for before, after in pairwise(edges))
    assert OVER not in BANDS


def test_every_step_is_in_the_table() -> None:
    assert {each.step for each in WAY} == set(Step)
