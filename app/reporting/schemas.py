"""Shapes of releases, tables and signals."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from app.kit.quarters import QuarterCode
from app.kit.schema import Input, Read

Detail = Literal["small", "medium", "large"]
Status = Literal["published", "zero", "suppressed", "not_collected"]
CellStatus = Literal["published", "zero", "suppressed", "not_collected", "too_few", "no_base"]
Coverage = Literal["under_25", "25_to_49", "50_to_74", "75_to_100", "unknown"]


class ReleaseRequest(Input):
    """A quarter that has ended."""

    quarter: QuarterCode
    detail: Detail | None = None
    """At most this much; what the area's size allows when left out."""


class PeriodRead(Read):
    """The days that a release or a table covers; of a table of the quarter those of the quarter alone."""

    year: int
    from_: Annotated[date, Field(alias="from")]
    to: date


class ThresholdsRead(Read):
    """What a figure needs to be shown, in persons, households and case managers."""

    k: int
    k_sensitive: int
    k_insider: int
    households: int
    case_managers: int


class TableName(Read):
    """A table that a release offers."""

    name: str
    title: str
    definition: str


class TableLeftOutRead(Read):
    """A table that a release does not have; of protected ones it is not told whether there were figures."""

    name: str
    title: str
    reason: Literal[
        "too_small",
        "put_aside",
        "one_region",
        "year_not_ended",
        "year_not_told",
        "not_told",
        "not_entered",
        "without_source",
    ]
    explanation: str


class ProofRead(Read):
    """What was shown before publication."""

    holds: bool
    cells: int
    hidden: int
    checks: dict[str, bool]


class ReleaseContent(Read):
    """What a release says about itself; `hidden_share` is of cells, never of persons."""

    area: str
    period: PeriodRead
    scope: Literal["quarter", "year"]
    """`year` with the last quarter, when the year's totals can be told too."""
    scale: Detail
    thresholds: ThresholdsRead
    method: str
    unit: str
    source: str
    note: str
    hidden_share: float
    coverage: Coverage
    tables: list[TableName]
    left_out: list[TableLeftOutRead]
    proof: ProofRead


class ReleaseRead(Read):
    """A release; `content` is null until it is computed, `refusal` says why it was not.

    `requested_at`, `computed_at`, `detail` are told to coordinators of the area alone.
    """

    id: UUID
    municipal_area_id: str
    quarter: str
    state: Literal["requested", "computed", "refused", "published", "discarded"]
    detail: Detail | MISSING | None = MISSING
    refusal: (
        Literal["proof_failed", "earlier_releases_contradict", "classes_changed", "attack_succeeded"] | None
    )
    requested_at: datetime | MISSING = MISSING
    computed_at: datetime | MISSING | None = MISSING
    published_at: datetime | None
    sha256: str | None
    content: ReleaseContent | None
    version: int


class CodeRead(Read):
    """A code of a dimension, below its parent."""

    code: str
    label: str
    parent: str | None


class DimensionRead(Read):
    """One dimension of a table."""

    name: str
    title: str
    codes: list[CodeRead]


class PersonsRead(Read):
    """The number of distinct persons in a cell."""

    status: Status
    value: int | None


class PartsRead(Read):
    """What a quotient is made of, as it is published; null where that is hidden or not there."""

    numerator: int | float | None
    denominator: int | float | None


class CellRead(Read):
    """One place of the grid; `percent` is of the total of the first dimension.

    Full-time equivalents and quotients have decimals, everything else is whole. Of quotients alone: `too_few`
    (the numerator is published and too small), `no_base` (the denominator is missing or too small).
    """

    codes: list[str]
    status: CellStatus
    value: int | float | None
    percent: float | None
    persons: PersonsRead | None
    parts: PartsRead | None
    """Of a quotient; null in every other table."""


class MedianRead(Read):
    """In which band the median lies, for one choice of the other dimensions' codes; null when untold."""

    codes: list[str]
    status: Literal["published", "suppressed", "too_few"]
    code: str | None


class MediansRead(Read):
    """Medians of a dimension in bands, made of published figures alone and of `least` at the least."""

    dimension: str
    least: int
    places: list[MedianRead]


class QuotientRead(Read):
    """Which published tables of the same release a derived table divides.

    `per`: units of the denominator that a figure is told for. A numerator under `least` is not divided unless
    it is zero; nothing is divided by less than `least_denominator`.
    """

    numerator: str
    denominator: str
    per: int
    least: int
    least_denominator: int


class ReleaseTableRead(Read):
    """A whole table: always the full grid.

    `thresholds` and `coverage` are null where nobody is counted (positions, obstacles, measures, population)
    and where published figures are divided (`quotient`).
    """

    release_id: UUID
    municipal_area_id: str
    quarter: str
    name: str
    title: str
    definition: str
    area: str
    period: PeriodRead
    unit: str
    source: str
    method: str
    note: str
    thresholds: ThresholdsRead | None
    coverage: Coverage | None
    hidden_share: float
    dimensions: list[DimensionRead]
    cells: list[CellRead]
    medians: MediansRead | None
    """Null where a table tells none."""
    quotient: QuotientRead | None
    """Null where a table is not derived."""


class SignalRead(Read):
    """What was reported in a quarter: a protected count, or `signal` when there is none to give.

    `institution_group` is null for an interface without an institution.
    """

    quarter: str
    barrier_type: str
    barrier_type_label: str
    institution_group: str | None
    institution_group_label: str
    status: Literal["count", "signal"]
    count: int | None
    release_id: UUID
