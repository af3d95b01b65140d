"""Days as deadlines count them."""

from datetime import date

import pytest

from app.kit.clock import months_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 9, 27), -6, date(2026, 3, 27)),
        (date(2026, 8, 31), -6, date(2026, 2, 28)),
        (date(2026, 1, 5), -1, date(2025, 12, 5)),
        (date(2026, 11, 29), 60, date(2031, 11, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
