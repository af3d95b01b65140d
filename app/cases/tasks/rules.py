"""The way of a task as data: which step leads from which state where, and who may take it."""

from enum import StrEnum

from app.kit.machine import Machine, Transition

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


WAY: Machine[Step, State] = Machine(
    Transition(Step.CREATE, None, State.OPEN, TEAM),
    Transition(Step.GIVE, None, State.OFFERED, TEAM),
    Transition(Step.RECUR, None, State.OPEN, SYSTEM_OR_TEAM),
    Transition(Step.RECUR, None, State.OFFERED, SYSTEM_OR_TEAM),
    Transition(Step.ACCEPT, State.OFFERED, State.OPEN, ASSIGNEE),
    Transition(Step.DECLINE, State.OFFERED, State.OPEN, ASSIGNEE),
    Transition(Step.GIVE, State.OPEN, State.OFFERED, TEAM),
    Transition(Step.GIVE, State.OFFERED, State.OFFERED, TEAM),
    Transition(Step.TAKE_OVER, State.OPEN, State.OPEN, TEAM),
    Transition(Step.TAKE_OVER, State.OFFERED, State.OPEN, TEAM),
    Transition(Step.FINISH, State.OPEN, State.DONE, TEAM),
    Transition(Step.FINISH, State.OFFERED, State.DONE, TEAM),
    Transition(Step.DROP, State.OPEN, State.DROPPED, TEAM),
    Transition(Step.DROP, State.OFFERED, State.DROPPED, TEAM),
    Transition(Step.REOPEN, State.DONE, State.OPEN, TEAM),
    Transition(Step.REOPEN, State.DROPPED, State.OPEN, TEAM),
)
