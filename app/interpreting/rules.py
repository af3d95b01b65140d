"""The way of an interpreting as data, and what safe contact asks of it."""

from collections.abc import Collection
from enum import StrEnum

from app.kit.machine import Machine, Transition

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


CALLS_OFF = frozenset({Step.DECLINE, Step.CANCEL})
"""What ends the use of somebody's data, and is possible while they are only kept."""
NEEDS_REASON = frozenset({Step.DECLINE, Step.CANCEL, Step.MISS})
AFTER_ITS_DAY = frozenset({Step.HOLD, Step.MISS})
ENDED = frozenset({State.HELD, State.CANCELLED, State.NO_SHOW})
CHANGEABLE = frozenset({State.NEEDED, State.DECLINED})
"""What a provider has been asked for is not changed behind its back."""


WAY: Machine[Step, State] = Machine(
    Transition(Step.RECORD, None, State.NEEDED, TEAM),
    Transition(Step.REQUEST, State.NEEDED, State.REQUESTED, TEAM),
    Transition(Step.REQUEST, State.DECLINED, State.REQUESTED, TEAM),
    Transition(Step.CONFIRM, State.REQUESTED, State.CONFIRMED, TEAM),
    Transition(Step.DECLINE, State.REQUESTED, State.DECLINED, TEAM),
    Transition(Step.HOLD, State.CONFIRMED, State.HELD, TEAM),
    Transition(Step.HOLD, State.NEEDED, State.HELD, TEAM, "unplanned, with whoever interpreted"),
    Transition(Step.MISS, State.CONFIRMED, State.NO_SHOW, TEAM),
    Transition(Step.CANCEL, State.NEEDED, State.CANCELLED, TEAM),
    Transition(Step.CANCEL, State.REQUESTED, State.CANCELLED, TEAM),
    Transition(Step.CANCEL, State.DECLINED, State.CANCELLED, TEAM),
    Transition(Step.CANCEL, State.CONFIRMED, State.CANCELLED, TEAM),
)


def channel_refused(mode: str, channels: Collection[str] | None) -> bool:
    """Say whether safe contact forbids this mode: by telephone only who may be telephoned."""
    return mode == "phone" and channels is not None and "phone" not in channels
