"""What a funded position is worth: rates, months filled, amounts. Pure; money is whole cents.

Rates: funding guideline of the programme, 57,000 EUR a year for a coordinator or case manager (55,000 until
2022), 22,500 EUR for half an assistant, 5,700 EUR for a workplace. For component 3 no rate is known here.
"""

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ASSISTANT = "assistant"
_STAFF_CENTS, _STAFF_CENTS_BEFORE, _LAST_YEAR_BEFORE = 57_000_00, 55_000_00, 2022
_ASSISTANT_CENTS = 2 * 22_500_00
_WORKPLACE_CENTS = 5_700_00
_MONTHS = 12


def component_of(component: int, *, is_assistant: bool) -> str:
    """Return the name under which a position is funded."""
    return ASSISTANT if is_assistant else f"component_{component}"


def rate_of(component: str, year: int) -> int | None:
    """Return the cents for a full-time equivalent and a year, or none where no rate is known."""
    if component in ("component_1", "component_2"):
        return _STAFF_CENTS_BEFORE if year <= _LAST_YEAR_BEFORE else _STAFF_CENTS
    return _ASSISTANT_CENTS if component == ASSISTANT else None


def months_filled(year: int, filled_from: date | None, filled_until: date | None, until: date) -> int:
    """Return the calendar months of a year, over by a day, on each day of which a position was filled."""
    if filled_from is None:
        return 0
    return sum(
        1
        for month in range(1, _MONTHS + 1)
        if filled_from <= date(year, month, 1)
        and (last := date(year, month, monthrange(year, month)[1])) <= until
        and (filled_until is None or filled_until >= last)
    )


def amount(rate_cents: int, full_time_equivalents: Decimal, months: int) -> int:
    """Return the cents for a share of work and so many months, half a cent rounded up."""
    exact = Decimal(rate_cents) * full_time_equivalents * months / _MONTHS
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def workplace_cents(full_time_equivalents: Decimal, months: int) -> int:
    """Return the cents for the workplace of a share of work."""
    return amount(_WORKPLACE_CENTS, full_time_equivalents, months)
