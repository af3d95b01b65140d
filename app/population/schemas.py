"""Shapes of official figures of residents."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.directory.schemas import Fault
from app.kit.schema import Day, Input, Line, Read


class PopulationImport(Input):
    """A sheet of official figures of one day, and from where it is.

    Columns in any order: `municipality`, `nationality_group`, `age_band` (may be left out), `persons`.
    """

    stated_on: Day
    source: Line
    licence: Line
    csv: Annotated[str, Field(min_length=1, max_length=900_000)]


class PopulationReport(Read):
    """What became of a sheet; with faults, nothing is taken. `population_id` is null then."""

    population_id: UUID | None
    lines: int
    residents: int
    faults: list[Fault]


class PopulationRead(Read):
    """Official figures of a day, without their lines."""

    id: UUID
    stated_on: date
    source: str
    licence: str
    residents: int
    version: int


class PopulationLine(Read):
    """Residents of one town, group of nationality and age band."""

    municipality: str
    nationality_group: str
    age_band: str | None
    persons: int


class PopulationWhole(PopulationRead):
    """Official figures of a day with every line."""

    lines: list[PopulationLine]
