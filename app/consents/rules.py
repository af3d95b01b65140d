"""What makes a consent valid, and whether it covers what somebody wants to do.

Sources: Art. 4 no. 11, Art. 6 (1) a, 7, 8 and 9 (2) a GDPR; § 67b (2) SGB X for the written form.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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

OWN_PURPOSES = frozenset({"case_documentation", "contact_after_closing"})
"""Purposes whose recipient is the unit itself; every other one names an institution."""

SPECIAL_CATEGORIES = frozenset(
    {"health", "religion", "ethnic_origin", "sexual_orientation", "political_opinion", "criminal"}
)
"""Art. 9 and 10 GDPR: a consent names each of them explicitly."""

NEVER_SPOKEN = SPECIAL_CATEGORIES | {"protection_from_violence", "child_welfare"}
"""A spoken consent cannot cover these."""

AGE_OF_MAJORITY = 18  # years, § 2 BGB


def default_end(given_on: date) -> date:
    """Return the last day of a consent that names none: 12 months after it was given."""
    return _years_later(given_on, 1)


def is_minor(birth_date: date | None, on: date) -> bool:
    """Return whether a person is known to be under age on a day."""
    return birth_date is not None and on < _years_later(birth_date, AGE_OF_MAJORITY)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


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


def nearest(lacks: Collection[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what to tell when no consent holds: the lacks of the one that comes closest."""
    return min(lacks, key=len) if lacks else ("recipient",)
