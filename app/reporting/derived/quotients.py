"""Dividing one published figure by another, and saying why where that cannot be done. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from app.protection import Count, Status
from app.reporting.catalogue import Quotient
from app.reporting.stated import Number

LEAST = 10
"""Cases or persons: of fewer, one more or less would be most of a quotient."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of a table as its readers get it."""

    status: str
    value: Number | None


ABSENT = Figure(Status.NOT_COLLECTED, None)


def divided(part: Figure, base: Figure, by: Quotient) -> Count:
    """Return a quotient in hundredths, or the reason why there is none.

    Hidden where either figure is; a published zero stays one. What would be rounded to zero is too few.
    """
    if Status.SUPPRESSED in (part.status, base.status):
        return Count(Status.SUPPRESSED)
    if part.value is None:
        return Count(Status.NOT_COLLECTED)
    if base.value is None or base.value < by.least_denominator:
        return Count(Status.NO_BASE)
    if part.value == 0:
        return Count(Status.ZERO, 0)
    # By their digits: 0.1 as a binary fraction is not a tenth.
    hundredths = round(100 * by.per * Fraction(str(part.value)) / Fraction(str(base.value)))
    if part.value < by.least or hundredths == 0:
        return Count(Status.TOO_FEW)
    return Count(Status.PUBLISHED, hundredths)
