"""The table of steps and the days of a series, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.tasks.recurrence import LAST, Rule, day_of, number_from
from app.cases.tasks.rules import ENDED, WAY, State, Step
from app.kit.diagram import mermaid


def test_every_state_is_reached_and_left() -> None:
    assert {each.target for each in WAY} == set(State)
    assert {each.source for each in WAY} == {None, *State}


def test_no_step_leads_to_two_states_from_one() -> None:
    later = [(each.step, each.source) for each in WAY if each.source is not None]
    assert len(later) == len(set(later))


def test_what_has_ended_is_only_reopened() -> None:
    assert {step for state in ENDED for step in WAY.steps_from(state)} == {"reopen"}


def test_step_that_does_not_lead_on_has_no_target() -> None:
    assert WAY.target_of(Step.ACCEPT, State.OPEN) is None
    assert WAY.target_of(Step.ACCEPT, State.OFFERED) is State.OPEN


def test_diagram_shows_every_arrow() -> None:
    drawn = mermaid(WAY)
    assert "offered --> open: accept (the one it is given to)" in drawn
    assert "dropped --> open: reopen" in drawn


def days(rule: Rule, count: int) -> list[str]:
    return [str(day_of(rule, number)) for number in range(1, count + 1)]


def test_month_without_the_day_takes_its_last_and_the_day_does_not_drift() -> None:
    rule = Rule("monthly", 1, date(2030, 1, 31))
    assert days(rule, 4) == ["2030-01-31", "2030-02-28", "2030-03-31", "2030-04-30"]


def test_leap_day_comes_every_year() -> None:
    rule = Rule("yearly", 1, date(2028, 2, 29))
    assert days(rule, 5) == ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


def test_interval_counts_weeks() -> None:
    assert days(Rule("weekly", 2, date(2030, 1, 1)), 3) == ["2030-01-01", "2030-01-15", "2030-01-29"]


def test_count_ends_a_series() -> None:
    rule = Rule("daily", 1, date(2030, 1, 1), count=2)
    assert (day_of(rule, 2), day_of(rule, 3)) == (date(2030, 1, 2), None)


def test_until_ends_a_series_and_belongs_to_it() -> None:
    rule = Rule("daily", 1, date(2030, 1, 1), until_on=date(2030, 1, 2))
    assert (day_of(rule, 2), day_of(rule, 3)) == (date(2030, 1, 2), None)


@pytest.mark.parametrize("frequency", ["daily", "yearly"])
def test_series_without_an_end_ends_where_dates_end(frequency: str) -> None:
    assert day_of(Rule(frequency, 99, date(2030, 1, 1)), 10**7) is None
    assert day_of(Rule("daily", 1, LAST), 2) is None


RULES = st.builds(
    Rule,
    st.sampled_from(["daily", "weekly", "monthly", "yearly"]),
    st.integers(1, 12),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)


@given(RULES, st.integers(1, 30))
def test_days_of_a_series_only_go_forward(rule: Rule, number: int) -> None:
    earlier, later = day_of(rule, number), day_of(rule, number + 1)
    assert earlier is None or later is None or timedelta(0) < later - earlier <= timedelta(366 * 12)


@given(RULES, st.integers(1, 30), st.integers(0, 4000))
def test_what_follows_a_pause_is_the_first_that_is_not_missed(rule: Rule, after: int, passed: int) -> None:
    today = rule.first_on + timedelta(passed)
    number = number_from(rule, today, after=after)
    due_on = day_of(rule, number)
    assert number > after
    assert due_on is None or due_on >= today
    before = day_of(rule, number - 1)
    assert number == after + 1 or (before is not None and before < today)


def test_missed_occurrences_count_and_a_series_may_end_in_a_pause() -> None:
    rule = Rule("daily", 1, date(2030, 1, 1), count=5)
    assert number_from(rule, date(2030, 1, 4), after=1) == 4
    assert day_of(rule, number_from(rule, date(2030, 2, 1), after=1)) is None
