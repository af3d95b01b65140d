"""Residence and livelihood that fit each other: what a status brings with it. Pure, by chance."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.demo.picking import between

UKRAINE = "AE-24"
UKRAINE_FIRST = date(2022, 3, 4)
UKRAINE_PRINTED = date(2026, 3, 4)
UKRAINE_CONTINUED = date(2027, 3, 4)
"""§ 24 titles valid on 1 February 2026 continue to this day by ordinance."""
UKRAINE_STATED = date(2026, 2, 1)

NO_END = frozenset({"EU-UB", "NE-9", "NE-26.3"})
PROTECTED = frozenset({"AE-25.2A", "AE-25.2B", "AE-25.3", "AE-22.2"})
_FROM_ASYLUM = frozenset({"AE-25.2A", "AE-25.2B", "AE-25.3", UKRAINE})
_NO_WORK = frozenset({"DU-60B"})
_AT_WORK = frozenset({"DU-60C", "DU-60D"})
_RETIRED = 66  # years, § 7a SGB II rounded up
_TRAINEE = 35  # years
_YOUNGEST_WORKER = 15  # years, § 5 JArbSchG

_ARRIVED = {
    UKRAINE: (20, 700), "GEST": (20, 150), "EU-UB": (30, 1500), "NE-9": (3200, 6000), "NE-26.3": (2200, 3600),
    "AE-25B1": (2400, 3500), "AE-4.2": (500, 5000), "DU-60A2.1": (700, 2600), "DU-60B": (700, 2600),
    "DU-60C": (900, 2600), "DU-60D": (1200, 2600), "AE-22.2": (60, 900),
}  # fmt: skip
"""Days between the arrival of a household and its registration with the programme."""
_USUAL_ARRIVAL = (250, 2000)
_TERMS = {"GEST": 180, "DU-60A2.1": 180, "DU-60B": 120, "DU-60C": 730, "AE-25.2A": 1095, "AE-25.3": 365}
_USUAL_TERM = 730  # days


@dataclass(frozen=True, slots=True)
class Standing:
    """How a household stands: when it came, and what it lives on."""

    arrived_on: date
    changed_on: date | None
    """When its benefits went from AsylbLG to SGB II."""
    works: bool


def is_tolerated(status: str) -> bool:
    """Tell whether somebody has a Duldung."""
    return status.startswith("DU-")


def status_that_fits(status: str, age: int, *, is_alone: bool) -> str:
    """Return the status, or the usual Duldung for those who are no trainees."""
    return "DU-60A2.1" if status == "DU-60C" and not (is_alone and age < _TRAINEE) else status


def status_of_family(head: str, role: str) -> str:
    """Return the status of a member of the household of somebody with this status."""
    if head == "AE-25B1":
        return "AE-25B4"
    if head in {"AE-4.2", "NE-9"}:
        return {"spouse": "AE-30", "child": "AE-33"}.get(role, "AE-36.2")
    if head == "NE-26.3":
        return "AE-33" if role == "child" else "AE-25.2A"
    return "DU-60A2.1" if head == "DU-60B" and role == "child" else head


def stand(random: Random, status: str, age: int, registered_on: date, today: date) -> Standing:
    """Return how a household stands whose head has this status and age."""
    least, most = _ARRIVED.get(status, _USUAL_ARRIVAL)
    arrived = registered_on - timedelta(days=between(random, least, most))
    if status == UKRAINE:
        arrived = max(arrived, min(UKRAINE_FIRST, registered_on))
    changed = None
    if status in _FROM_ASYLUM:
        wait = between(random, 30, 150) if status == UKRAINE else between(random, 150, 500)
        changed = min(arrived + timedelta(days=wait), today - timedelta(days=3))
    likely = 0.6 if status in {"EU-UB", "NE-9", "AE-4.2"} else 0.2
    settled = (registered_on - arrived).days > 365 and status not in {"GEST", "DU-60A2.1", "DU-60B"}
    works = status in _AT_WORK or (
        (settled or status == "EU-UB") and age < _RETIRED and random.random() < likely
    )
    return Standing(arrived, changed, works)


def benefit_now(status: str, age: int, *, works: bool) -> str | None:
    """Return the legal domain that somebody lives on today; None: none of them."""
    if works:
        return None
    if is_tolerated(status) or status == "GEST":
        return "ASYLBLG"
    return "SGB_XII" if age >= _RETIRED else "SGB_II"


@dataclass(frozen=True, slots=True)
class Paper:
    """A residence document as it is printed, and on what it lives on."""

    begin: date
    printed_end: date | None
    continued_effect: str | None = None
    continued_until: date | None = None


def paper(random: Random, status: str, since: date, today: date) -> Paper:
    """Return the document that somebody with this status, here since a day, holds today."""
    if status in NO_END:
        begin = since if status == "EU-UB" else today - timedelta(days=between(random, 100, 900))
        return Paper(max(since, begin), None)
    if status == UKRAINE:
        begin = min(since + timedelta(days=between(random, 10, 40)), today)
        if begin > UKRAINE_STATED or today < UKRAINE_STATED:
            return Paper(begin, max(UKRAINE_CONTINUED, begin + timedelta(days=365)))
        return Paper(begin, UKRAINE_PRINTED, "ordinance", UKRAINE_CONTINUED)
    term = _TERMS.get(status, _USUAL_TERM)
    # A Gestattung or Duldung that has ended is renewed at the counter; only titles go on by § 81 (4).
    latest = 3 if is_tolerated(status) or status == "GEST" else -45
    end = today + timedelta(days=between(random, latest, term - 20))
    effect = "par_81_4" if end < today else None
    return Paper(max(since, end - timedelta(days=term)), end, effect)


def work_permission(status: str, age: int) -> str | None:
    """Return what the document says about work; nothing for children."""
    if age < _YOUNGEST_WORKER or status in _NO_WORK:
        return "not_allowed" if status in _NO_WORK else None
    return "needs_approval" if status in {"GEST", "DU-60A2.1"} else "allowed"
