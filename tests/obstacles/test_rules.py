"""The way of an obstacle: the table is whole, and says what each step needs."""

from datetime import date

import pytest

from app.catalogues.check import vocabulary
from app.kit.diagram import mermaid
from app.obstacles.rules import (
    DRAFT,
    OUTCOMES,
    STATUSES,
    TRANSITIONS,
    Facts,
    Transition,
    asks_steering_group,
    can_merge,
    following,
    missing_for,
    quarter_has_ended,
    start_of_part,
    step_between,
    system_may,
)

EVERYTHING = Facts(
    responsible_unit=True, due_on=date(2026, 12, 1), reason=True, measure_states=("done",), decided=True,
    effect_check=True,
)  # fmt: skip


def test_table_knows_every_status_of_the_vocabulary_and_no_other() -> None:
    assert set(STATUSES) == set(vocabulary("obstacle_status"))


def test_no_status_but_merged_is_a_dead_end_and_each_can_be_reached() -> None:
    assert [status for status in STATUSES if not following(status)] == ["merged"]
    reached = {"reported"}
    for _ in STATUSES:
        reached |= {target for status in reached for target in following(status)}
    assert reached == set(STATUSES)


def test_no_row_stands_twice() -> None:
    ways = [(step.source, step.target) for step in TRANSITIONS]
    assert len(ways) == len(set(ways))


@pytest.mark.parametrize("step", [step for step in TRANSITIONS if step.source in ("decided", "bundled")])
def test_going_back_rejecting_and_escalating_ask_why(step: Transition) -> None:
    forward = {"in_working_group", "in_project_group", "implemented"}
    back = step.source == "decided" and step.target == "in_project_group"
    assert ("reason" in step.needs) is (back or step.target not in forward)


def test_only_decided_obstacles_are_implemented_or_those_the_state_has_solved() -> None:
    sources = {step.source for step in TRANSITIONS if step.target == "implemented"}
    assert sources == {"decided", "escalated_to_state"}


@pytest.mark.parametrize("step", TRANSITIONS)
def test_step_with_everything_there_lacks_nothing_and_without_anything_all_it_needs(step: Transition) -> None:
    assert missing_for(step, EVERYTHING) == []
    assert missing_for(step, Facts()) == sorted(step.needs)


def test_only_what_is_open_is_merged_and_only_before_a_decision_split() -> None:
    closed = {"implemented", "effect_checked", "rejected", "merged"}
    assert {status for status in STATUSES if not can_merge(status)} == closed
    assert {status for status in STATUSES if start_of_part(status) is None} == {
        *closed,
        "decided",
        "escalated_to_state",
    }


def test_part_begins_where_a_row_of_the_table_lets_it() -> None:
    begins = {step.target for step in TRANSITIONS if step.source is None}
    assert {start_of_part(status) for status in STATUSES} - {None} == begins


def test_outcomes_are_statuses_and_no_drafts() -> None:
    assert set(STATUSES) - DRAFT >= OUTCOMES


def test_dropped_measures_count_as_none() -> None:
    decide = step_between("in_project_group", "decided")
    implement = step_between("decided", "implemented")
    assert decide is not None
    assert implement is not None
    assert missing_for(decide, Facts(decided=True, measure_states=("dropped",))) == ["measure"]
    assert missing_for(implement, Facts(measure_states=("dropped",))) == ["measures_done"]
    assert missing_for(implement, Facts(measure_states=("done", "planned"))) == ["measures_done"]
    assert missing_for(implement, Facts(measure_states=("done", "dropped"))) == []


def test_effect_is_checked_only_with_a_check() -> None:
    step = step_between("implemented", "effect_checked")
    assert step is not None
    assert missing_for(step, Facts(reason=True)) == ["effect_check"]


def test_system_takes_one_step_and_no_other() -> None:
    ways = [(step.source or "", step.target) for step in TRANSITIONS]
    assert [way for way in ways if system_may(*way)] == [("effect_checked", "under_review")]
    assert not system_may("effect_checked", "rejected")


def test_step_outside_the_table_does_not_exist() -> None:
    assert step_between("reported", "decided") is None


@pytest.mark.parametrize(
    ("quarter", "ended"),
    [("2026Q1", True), ("2025Q4", True), ("2026Q2", False), ("2026Q3", False), ("2027Q1", False)],
)
def test_quarter_has_ended_only_when_the_next_one_runs(quarter: str, *, ended: bool) -> None:
    assert quarter_has_ended(quarter, date(2026, 4, 1)) is ended


def test_diagram_shows_every_way() -> None:
    drawn = mermaid(TRANSITIONS)
    assert drawn.count(" --> ") == len(TRANSITIONS)
    assert "[*] --> reported: coordination" in drawn


def test_obstacle_waits_for_the_steering_group_where_only_its_decision_leads_on() -> None:
    asking = {status for status in STATUSES if asks_steering_group(status)}
    assert asking == {"in_project_group", "escalated_to_state"}
