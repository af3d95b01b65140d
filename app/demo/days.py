"""Days and hours of an office: nobody is counselled on a Sunday, nor everybody at a quarter past ten."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random

_FIRST_MINUTE, _MINUTES = 7 * 60, 8 * 60
"""From 7:00 to 15:00 UTC, which is within office hours in summer and in winter."""
_STEP = 5  # minutes
_DAY = timedelta(days=1)
SATURDAY = 5


def office_day(day: date) -> date:
    """Return the day, or the Monday after it."""
    beyond = day.weekday() - SATURDAY
    return day if beyond < 0 else day + timedelta(days=2 - beyond)


def office_day_before(day: date) -> date:
    """Return the day, or the Friday before it."""
    beyond = day.weekday() - SATURDAY
    return day if beyond < 0 else day - timedelta(days=beyond + 1)


def day_within(random: Random, first: date, last: date) -> date:
    """Return a day of the office between two days, both included; the Friday before where there is none."""
    begin = office_day(first)
    if begin > last:
        return office_day_before(last)
    day = begin + timedelta(days=int(random.random() * ((last - begin).days + 1)))
    return office_day_before(day)


def moment(random: Random, day: date) -> datetime:
    """Return a moment within office hours of a day."""
    return _midnight(day) + timedelta(minutes=_FIRST_MINUTE + _STEP * int(random.random() * _MINUTES / _STEP))


@lru_cache(4096)
def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
