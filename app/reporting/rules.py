"""What holds for releases: quarters, states and who moves them, thresholds, coverage, regions. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from app.protection import Rules

_QUARTER = re.compile(r"(20\d\d|21\d\d)Q([1-4])", re.ASCII)

REGION_CASE_MANAGERS = 3
"""A region has at least so many case managers, otherwise a figure would be about one of them."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a year, written 2026Q3."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Return the quarter; ValueError for anything else."""
        match = _QUARTER.fullmatch(text)
        if match is None:
            raise ValueError("a quarter is written 2026Q3")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        following = date(self.year + 1, 1, 1) if self.is_last else date(self.year, 3 * self.number + 1, 1)
        return following - timedelta(days=1)

    @property
    def is_last(self) -> bool:
        """Whether the year ends with it."""
        return self.number == 4

    def has_ended(self, today: date) -> bool:
        """Return whether all its days lie before today, where the offices are."""
        return self.last_day < today


class Scope(StrEnum):
    """What a release tells of the year."""

    QUARTER = "quarter"
    """The new quarter, beside the earlier ones as they were released."""
    YEAR = "year"
    """The totals of the ended year too."""


class State(StrEnum):
    """Where a release stands."""

    REQUESTED = "requested"
    COMPUTED = "computed"
    REFUSED = "refused"
    PUBLISHED = "published"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from a state to another, and who goes it."""

    source: State | None
    target: State
    label: str


SYSTEM, COORDINATOR, ANOTHER = "the worker", "a coordinator", "another coordinator"

TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, State.REQUESTED, COORDINATOR),
    Transition(State.REQUESTED, State.COMPUTED, SYSTEM),
    Transition(State.REQUESTED, State.REFUSED, SYSTEM),
    Transition(State.REQUESTED, State.DISCARDED, COORDINATOR),
    Transition(State.COMPUTED, State.PUBLISHED, ANOTHER),
    Transition(State.COMPUTED, State.DISCARDED, COORDINATOR),
)

OPEN = (State.REQUESTED, State.COMPUTED)
"""At most one release of an area is open: two computed side by side would not know each other's cells."""


def following(state: State) -> list[State]:
    """Return the states to which a step leads."""
    return [each.target for each in TRANSITIONS if each.source is state]


def thresholds(k: int, k_sensitive: int) -> Rules:
    """Return the rules of protection for the thresholds that an operator has set."""
    return Rules(k=k, k_sensitive=max(k, k_sensitive))


class Refusal(StrEnum):
    """Why nothing was stored; never which cell or person it was about."""

    PROOF_FAILED = "proof_failed"
    CONTRADICTION = "earlier_releases_contradict"
    CLASSES_CHANGED = "classes_changed"
    ATTACK_SUCCEEDED = "attack_succeeded"


class Scale(IntEnum):
    """How much an area carries: the size it has at least."""

    SMALL = 0
    MEDIUM = 1
    LARGE = 2


DETAILS = tuple(scale.name.lower() for scale in Scale)


@dataclass(frozen=True, slots=True)
class Size:
    """What is known of an area before any figure is seen."""

    clients: int
    reports: int
    """Of the release's quarter."""
    regions: int = 1


_LEAST: Mapping[Scale, Size] = {Scale.MEDIUM: Size(300, 100), Scale.LARGE: Size(1000, 375)}
"""300 clients and 450 reports a year carry one dimension by quarter; two need 1,000 clients."""


def scale_of(size: Size, detail: str | None = None) -> Scale:
    """Return what an area of this size carries, and no more than the detail that was asked for."""
    carried = (
        scale
        for scale, least in _LEAST.items()
        if size.clients >= least.clients and size.reports >= least.reports
    )
    largest = max(carried, default=Scale.SMALL)
    return min(largest, Scale[detail.upper()]) if detail else largest


def scale_beside(size: Size, detail: str | None = None) -> Scale:
    """Return what an area carries of what is counted beside barriers: there its clients alone decide."""
    return scale_of(replace(size, reports=_LEAST[Scale.LARGE].reports), detail)


_BANDS: Sequence[tuple[float, str]] = ((0.75, "75_to_100"), (0.5, "50_to_74"), (0.25, "25_to_49"))


def coverage(reporting: int, case_managers: int) -> str:
    """Return the band of case managers who reported at all, in per cent; bands say nothing about one."""
    if not case_managers:
        return "unknown"
    share = min(reporting / case_managers, 1.0)
    return next((band for least, band in _BANDS if share >= least), "under_25")


def merge_towns(case_managers: Mapping[str, int], least: int = REGION_CASE_MANAGERS) -> list[tuple[str, ...]]:
    """Join towns, in the order of their keys, to regions of at least so many case managers.

    Towns that carry a region alone stay alone. What is left at the end joins the region before it.
    """
    alone = [(town,) for town, count in sorted(case_managers.items()) if count >= least]
    joined: list[tuple[str, ...]] = []
    waiting: tuple[str, ...] = ()
    count = 0
    for town in sorted(town for town, number in case_managers.items() if number < least):
        waiting, count = (*waiting, town), count + case_managers[town]
        if count >= least:
            joined.append(waiting)
            waiting, count = (), 0
    if waiting:
        last = (joined or alone or [()]).pop()
        joined.append((*last, *waiting))
    return sorted([*alone, *joined])
