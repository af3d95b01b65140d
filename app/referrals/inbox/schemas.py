"""Shapes of the team inbox."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.kit.schema import Day, Input, Read


class ChargeTake(Input):
    """Take a referral over: one that nobody has, or one that this colleague has."""

    instead_of: UUID | None = None
    """Who has it, as was read; a colleague who is away, say. Somebody else by now: 409."""


class ChargeHandOn(Input):
    """To which colleague it goes."""

    user_id: UUID


class ChargeRead(Read):
    """Who is in charge of the referral of this id; null: nobody."""

    id: UUID
    in_charge: UUID | None
    since: datetime | None


class PartnerColleagueRead(Read):
    """Somebody of one's institution."""

    user_id: UUID
    display_name: str
    institution_id: UUID
    site_ids: list[UUID] = Field(description="the sites they work at; none: the whole institution")


class DeputyName(Input):
    """Who stands in for oneself, from the first to the last day."""

    institution_id: UUID
    deputy_id: UUID
    first_day: Day
    last_day: Day

    @field_validator("last_day")
    @classmethod
    def _in_order(cls, last_day: date, found: ValidationInfo) -> date:
        first_day = found.data.get("first_day")
        if first_day is not None and last_day < first_day:
            raise PydanticCustomError("ends_before_it_begins", "The last day is not before the first")
        return last_day


class DeputyshipRead(Read):
    """Who stands in for whom, and on which days."""

    id: UUID
    institution_id: UUID
    user_id: UUID
    deputy_id: UUID
    first_day: date
    last_day: date
    ended_at: datetime | None
