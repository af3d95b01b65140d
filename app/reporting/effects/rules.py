"""The rule of the effect check: which quarters are compared, and what may be concluded. Pure.

Interval: Byar's approximation of the exact Poisson interval, 95 %, each side alone (Breslow and Day,
Statistical Methods in Cancer Research II, IARC 1987, section 2.3). A rate has fallen or risen when the two
intervals do not meet: stricter than a test of the difference, because barrier cases of one household or one
person do not come about independently.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, sqrt

from app.obstacles.rules import FELL, NO_CONCLUSION, ROSE
from app.reporting.rules import Quarter

LEAST_QUARTERS = 2
"""Of each side; a single quarter is too much a matter of chance."""
MOST_QUARTERS = 4
UNKNOWN = "unknown"

_Z = 1.959964  # 95 %, two-sided
_YEARS_BACK = 5

Pair = tuple[Quarter, Quarter]
"""The same quarter of an earlier and a later year.

A barrier case counts once a year, in the quarter of its first report: the first quarter of every year has
more than the last. Only the same quarters of two years can be compared.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """The days from the first to the last measure that was carried out."""

    since: date
    until: date

    def leaves(self, quarter: Quarter) -> bool:
        """Tell whether nothing changed within a quarter."""
        return quarter.last_day < self.since or quarter.first_day > self.until


@dataclass(frozen=True, slots=True)
class Side:
    """What was published of some quarters together; `most`, `clients`: None where nothing bounds them."""

    quarters: tuple[str, ...]
    least: int
    most: int | None
    clients: int | None
    coverages: frozenset[str]

    @property
    def is_hidden(self) -> bool:
        return self.clients is None or self.most != self.least


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be concluded, or why nothing."""

    conclusion: str
    reason: str | None = None


def pairs_for_check(published: Collection[Quarter], change: Change) -> list[Pair]:
    """Return the newest quarters after a change, each with the latest like it before, in order of time."""
    after = sorted((each for each in published if each.first_day > change.until), reverse=True)
    found = [
        (before, later)
        for later in after
        if (before := _like(later, (q for q in published if q.last_day < change.since))) is not None
    ]
    return _in_order(_once(found))


def pairs_for_watch(published: Collection[Quarter], change: Change, checked: Sequence[str]) -> list[Pair]:
    """Return the two newest quarters since a check, each with the latest like it that had no change."""
    last = max((Quarter.parse(each) for each in checked), default=None)
    newest = sorted(
        (q for q in published if q.first_day > change.until and (last is None or q > last)), reverse=True
    )[:LEAST_QUARTERS]
    earlier = [q for q in published if q not in newest and change.leaves(q)]
    found = [(before, q) for q in newest if (before := _like(q, earlier)) is not None]
    return _in_order(_once(found))


def _like(quarter: Quarter, among: Iterator[Quarter] | Sequence[Quarter]) -> Quarter | None:
    """Return the latest earlier quarter of the same number."""
    found = [
        each
        for each in among
        if each.number == quarter.number and 0 < quarter.year - each.year <= _YEARS_BACK
    ]
    return max(found, default=None)


def _once(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the first pairs, none of which shares its earlier quarter with another."""
    taken = {before: (before, after) for before, after in reversed(pairs)}
    kept = [pair for pair in pairs if taken[pair[0]] == pair]
    return kept[:MOST_QUARTERS]


def _in_order(pairs: Sequence[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: pair[1])


def byar(count: int) -> tuple[float, float]:
    """Return the 95 % interval of the expectation of a Poisson count."""
    upper = count + 1
    high = upper * (1 - 1 / (9 * upper) + _Z / (3 * sqrt(upper))) ** 3
    if count == 0:
        return 0.0, high
    low: float = count * (1 - 1 / (9 * count) - _Z / (3 * sqrt(count))) ** 3
    return max(0.0, low), high


def interval(side: Side) -> tuple[float, float]:
    """Return the interval of the rate per 100 clients over all that is possible; (0, inf) for none."""
    if not side.clients:
        return 0.0, inf
    low = byar(side.least)[0]
    high = inf if side.most is None else byar(side.most)[1]
    return 100 * low / side.clients, 100 * high / side.clients


def conclude(before: Side, after: Side) -> Verdict:
    """Say whether the rate fell or rose; otherwise the first reason why that cannot be said."""
    if min(len(before.quarters), len(after.quarters)) < LEAST_QUARTERS:
        return Verdict(NO_CONCLUSION, "too_few_quarters")
    if len(before.coverages | after.coverages) != 1 or UNKNOWN in before.coverages:
        return Verdict(NO_CONCLUSION, "coverage_changed")
    (before_low, before_high), (after_low, after_high) = interval(before), interval(after)
    if after_high < before_low:
        return Verdict(FELL)
    if after_low > before_high:
        return Verdict(ROSE)
    hidden = before.is_hidden or after.is_hidden
    return Verdict(NO_CONCLUSION, "hidden" if hidden else "intervals_overlap")
