"""The way of an interpreting as data, and what safe contact asks of it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

TEAM = "the case's team"
PROVIDER_TYPE = "sprachmittlung"
NEVER_A_PLACE = "frauenhaus"
"""The address of a women's shelter is told to nobody."""


class State(StrEnum):
    """Where an interpreting stands."""

    NEEDED = "needed"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    HELD = "held"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Step(StrEnum):
    """What happens to it, as the case manager writes it down."""

    RECORD = "record"
    REQUEST = "request"
    CONFIRM = "confirm"
    DECLINE = "decline"
    HOLD = "hold"
    CANCEL = "cancel"
    MISS = "miss"


NEEDS_REASON = frozenset({Step.DECLINE, Step.CANCEL, Step.MISS})
ENDED = frozenset({State.HELD, State.CANCELLED, State.NO_SHOW})
CHANGEABLE = frozenset({State.NEEDED, State.DECLINED})
"""What a provider has been asked for is not changed behind its back."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    step: Step
    source: State | None
    target: State
    by: str = TEAM

    @property
    def label(self) -> str:
        return str(self.step)


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Step.RECORD, None, State.NEEDED),
    Transition(Step.REQUEST, State.NEEDED, State.REQUESTED),
    Transition(Step.REQUEST, State.DECLINED, State.REQUESTED),
    Transition(Step.CONFIRM, State.REQUESTED, State.CONFIRMED),
    Transition(Step.DECLINE, State.REQUESTED, State.DECLINED),
    Transition(Step.HOLD, State.CONFIRMED, State.HELD),
    Transition(Step.MISS, State.CONFIRMED, State.NO_SHOW),
    Transition(Step.CANCEL, State.NEEDED, State.CANCELLED),
    Transition(Step.CANCEL, State.REQUESTED, State.CANCELLED),
    Transition(Step.CANCEL, State.DECLINED, State.CANCELLED),
    Transition(Step.CANCEL, State.CONFIRMED, State.CANCELLED),
)


def target_of(step: Step, state: str | None) -> State | None:
    """Return where a step leads from a state; None when it does not."""
    return next((each.target for each in TRANSITIONS if (each.step, each.source) == (step, state)), None)


def steps_from(state: str) -> list[str]:
    """Return the steps that lead on from a state."""
    return [str(each.step) for each in TRANSITIONS if each.source == state]


def channel_refused(mode: str, channels: Collection[str] | None) -> bool:
    """Say whether safe contact forbids this mode: by telephone only who may be telephoned."""
    return mode == "phone" and channels is not None and "phone" not in channels
