"""How long a closed case is kept."""

from datetime import date

DEFAULT_YEARS = 5
"""Vouchers of the funding are kept as long; an area can set fewer or more."""


def last_day_of_keeping(closed_on: date, years: int) -> date:
    """Return the end of the year in which a case was closed, so many years later."""
    return date(closed_on.year + years, 12, 31)
