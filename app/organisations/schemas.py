"""Shapes of units and positions."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Day, Input, Line, Name, Read

UnitKind = Literal["ki", "town", "welfare", "authority", "state"]
LegalRegime = Literal["dsg_nrw", "sgb_x", "kdg", "dsg_ekd"]
MunicipalityKey = Annotated[str, Field(pattern=r"^\d{8}$")]
Postcode = Annotated[str, Field(pattern=r"^\d{5}$")]
ReferralDays = Annotated[int, Field(strict=True, ge=1, le=60)]
FullTimeEquivalents = Annotated[float, Field(gt=0, le=50, multiple_of=0.01)]


class UnitCreate(Input):
    """A new controller in the area."""

    name: Name
    kind: UnitKind
    municipality: MunicipalityKey | None = None
    legal_regime: LegalRegime
    is_public_body: bool
    is_sgb_body: bool
    street: Line | None = None
    """Street with number, postcode and town stand in the head of its letters: all of them or none."""
    postcode: Postcode | None = None
    town: Name | None = None
    takes_referrals: bool = Field(False, description="institutions can refer people here")
    referral_days: ReferralDays = 14
    """Within so many days it answers an institution that refers somebody; the next when it is urgent."""
    urgent_referral_days: ReferralDays = 3


class UnitChange(Input):
    """What changes of a unit; what is left out stays."""

    name: Name | None = None
    municipality: MunicipalityKey | None = None
    legal_regime: LegalRegime | None = None
    is_public_body: bool | None = None
    is_sgb_body: bool | None = None
    street: Line | None = None
    postcode: Postcode | None = None
    town: Name | None = None
    takes_referrals: bool | None = None
    referral_days: ReferralDays | None = None
    urgent_referral_days: ReferralDays | None = None


class UnitRead(Read):
    """A unit."""

    id: UUID
    name: str
    kind: UnitKind
    municipality: str | None
    legal_regime: LegalRegime
    is_public_body: bool
    is_sgb_body: bool
    street: str | None
    postcode: str | None
    town: str | None
    takes_referrals: bool
    referral_days: int
    urgent_referral_days: int
    version: int


class ReferralUnitRead(Read):
    """A unit to which institutions can refer somebody, and within how many days it answers. No persons."""

    id: UUID
    name: str
    kind: UnitKind
    municipality: str | None
    is_sgb_body: bool
    referral_days: int
    urgent_referral_days: int


class ReceivingUnitRead(Read):
    """A unit with somebody who decides on transfers, in one's own area or another. No persons."""

    id: UUID
    name: str
    kind: UnitKind
    municipality: str | None
    municipal_area_id: str
    municipal_area_name: str


class PositionCreate(Input):
    """A funded share of work."""

    unit_id: UUID
    component: Literal[1, 2, 3]
    is_assistant: bool = False
    full_time_equivalents: FullTimeEquivalents
    funded_year: Annotated[int, Field(ge=2017, le=2100)]
    place_of_work: Line | None = None
    filled_from: Day | None = None
    filled_until: Day | None = None


class PositionChange(Input):
    """What changes of a position; what is left out stays."""

    full_time_equivalents: FullTimeEquivalents | None = None
    place_of_work: Line | None = None
    filled_from: Day | None = None
    filled_until: Day | None = None


class PositionRead(Read):
    """A position; `filled_from` is null while it was never filled, `filled_until` is the last day it was."""

    id: UUID
    unit_id: UUID
    component: int
    is_assistant: bool
    full_time_equivalents: float
    funded_year: int
    place_of_work: str | None
    filled_from: date | None
    filled_until: date | None
    version: int
