"""What makes a consent valid, and whether it covers what somebody wants to do.

Sources: Art. 4 no. 11, Art. 6 (1) a, 7, 8 and 9 (2) a GDPR; § 67b (2) SGB X for the written form.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.catalogues.check import vocabulary
from app.kit.clock import months_later


class Direction(StrEnum):
    """Which way data may flow between the unit and the recipient."""

    TO = "to"
    FROM = "from"
    MUTUAL = "mutual"


class Form(StrEnum):
    """How the consent was given."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"
    SPOKEN = "spoken"


class GivenBy(StrEnum):
    """Who consented: adults themselves, for a minor a guardian or the minor who grasps what it means."""

    CLIENT = "client"
    GUARDIAN = "guardian"
    MINOR_WITH_CAPACITY = "minor_with_capacity"


WITHDRAWAL_CHANNELS = ("in_person", "phone", "letter", "email", "message", "other")
LAPSED = "lapsed"
PLACED = ("taken_down", "nobody_found", LAPSED)
"""How a withdrawal ends that could not be placed at first; nobody says that it lapsed."""

REMIND_OF_LAPSE = 1
"""Months before it lapses the privacy officers are reminded of a withdrawal that nobody has placed."""

OWN_PURPOSES = frozenset({"case_documentation", "contact_after_closing"})
"""Purposes whose recipient is the unit itself; every other one names an institution, a transfer a unit."""

FEEDBACK = "feedback"
"""The purpose whose data come back: from the recipient, or both ways."""

TRANSFER = "transfer"
"""The purpose whose recipient is another unit, in whatever area: another controller."""


def recipient_fits(purpose: str, *, institution: bool, receiving_unit: bool) -> bool:
    """Return whether a purpose comes with exactly the recipient that it needs."""
    if purpose == TRANSFER:
        return receiving_unit and not institution
    return not receiving_unit and institution == (purpose not in OWN_PURPOSES)


SPECIAL_CATEGORIES = frozenset(
    {"health", "religion", "ethnic_origin", "sexual_orientation", "political_opinion", "criminal"}
)
"""Art. 9 and 10 GDPR: a consent names each of them explicitly."""

NEVER_SPOKEN = SPECIAL_CATEGORIES | {"protection_from_violence", "child_welfare"}
"""A spoken consent cannot cover these."""

AGE_OF_MAJORITY = 18  # years, § 2 BGB


LONGEST_TERM = 120
"""Months for which a consent is given at the most: what is later is a slip of the pen.

No law names a term; nobody foresees further what becomes of their data (recital 42, Art. 5 (1) e GDPR).
"""


TOO_LONG = "A consent lasts ten years at the most; whoever still agrees then renews it."


def latest_end(given_on: date) -> date:
    """Return the last day that a consent given on a day may have."""
    return months_later(given_on, LONGEST_TERM)


def default_end(given_on: date) -> date:
    """Return the last day of a consent that names none: 12 months after it was given."""
    return months_later(given_on, 12)


def is_minor(birth_date: date | None, on: date) -> bool:
    """Return whether a person is known to be under age on a day."""
    return birth_date is not None and on < months_later(birth_date, 12 * AGE_OF_MAJORITY)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a consent covers."""

    categories: frozenset[str]
    direction: str
    given_on: date
    valid_until: date
    is_withdrawn: bool


def lacking(scope: Scope, *, categories: Iterable[str], direction: Direction, on: date) -> tuple[str, ...]:
    """Return what the consent lacks for this use on this day: nothing means that it holds."""
    missing: list[str] = []
    if scope.is_withdrawn:
        missing.append("withdrawn")
    if on < scope.given_on:
        missing.append("not_yet_given")
    if on > scope.valid_until:
        missing.append("expired")
    if scope.direction not in (direction, Direction.MUTUAL):
        missing.append("direction")
    missing += [f"category:{code}" for code in sorted(set(categories) - scope.categories)]
    return tuple(missing)


_IN_WORDS = {
    "withdrawn": "it was withdrawn",
    "not_yet_given": "it is given later",
    "expired": "it has run out",
    "direction": "data may not flow in this direction",
    "recipient": "there is none for this recipient",
}


def in_words(lacks: Iterable[str]) -> str:
    """Return for people what `lacking` found, data categories by their names."""
    categories = vocabulary("data_category")
    return ", ".join(
        _IN_WORDS.get(lack) or f"without {categories[lack.removeprefix('category:')].label_en}"
        for lack in lacks
    )


def nearest(lacks: Collection[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what to tell when no consent holds: the lacks of the one that comes closest."""
    return min(lacks, key=len) if lacks else ("recipient",)
