"""A table of transitions, and what follows from it."""

from enum import StrEnum

from app.kit.diagram import mermaid
from app.kit.machine import Machine, Transition, from_each


class State(StrEnum):
    OPEN = "open"
    HELD = "held"
    SHUT = "shut"


class Step(StrEnum):
    BEGIN = "begin"
    HOLD = "hold"
    SHUT = "shut"


DOOR: Machine[Step, State] = Machine(
    Transition(Step.BEGIN, None, State.OPEN, "owner"),
    Transition(Step.HOLD, State.OPEN, State.HELD, "guest", "a reason"),
    *from_each((State.OPEN, State.HELD), Step.SHUT, State.SHUT, "owner"),
    Transition(Step.SHUT, State.OPEN, State.SHUT, "guest"),
)


def test_step_leads_to_its_target_from_the_states_it_is_written_for() -> None:
    leads = {(step, state): DOOR.target_of(step, state) for step in Step for state in (None, *State)}
    assert {key: target for key, target in leads.items() if target} == {
        (Step.BEGIN, None): State.OPEN,
        (Step.HOLD, State.OPEN): State.HELD,
        (Step.SHUT, State.OPEN): State.SHUT,
        (Step.SHUT, State.HELD): State.SHUT,
    }


def test_step_of_one_side_is_not_taken_by_the_other() -> None:
    assert DOOR.target_of(Step.SHUT, State.HELD, "owner") is State.SHUT
    assert DOOR.target_of(Step.SHUT, State.HELD, "guest") is None
    assert DOOR.target_of(Step.SHUT, State.OPEN, "guest") is State.SHUT


def test_steps_from_a_state_are_told_once_in_order_and_by_side() -> None:
    assert DOOR.steps_from("open") == ["hold", "shut"]
    assert DOOR.steps_from("open", "owner") == ["shut"]
    assert DOOR.steps_from("shut") == DOOR.steps_from("no such state") == []


def test_diagram_tells_who_takes_a_step_and_what_it_needs() -> None:
    assert "open --> held: hold (guest, a reason)" in mermaid(DOOR)
    assert "open --> shut: shut (owner), shut (guest)" in mermaid(DOOR)
