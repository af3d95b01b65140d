"""Days that something is due: never before the day on which they are written down.

What has happened is another matter: contacts, assessments, decisions and histories lie in the past. What is
usually planned, but came about unplanned, is written down for some days afterwards.
"""

from datetime import date, timedelta

from app.kit.errors import Invalid

DAYS_BACK = 30
"""How long what took place without a plan is still written down."""


def require_not_past(
    day: date | None, today: date, place: str, *, before: date | None = None, what: str = "What is due"
) -> None:
    """Raise 422 at this place for a day that has passed, unless it is the one that stood there before."""
    if day is not None and day < today and day != before:
        raise Invalid.at(place, "in_the_past", f"{what} lies today or later.")


def require_recent(
    day: date | None, today: date, place: str, *, before: date | None = None, what: str = "What took place"
) -> None:
    """Raise 422 at this place for a day too far back to be written down, unless it stood there before."""
    if day is not None and day < today - timedelta(days=DAYS_BACK) and day != before:
        raise Invalid.at(place, "in_the_past", f"{what} is written down within {DAYS_BACK} days.")
