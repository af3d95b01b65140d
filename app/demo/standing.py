"""Residence and livelihood that fit each other: what a status brings with it. Pure, by chance."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.demo.picking import between, pick

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
WORK, NOTHING = "work", "no_benefits"
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
_CHANGES_WITHIN = 0.7
"""So many of those who came through asylum are recognised only when KIM knows them already."""
_LATELY = 330  # days
_HIRED_WITHIN = 0.6
_WITHOUT = ((0, 0), (0, 0), (8, 14), (15, 30))
"""Least and most days without benefit on a change."""
_TERMS = {"GEST": 180, "DU-60A2.1": 180, "DU-60B": 120, "DU-60C": 730, "AE-25.2A": 1095, "AE-25.3": 365}
_USUAL_TERM = 730  # days


@dataclass(frozen=True, slots=True)
class Standing:
    """How a household stands: when it came, and what it lives on."""

    arrived_on: date
    changed_on: date | None
    """When its benefits went from AsylbLG to SGB II."""
    works: bool
    without: int = 0
    """Days between the end of the one benefit and the begin of the other."""
    hired_on: date | None = None
    """Since when the head works who lived on SGB II before."""


@dataclass(frozen=True, slots=True)
class Livelihood:
    """A time in which somebody lives on a legal domain, or on work or nothing."""

    source: str
    begin: date
    end: date | None
    """The day after the last; none while it lasts."""

    @property
    def is_benefit(self) -> bool:
        return self.source not in {WORK, NOTHING}


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
    changed, without = None, (0, 0)
    if status in _FROM_ASYLUM:
        changed, without = _changed(random, status, arrived, registered_on, today), pick(random, _WITHOUT)
    likely = 0.6 if status in {"EU-UB", "NE-9", "AE-4.2"} else 0.2
    settled = (registered_on - arrived).days > 365 and status not in {"GEST", "DU-60A2.1", "DU-60B"}
    works = status in _AT_WORK or (
        (settled or status == "EU-UB") and age < _RETIRED and random.random() < likely
    )
    hired = None
    if works and not is_tolerated(status) and random.random() < _HIRED_WITHIN:
        first = max(registered_on, changed or registered_on, today - timedelta(days=_LATELY))
        hired = first + timedelta(days=int(random.random() * (today - first).days))
    return Standing(arrived, changed, works, between(random, *without), hired)


def _changed(random: Random, status: str, arrived: date, registered_on: date, today: date) -> date:
    """Return when AsylbLG ended: some months after the arrival, or lately, when KIM accompanied it."""
    if random.random() < _CHANGES_WITHIN:
        first = max(registered_on, today - timedelta(days=_LATELY))
        return min(first + timedelta(days=int(random.random() * (today - first).days)), _last(today))
    wait = between(random, 30, 150) if status == UKRAINE else between(random, 150, 500)
    return min(arrived + timedelta(days=wait), _last(today))


def _last(today: date) -> date:
    return today - timedelta(days=3)


def livelihoods(standing: Standing, benefit: str | None, today: date, *, works: bool) -> list[Livelihood]:
    """Return what somebody of a household lived on, one after the other; the last goes on."""
    begin, changed, hired = standing.arrived_on, standing.changed_on, standing.hired_on
    found = []
    if changed and benefit != "ASYLBLG" and begin < changed:
        found.append(Livelihood("ASYLBLG", begin, changed))
        begin = min(changed + timedelta(days=standing.without), _last(today))
    if benefit is None and hired and begin < hired:
        found.append(Livelihood("SGB_II", begin, hired))
        begin = hired
    return [*found, Livelihood(benefit or (WORK if works else NOTHING), begin, None)]


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
