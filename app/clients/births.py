"""A birth date that is looked for, and what a stored one is to it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.clients.rules import similar_birth_dates

SAME_DATE, SAME_MONTH, SAME_YEAR = "same_birth_date", "same_birth_month", "same_birth_year"
SIMILAR, UNKNOWN = "similar_birth_date", "birth_date_unknown"

CERTAINTY = {SAME_DATE: 1.0, SAME_MONTH: 0.9, SAME_YEAR: 0.8, SIMILAR: 0.6, UNKNOWN: 0.2}
"""How much each speaks for the same person; a birth date that contradicts speaks for nobody."""


@dataclass(frozen=True, slots=True)
class Birth:
    """What is known of a birth: its first and last possible day, none when nothing is known."""

    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, born: date | None, precision: str | None = None) -> "Birth":
        """Return the span of a birth date of which perhaps only month or year are known."""
        if born is None:
            return cls()
        if precision == "year":
            return cls(date(born.year, 1, 1), date(born.year, 12, 31))
        if precision == "month":
            following = (born.replace(day=28) + timedelta(days=4)).replace(day=1)
            return cls(born.replace(day=1), following - timedelta(days=1))
        return cls(born, born)

    @property
    def likely(self) -> list[date]:
        """The dates under which an exact birth date may be stored after a slip, or when less was known."""
        if self.first is None or self.first != self.last:
            return []
        whole = [self.first, self.first.replace(day=1), self.first.replace(month=1, day=1)]
        return sorted({*whole, *similar_birth_dates(self.first)})

    def relation(self, stored: date | None, precision: str) -> str | None:
        """Return what a stored birth date is to this one; None when it contradicts."""
        if self.first is None or self.last is None or stored is None:
            return UNKNOWN
        other = Birth.of(stored, precision)
        assert other.first is not None
        assert other.last is not None
        if other.last < self.first or self.last < other.first:
            return SIMILAR if stored in self.likely else None
        days = max((self.last - self.first).days, (other.last - other.first).days)
        return SAME_DATE if days == 0 else SAME_MONTH if days < 31 else SAME_YEAR
