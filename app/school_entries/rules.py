"""The way into school as data, what its days follow from, and how waiting is counted in bands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kit.machine import Machine, Transition, from_each

TEAM = "the case's team"
NORM = "§ 34 SchulG NRW"
"""Compulsory schooling; stands in every answer as its source."""

STAGES = ("primary", "lower_secondary", "upper_secondary")
FOR_ADULTS = frozenset({"upper_secondary"})
"""Where people of full age are taught too: vocational colleges, schools for adults (§§ 22, 23 SchulG NRW)."""
SUPPORT_FORMS = ("first_support", "support_class", "partly_integrated")
REFUSALS = ("distance", "transport", "no_support", "school_full", "family", "other")


class State(StrEnum):
    """Where a child stands on the way into school."""

    REGISTERED = "registered"
    COUNSELLED = "counselled"
    ALLOCATED = "allocated"
    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    SUPPORT_CLASS = "support_class"
    REGULAR_CLASS = "regular_class"
    ENDED = "ended"


class Step(StrEnum):
    """What happens, as the case manager writes it down."""

    REGISTER = "register"
    COUNSEL = "counsel"
    ALLOCATE = "allocate"
    WAIT = "wait"
    OFFER = "offer"
    ACCEPT = "accept"
    REFUSE = "refuse"
    START_SUPPORT = "start_support"
    START_REGULAR = "start_regular"
    TRANSFER = "transfer"
    END = "end"


CHANGE = "change"
"""An entry of the history beside the steps: other details than before."""

WITHOUT_A_SCHOOL = (
    State.REGISTERED, State.COUNSELLED, State.ALLOCATED, State.WAITING, State.OFFERED, State.ACCEPTED,
)  # fmt: skip
FIRST_DAYS = frozenset({Step.START_SUPPORT, Step.START_REGULAR})
AFTER_CLOSING = frozenset({Step.END})
"""How it ended is also written into a closed case."""
NEEDS_REASON = frozenset({Step.REFUSE, Step.END})


WAY: Machine[Step, State] = Machine(
    Transition(Step.REGISTER, None, State.REGISTERED, TEAM),
    *from_each((State.REGISTERED,), Step.COUNSEL, State.COUNSELLED, TEAM),
    *from_each((State.REGISTERED, State.COUNSELLED, State.WAITING), Step.ALLOCATE, State.ALLOCATED, TEAM),
    *from_each((State.REGISTERED, State.COUNSELLED, State.ALLOCATED), Step.WAIT, State.WAITING, TEAM),
    *from_each((State.COUNSELLED, State.ALLOCATED, State.WAITING), Step.OFFER, State.OFFERED, TEAM),
    *from_each((State.OFFERED,), Step.ACCEPT, State.ACCEPTED, TEAM),
    *from_each((State.OFFERED, State.ACCEPTED), Step.REFUSE, State.WAITING, TEAM),
    *from_each((State.ALLOCATED, State.ACCEPTED), Step.START_SUPPORT, State.SUPPORT_CLASS, TEAM),
    *from_each((State.ALLOCATED, State.ACCEPTED), Step.START_REGULAR, State.REGULAR_CLASS, TEAM),
    *from_each((State.SUPPORT_CLASS,), Step.TRANSFER, State.REGULAR_CLASS, TEAM),
    *from_each((*WITHOUT_A_SCHOOL, State.SUPPORT_CLASS, State.REGULAR_CLASS), Step.END, State.ENDED, TEAM),
)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that follow from the steps that are believed."""

    registered_on: date
    waiting_since: date
    listed_on: date | None
    """Since when the child stands on the list of the allocating authority."""
    first_day: date | None
    ended_on: date | None


def days_of(steps: Iterable[tuple[str, date]]) -> Days:
    """Return the days of an entry from its believed steps, in their order: step and day.

    A child waits from being registered: whoever writes down `wait` later says since when the authority has
    the child on its list, and the weeks before it without a school stay weeks without a school.
    """
    first: dict[str, date] = {}
    for step, day in steps:
        first.setdefault(step, day)
    registered = first[Step.REGISTER]
    begun = [first[step] for step in FIRST_DAYS if step in first]
    return Days(
        registered_on=registered,
        waiting_since=registered,
        listed_on=first.get(Step.WAIT),
        first_day=min(begun, default=None),
        ended_on=first.get(Step.END),
    )


BANDS = {"up_to_4": (0, 28), "up_to_8": (29, 56), "up_to_12": (57, 84), "up_to_26": (85, 182)}
"""Weeks of waiting, in days from and to; `over_26` are the rest."""
OVER = "over_26"


def band_of(days: int) -> str:
    """Return the band of so many days of waiting."""
    return next((name for name, (first, last) in BANDS.items() if first <= days <= last), OVER)
