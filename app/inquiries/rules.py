"""The way of an inquiry as data, and the words for what becomes of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

RESPONSIBLE, UNIT, WORKER = "its responsible", "a case manager of the unit", "the system, after some months"
LEFT = "the system, when its responsible leaves the unit"
PRIORITIES: Final = ("deadline", "livelihood", "housing", "child", "emergency")
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
    Transition("open", "lapsed", WORKER),
    Transition("waiting", "lapsed", WORKER),
)
STATES = tuple(dict.fromkeys(each.target for each in TRANSITIONS))


def following(state: str) -> list[str]:
    """Return the states to which an inquiry can come from here by somebody's hand."""
    return [each.target for each in TRANSITIONS if each.source == state and each.label not in {WORKER, LEFT}]


def quarter_of(day: date) -> str:
    """Return the quarter in which figures count a day, such as 2026Q2."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def forgotten_before(today: date, months: int) -> date:
    """Return the day before which whatever was last touched is forgotten."""
    month = today.year * 12 + today.month - 1 - months
    return date(month // 12, month % 12 + 1, min(today.day, 28))
