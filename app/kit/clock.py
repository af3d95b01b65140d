"""The time, from one place, so that a test can set it."""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

BERLIN = ZoneInfo("Europe/Berlin")
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far ahead the clock of a phone or tablet may be."""


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """Return the calendar date of a moment where the offices are (legal deadlines count these)."""
    return moment.astimezone(BERLIN).date()


def not_ahead(said: datetime, now: datetime) -> datetime | None:
    """Return when something was that a device says has been, now at the latest; None if it is to come."""
    return min(said, now) if said <= now + CLOCKS_DIFFER else None


def end_of(day: date) -> datetime:
    """Return the moment at which a day has ended where the offices are: the first of the next day."""
    return datetime.combine(day + timedelta(days=1), time(), BERLIN).astimezone(UTC)


def months_later(day: date, months: int) -> date:
    """Return the same day of the month so many months later (earlier when negative).

    A month that lacks the day gives its last one (§ 188 (3) BGB): the 31st of January is followed by the
    28th or 29th of February.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
