"""What holds for barrier reports, observations and proposals: pure data and functions.

Source of the counting attributes: the project's rules for protected statistics (a barrier case is one
person with one type, one kind of institution and one interface, with the attributes at that time).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from app.catalogues.check import vocabulary
from app.catalogues.source import proposed_barrier

NO_ANSWER = "no_answer"
"""The outcome of silence past the deadline, on the platform only: elsewhere silence proves nothing."""

WAITING = "waiting_too_long"
"""The outcome of a wait for a school that has lasted longer than the operator's setting."""
WAITS_FOR_SCHOOL = "F2"
"""The type of the catalogue for waiting for a place at a school."""

PROPOSAL_STATES = ("open", "confirmed", "dropped")


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table; the label says who goes it and what comes of it."""

    source: str | None
    target: str
    label: str


PROPOSAL_TRANSITIONS = (
    Transition(None, "open", "the system: a referral without help, or a child without a school"),
    Transition("open", "confirmed", "case team: a report is filed from it"),
    Transition("open", "dropped", "case team: nothing stood in the way"),
)
"""An answered proposal stays answered: a report is corrected, a dropped one is filed anew."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a barrier counts under in statistics, whoever it concerns."""

    barrier_type: str
    barrier_category: str
    is_sensitive: bool
    institution_type: str | None
    institution_group: str | None
    interface_from: str | None
    interface_to: str | None


def counted(
    barrier_type: str, institution_type: str | None, interface: tuple[str | None, str | None]
) -> Counted:
    """Return what a barrier counts under; KeyError for an unknown code."""
    kind = vocabulary("barrier_type")[barrier_type]
    group = vocabulary("institution_type")[institution_type].parent if institution_type else None
    return Counted(
        barrier_type=barrier_type,
        barrier_category=str(kind.parent),
        is_sensitive=bool(kind.attributes["sensitive"]),
        institution_type=institution_type,
        institution_group=group,
        interface_from=interface[0],
        interface_to=interface[1],
    )


def quarter_of(day: date) -> str:
    """Return the calendar quarter of a day, as 2026Q3."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def visible_from(day: date) -> date:
    """Return the Monday after the day: what a week brought appears together, so no poll tells the day."""
    return day + timedelta(days=7 - day.weekday())


def next_proposal_states(state: str) -> list[str]:
    """Return the states that follow."""
    return [step.target for step in PROPOSAL_TRANSITIONS if step.source == state]


def propose_report(outcome: str, institution_type: str) -> str | None:
    """Return the barrier type that the outcome of a referral to such an institution points to, or none."""
    return proposed_barrier(outcome, institution_type)
