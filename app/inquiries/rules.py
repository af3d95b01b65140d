"""The way of an inquiry as data, and the words for what becomes of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

RESPONSIBLE, UNIT, WORKER = "its responsible", "a case manager of the unit", "the system, after some months"
LEFT = "the system, when its responsible leaves the unit"
WAITED = "its responsible, of somebody taken from the waiting list"
GIVEN = "the unit's team lead, for what was referred"
TAKEN_BACK = "the institution that referred them takes it back"
PRIORITIES: Final = ("deadline", "livelihood", "housing", "child", "emergency")
UNANSWERED, ANSWERED = REFERRAL = ("unanswered", "answered")
"""Where the referral stands by which an institution brought somebody here."""
DECLINED: Final = (
    "not_responsible", "other_case_management", "no_need", "not_voluntary", "no_capacity", "other",
)  # fmt: skip
REMOVED: Final = ("no_longer_wanted", "not_reached", "moved_away", "helped_elsewhere", "other")
FINISHED: Final = ("advised", "passed_on", "declined", "removed")
RECEIVED = "received"
"""What the first figure of an inquiry says; the others name a state."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    source: str | None
    target: str
    label: str


TRANSITIONS: Sequence[Transition] = (
    Transition(None, "open", UNIT),
    Transition("open", "waiting", RESPONSIBLE),
    Transition("open", "waiting", LEFT),
    Transition("waiting", "open", UNIT),
    *(Transition("open", target, RESPONSIBLE) for target in ("advised", "passed_on", "declined", "case")),
    *(
        Transition("waiting", target, RESPONSIBLE)
        for target in ("advised", "passed_on", "declined", "removed", "case")
    ),
    Transition("open", "removed", WAITED),
    Transition(None, "waiting", "an institution that refers somebody"),
    Transition("waiting", "open", GIVEN),
    Transition("open", "removed", TAKEN_BACK),
    Transition("waiting", "removed", TAKEN_BACK),
    Transition("open", "lapsed", WORKER),
    Transition("waiting", "lapsed", WORKER),
)
STATES = tuple(dict.fromkeys(each.target for each in TRANSITIONS))


_NOBODYS_HAND = frozenset({WORKER, LEFT, GIVEN, TAKEN_BACK})


def following(state: str, *, has_waited: bool) -> list[str]:
    """Return the states to which an inquiry can come from here by somebody's hand."""
    closed = _NOBODYS_HAND if has_waited else _NOBODYS_HAND | {WAITED}
    return [each.target for each in TRANSITIONS if each.source == state and each.label not in closed]


def quarter_of(day: date) -> str:
    """Return the quarter in which figures count a day, such as 2026Q2."""
    return f"{day.year}Q{(day.month + 2) // 3}"
