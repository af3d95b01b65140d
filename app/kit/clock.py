"""The time, from one place, so that a test can set it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

BERLIN = ZoneInfo("Europe/Berlin")


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """Return the calendar date of a moment where the offices are (legal deadlines count these)."""
    return moment.astimezone(BERLIN).date()


def end_of(day: date) -> datetime:
    """Return the moment at which a day has ended where the offices are: the first of the next day."""
    return datetime.combine(day + timedelta(days=1), time(), BERLIN).astimezone(UTC)
