"""What is known about persons, households and documents without asking a database."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.kit.clock import months_later

EXPIRED = "expired: check continued effect"
"""All that is ever said of a document whose printed end has passed: it may live on by law (§ 81 AufenthG)."""

ADDRESS_HIDDEN = "address hidden"
SHELTER = "womens_shelter"

LEVEL_SKILLS = ("overall", "listening", "speaking", "reading", "writing")

TITLE, CERTIFICATE = "title", "certificate"
_CERTIFICATE_GROUPS = frozenset({"fiktion"})

ONE_AT_A_TIME = ("livelihood", "health")
"""Strands of benefits whose periods exclude each other; in the others only the same benefit does."""

NOT_STATED, STATELESS_OR_UNCLEAR, GERMAN = "keine_angabe", "stateless_unclear", "german"

_AGE_BANDS = (
    (5, "0-5"), (9, "6-9"), (15, "10-15"), (17, "16-17"), (26, "18-26"), (39, "27-39"), (54, "40-54"),
    (64, "55-64"),
)  # fmt: skip
_OLDEST = "65+"

_INVERSE = {
    "spouse": "spouse",
    "child": "parent",
    "parent": "child",
    "sibling": "sibling",
    "other_relative": "other_relative",
    "trusted": "trusted",
    "no_contact": "no_contact",
}


def birth_fits(birth_date: date | None, precision: str) -> bool:
    """Tell whether a date says no more than its precision: the first of the month or year stands for it."""
    if birth_date is None or precision == "unknown":
        return birth_date is None and precision == "unknown"
    if precision == "year":
        return (birth_date.month, birth_date.day) == (1, 1)
    return precision == "day" or birth_date.day == 1


def similar_birth_dates(birth_date: date) -> list[date]:
    """Return the dates that a slip of the pen makes of one: day and month exchanged, a year off."""
    found = [months_later(birth_date, 12), months_later(birth_date, -12)]
    if birth_date.day <= 12 and birth_date.day != birth_date.month:
        found.append(birth_date.replace(month=birth_date.day, day=birth_date.month))
    return found


def residence_strand(group: str) -> str:
    """Return the strand of a residence document: a certificate of § 81 (5) AufenthG accompanies a title."""
    return CERTIFICATE if group in _CERTIFICATE_GROUPS else TITLE


def age_on(birth_date: date, day: date) -> int:
    """Return completed years of age; who is born on 29 February turns on 1 March (§ 188 (2) BGB)."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def latest_birth(birth_date: date | None, precision: str) -> date | None:
    """Return the last day on which somebody can have been born; None when nothing is known."""
    if birth_date is None:
        return None
    if precision == "year":
        return birth_date.replace(month=12, day=31)
    return months_later(birth_date, 1) - timedelta(days=1) if precision == "month" else birth_date


def age_band(birth_date: date | None, precision: str, day: date) -> str | None:
    """Return the code of the vocabulary `age_band`; none for an unknown birth date or before birth.

    Who can still be a minor is one: of a year or month the last day on which somebody can have been born
    counts.
    """
    born = latest_birth(birth_date, precision)
    if birth_date is None or born is None or day < birth_date:
        return None
    return band_of_age(max(0, age_on(born, day)))


def band_of_age(age: int) -> str:
    """Return the code of the vocabulary `age_band` for completed years of age."""
    return next((band for last, band in _AGE_BANDS if age <= last), _OLDEST)


def reporting_nationality(groups: Sequence[str]) -> str:
    """Return the one group under which a person with several nationalities counts.

    German comes first, as in official statistics; then the nationality named first.
    """
    if not groups:
        return STATELESS_OR_UNCLEAR
    return GERMAN if GERMAN in groups else groups[0]


def inverse_relation(relation: str) -> str | None:
    """Return what the client is to the member; none where the vocabulary has no word (ward of a guardian)."""
    return _INVERSE.get(relation)
