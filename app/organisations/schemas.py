"""Shapes of units and positions."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Day, Input, Line, Name, Read

UnitKind = Literal["ki", "town", "welfare", "authority", "state"]
LegalRegime = Literal["dsg_nrw", "sgb_x", "kdg", "dsg_ekd"]
MunicipalityKey = Annotated[str, Field(pattern=r"^\d{8}$")]
FullTimeEquivalents = Annotated[float, Field(gt=0, le=50, multiple_of=0.01)]


class UnitCreate(Input):
    """A new controller in the area."""

    name: Name
    kind: UnitKind
    municipality: MunicipalityKey | None = None
    legal_regime: LegalRegime
    is_public_body: bool
    is_sgb_body: bool


class UnitChange(Input):
    """What changes of a unit; what is left out stays."""

    name: Name | None = None
    municipality: MunicipalityKey | None = None
    legal_regime: LegalRegime | None = None
    is_public_body: bool | None = None
    is_sgb_body: bool | None = None


class UnitRead(Read):
    """A unit."""

    id: UUID
    name: str
    kind: UnitKind
    municipality: str | None
    legal_regime: LegalRegime
    is_public_body: bool
    is_sgb_body: bool
    version: int


class PositionCreate(Input):
    """A funded share of work."""

    unit_id: UUID
    component: Literal[1, 2, 3]
    is_assistant: bool = False
    full_time_equivalents: FullTimeEquivalents
    funded_year: Annotated[int, Field(ge=2017, le=2100)]
    place_of_work: Line | None = None
    filled_from: Day | None = None


class PositionRead(Read):
    """A position; `filled_from` is null while it is vacant."""

    id: UUID
    unit_id: UUID
    component: int
    is_assistant: bool
    full_time_equivalents: float
    funded_year: int
    place_of_work: str | None
    filled_from: date | None
    version: int
