"""Shapes of effect checks."""

from datetime import date
from typing import Literal
from uuid import UUID

from app.kit.schema import Read
from app.reporting.schemas import Coverage


class EffectSideRead(Read):
    """What releases have published of some quarters together, as frozen with the check.

    Hidden cells leave a range: `cases_least` to `cases_most` (null: nothing bounds them). Rates are per 100
    active clients and quarter; the interval (95 %, Byar) spans what both ends of the range allow.
    """

    quarters: list[str]
    cases_least: int
    cases_most: int | None
    active_clients: int | None
    """Summed over the quarters; null where it is hidden or was not released."""
    rate_least: float | None
    rate_most: float | None
    interval_low: float
    interval_high: float | None
    coverage: list[Coverage]
    """The bands of case managers who reported at all."""


class EffectCheckRead(Read):
    """Whether the rate of an obstacle fell or rose; `no_conclusion` is an answer, with its reason."""

    id: UUID
    obstacle_id: UUID
    made_on: date
    by_system: bool
    """Made when a release was published, and the rate had risen again."""
    before: EffectSideRead
    after: EffectSideRead
    conclusion: Literal["fell", "rose", "no_conclusion"]
    no_conclusion_reason: (
        Literal["too_few_quarters", "hidden", "coverage_changed", "intervals_overlap"] | None
    )
