"""Days that something is due: never before the day on which they are written down.

What has happened is another matter: contacts, assessments, decisions and histories lie in the past.
"""

from datetime import date

from app.kit.errors import Invalid


def require_not_past(
    day: date | None, today: date, place: str, *, before: date | None = None, what: str = "What is due"
) -> None:
    """Raise 422 at this place for a day that has passed, unless it is the one that stood there before."""
    if day is not None and day < today and day != before:
        raise Invalid.at(place, "in_the_past", f"{what} lies today or later.")
