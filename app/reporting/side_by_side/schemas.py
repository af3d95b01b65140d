"""Shapes of the state's view."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.kit.schema import Read
from app.reporting.schemas import CellStatus, DimensionRead, ThresholdsRead


class AreaPublishedRead(Read):
    """What an area published of the quarter: this table, a release without it, or nothing."""

    id: str
    name: str
    status: Literal["published", "without_table", "not_published"]
    release_id: UUID | None
    sha256: str | None
    published_at: datetime | None
    thresholds: ThresholdsRead | None


class SideBySideCellRead(Read):
    """One place: the area, then the codes of the table; each reason for having no value is told apart."""

    codes: list[str]
    status: CellStatus | Literal["not_published"]
    value: int | float | None


class SideBySideRead(Read):
    """One table over all areas. `total` is the sum where every area that published tells the cell.

    Quotients have no sum: of a derived table there is no `total`.
    """

    quarter: str
    name: str
    title: str
    definition: str
    unit: str
    source: str
    method: str
    note: str
    areas_published: int
    areas: list[AreaPublishedRead]
    dimensions: list[DimensionRead]
    cells: list[SideBySideCellRead]
