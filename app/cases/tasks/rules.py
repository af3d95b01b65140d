"""The way of a task as data: which step leads from which state where, and who may take it."""

from dataclasses import dataclass
from enum import StrEnum

TEAM = "the case's team"
ASSIGNEE = "the one it is given to"
SYSTEM_OR_TEAM = "the system when its day has passed, or whoever ends the occurrence before"


class State(StrEnum):
    """Where a task stands; the first two are open to everybody who asks what is left to do."""

    OPEN = "open"
    OFFERED = "offered"
    DONE = "done"
    DROPPED = "dropped"


class Step(StrEnum):
    """What happens to a task."""

    CREATE = "create"
    RECUR = "recur"
    GIVE = "give"
    TAKE_OVER = "take_over"
    ACCEPT = "accept"
    DECLINE = "decline"
    FINISH = "finish"
    DROP = "drop"
    REOPEN = "reopen"


ENDED = frozenset({State.DONE, State.DROPPED})
NEEDS_REASON = frozenset({Step.DECLINE, Step.DROP})
OF_THE_ASSIGNEE = frozenset({Step.ACCEPT, Step.DECLINE})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    step: Step
    source: State | None
    target: State
    by: str = TEAM

    @property
    def label(self) -> str:
        return f"{self.step} ({self.by})"


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Step.CREATE, None, State.OPEN),
    Transition(Step.GIVE, None, State.OFFERED),
    Transition(Step.RECUR, None, State.OPEN, SYSTEM_OR_TEAM),
    Transition(Step.RECUR, None, State.OFFERED, SYSTEM_OR_TEAM),
    Transition(Step.ACCEPT, State.OFFERED, State.OPEN, ASSIGNEE),
    Transition(Step.DECLINE, State.OFFERED, State.OPEN, ASSIGNEE),
    Transition(Step.GIVE, State.OPEN, State.OFFERED),
    Transition(Step.GIVE, State.OFFERED, State.OFFERED),
    Transition(Step.TAKE_OVER, State.OPEN, State.OPEN),
    Transition(Step.TAKE_OVER, State.OFFERED, State.OPEN),
    Transition(Step.FINISH, State.OPEN, State.DONE),
    Transition(Step.FINISH, State.OFFERED, State.DONE),
    Transition(Step.DROP, State.OPEN, State.DROPPED),
    Transition(Step.DROP, State.OFFERED, State.DROPPED),
    Transition(Step.REOPEN, State.DONE, State.OPEN),
    Transition(Step.REOPEN, State.DROPPED, State.OPEN),
)


def target_of(step: Step, state: str | None) -> State | None:
    """Return where a step leads from a state; None when it does not."""
    return next((each.target for each in TRANSITIONS if (each.step, each.source) == (step, state)), None)


def steps_from(state: str) -> list[str]:
    """Return the steps that lead on from a state."""
    return [str(each.step) for each in TRANSITIONS if each.source == state]
