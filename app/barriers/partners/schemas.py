"""Shapes of barriers that institutions report, and of what the coordination is told of them."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.barriers.schemas import Interface, InterfaceRead
from app.kit.schema import Code, Day, Input, Read, text

State = Literal["received", "withdrawn"]
Sentence = Annotated[str, Field(min_length=10), text(600)]


class PartnerBarrierFile(Input):
    """What stands in the way, without any person: type, where, effect and since.

    Where is an institution or a kind of institution, the interface between two legal domains, or both. One
    about a referral has no observation: it speaks of somebody.
    """

    barrier_type: Code
    institution_id: UUID | None = None
    institution_type: Code | None = None
    interface: Interface | None = None
    effect: Code
    since: Day
    observation: Sentence | None = None
    """A sentence about the system, made to be shared: no names, dates, numbers, addresses."""
    referral_id: UUID | None = None
    """A referral to one's institution that it is about: it becomes a proposal to those who sent it."""
    reporting_institution_id: UUID | None = Field(None, description="needed only by who acts for several")

    @model_validator(mode="after")
    def _says_where(self) -> Self:
        if self.institution_id is not None and self.institution_type is not None:
            raise PydanticCustomError("said_by_institution", "The institution says what kind it is")
        if self.institution_id is None and self.institution_type is None and self.interface is None:
            raise PydanticCustomError("nowhere", "Name an institution, a kind of institution or an interface")
        if self.referral_id is not None and self.observation is not None:
            raise PydanticCustomError(
                "observation_of_a_referral", "A sentence about the system is filed without the referral"
            )
        return self


class PartnerBarrierRead(Read):
    """A report, as the institution that filed it sees it; a withdrawn one has lost its sentence."""

    id: UUID
    reporting_institution_id: UUID
    barrier_type: str
    institution_id: UUID | None
    institution_type: str | None
    interface: InterfaceRead | None
    effect: str
    since: date
    observation: str | None
    referral_id: UUID | None
    reported_on: date
    state: State
    version: int


class PartnerBarrierFigureRead(Read):
    """How many institutions reported a type about a group of institutions in a quarter: from three on.

    `institution_group` is null for an interface without an institution. Never a number of persons or reports.
    """

    quarter: str
    barrier_type: str
    institution_group: str | None
    status: Literal["count", "signal"]
    institutions: int | None
