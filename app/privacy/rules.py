"""How long a closed case is kept, and by when what one person did alone is reviewed by another."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

DEFAULT_YEARS = 5
"""Vouchers of the funding are kept as long; an area can set fewer or more."""


def last_day_of_keeping(closed_on: date, years: int) -> date:
    """Return the end of the year in which a case was closed, so many years later."""
    return date(closed_on.year + years, 12, 31)


class ReviewKind(StrEnum):
    """What one person did alone because it could not wait."""

    BREAK_GLASS = "break_glass"
    VITAL_INTEREST = "vital_interest"
    CASE_TAKEN_OVER = "case_taken_over"
    LEAD_NAMED = "lead_named"


class ReviewOutcome(StrEnum):
    """What the second person found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


REVIEW_WITHIN: Mapping[ReviewKind, timedelta] = {
    ReviewKind.BREAK_GLASS: timedelta(days=7),
    ReviewKind.VITAL_INTEREST: timedelta(days=3),
    ReviewKind.CASE_TAKEN_OVER: timedelta(days=7),
    ReviewKind.LEAD_NAMED: timedelta(days=3),
}
"""A disclosure sooner, because the recipient can still be told to delete; who was named for a case of
somebody hidden too, since whoever named them did not know of whom."""

ESCALATE_AFTER = timedelta(days=2)
"""So long after the reminder the privacy officers are told that nobody has judged it."""
