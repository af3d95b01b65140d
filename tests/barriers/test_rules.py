"""What barriers count under, when observations appear, and the states of a proposal."""

from datetime import date

import pytest

from app.barriers.rules import (
    PROPOSAL_STATES,
    PROPOSAL_TRANSITIONS,
    counted,
    next_proposal_states,
    propose_report,
    quarter_of,
    visible_from,
)
from app.kit.diagram import mermaid


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026Q1"),
        (date(2026, 3, 31), "2026Q1"),
        (date(2026, 4, 1), "2026Q2"),
        (date(2026, 12, 31), "2026Q4"),
    ],
)
def test_quarter_follows_the_calendar(day: date, quarter: str) -> None:
    assert quarter_of(day) == quarter


def test_everything_observed_in_a_week_appears_on_the_monday_after_it() -> None:
    week = [date(2026, 6, 1 + day) for day in range(7)]
    assert {visible_from(day) for day in week} == {date(2026, 6, 8)}
    assert visible_from(date(2026, 6, 8)) == date(2026, 6, 15)


def test_barrier_counts_under_category_group_and_sensitivity() -> None:
    health = counted("J5", "psz", (None, None))
    assert (health.barrier_category, health.institution_group, health.is_sensitive) == ("J", "health", True)
    interface = counted("B1", None, ("ASYLBLG", "SGB_II"))
    assert (interface.institution_type, interface.institution_group) == (None, None)
    assert (interface.interface_from, interface.interface_to) == ("ASYLBLG", "SGB_II")
    assert interface.is_sensitive is False


def test_unknown_codes_are_our_own_fault() -> None:
    with pytest.raises(KeyError):
        counted("Z9", None, (None, None))


def test_outcome_or_silence_proposes_what_the_catalogue_says() -> None:
    assert propose_report("no_answer", "jobcenter") == "C9"
    assert propose_report("no_capacity", "kita") == "G1"
    assert propose_report("helped", "jobcenter") is None


def test_proposal_is_answered_once() -> None:
    assert next_proposal_states("open") == ["confirmed", "dropped"]
    assert next_proposal_states("confirmed") == next_proposal_states("dropped") == []
    assert {step.target for step in PROPOSAL_TRANSITIONS} == set(PROPOSAL_STATES)


def test_diagram_shows_every_way_of_a_proposal() -> None:
    assert mermaid(PROPOSAL_TRANSITIONS).count(" --> ") == 3
