"""Shapes of cooperation contracts and of the funding report. Money is whole cents."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Day, Input, Line, Read

Year = Annotated[int, Field(strict=True, ge=2017, le=2100)]
Cents = Annotated[int, Field(strict=True, ge=0, le=100_000_000_000, description="whole cents")]
Component = Literal["component_1", "assistant", "component_2", "component_3"]


class ContractCreate(Input):
    """What a contract gives a unit in one year. 409 when the unit has this contract in this year already."""

    unit_id: UUID
    year: Year
    reference: Line
    concluded_on: Day
    forwarded_cents: Cents
    own_share_cents: Cents = 0
    deficit_cents: Cents = 0


class ContractChange(Input):
    """What changes of a contract; what is left out stays."""

    reference: Line | None = None
    concluded_on: Day | None = None
    forwarded_cents: Cents | None = None
    own_share_cents: Cents | None = None
    deficit_cents: Cents | None = None


class ContractRead(Read):
    """A cooperation contract in one year."""

    id: UUID
    unit_id: UUID
    unit: str
    year: int
    reference: str
    concluded_on: date
    forwarded_cents: int
    own_share_cents: int
    deficit_cents: int
    version: int


class FundedPositionRead(Read):
    """A funded share of work in the year: how long it was filled, and what that was worth.

    `rate_cents` is for a full-time equivalent and a year; null where the programme states none, and then
    nothing is computed.
    """

    component: Component
    employer: str
    place_of_work: str | None
    full_time_equivalents: float
    filled_from: date | None
    filled_until: date | None
    months_filled: int
    rate_cents: int | None
    funded_cents: int | None
    workplace_cents: int | None


class ComponentSumRead(Read):
    """All positions of a component; `full_time_months` are equivalents times months filled.

    The amounts are null where the programme states no rate.
    """

    component: Component
    full_time_equivalents: float
    full_time_months: float
    funded_cents: int | None
    workplace_cents: int | None


class PublishedFigureRead(Read):
    """A total as a published release tells it; null where it is suppressed."""

    release_id: UUID
    quarter: str
    sha256: str
    table: str
    title: str
    unit: str
    value: int | float | None


class ActivityRead(Read):
    """What the coordination did in the quarters of the year that were released; about no person."""

    activity: Literal[
        "obstacle_recorded", "obstacle_implemented", "measure_planned", "measure_done", "decision"
    ]
    number: int
    quarters: list[str]


class ContractSumsRead(Read):
    """All contracts of the year together."""

    forwarded_cents: int
    own_share_cents: int
    deficit_cents: int


class FundingReportRead(Read):
    """The figures of a year; `complete` tells whether the year has ended."""

    area: str
    year: int
    written_at: datetime
    complete: bool
    positions: list[FundedPositionRead]
    components: list[ComponentSumRead]
    contracts: list[ContractRead]
    contract_sums: ContractSumsRead
    figures: list[PublishedFigureRead]
    activities: list[ActivityRead]
