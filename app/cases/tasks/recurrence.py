"""When something is due again: a subset of RFC 5545 (FREQ, INTERVAL, UNTIL, COUNT).

What falls on a day that a month does not have moves to its last day (SKIP=BACKWARD of RFC 7529): RFC 5545
alone would leave the month out, and with it a deadline. Days count from the first, so nothing drifts.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

FREQUENCIES = ("daily", "weekly", "monthly", "yearly")
LAST = date(2200, 12, 31)
_DAYS = {"daily": 1, "weekly": 7}
_MONTHS = {"monthly": 1, "yearly": 12}


@dataclass(frozen=True, slots=True)
class Rule:
    """How something recurs: every so many days, weeks, months or years, until a day or a number of times."""

    frequency: str
    every: int
    first_on: date
    until_on: date | None = None
    count: int | None = None


def day_of(rule: Rule, number: int) -> date | None:
    """Return the day of an occurrence, the first being 1; None past the end of the rule."""
    if rule.count is not None and number > rule.count:
        return None
    passed = (number - 1) * rule.every
    try:
        if rule.frequency in _DAYS:
            day = rule.first_on + timedelta(days=passed * _DAYS[rule.frequency])
        else:
            day = _months_later(rule.first_on, passed * _MONTHS[rule.frequency])
    except (OverflowError, ValueError):
        return None
    return None if day > (rule.until_on or LAST) else day


def number_from(rule: Rule, day: date, *, after: int) -> int:
    """Return the number of the first occurrence after another that is not before a day, or past the end."""
    number = after + 1
    while (due_on := day_of(rule, number)) is not None and due_on < day:
        number += 1
    return number


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
