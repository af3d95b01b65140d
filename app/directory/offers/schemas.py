"""Shapes of sites and offers."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.directory.schemas import Languages, MunicipalityKey, Postcode
from app.kit.schema import Code, Day, Email, Input, Line, Name, Note, Phone, Read

Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM, at the place")]
Age = Annotated[int, Field(strict=True, ge=0, le=120)]
Places = Annotated[int, Field(strict=True, ge=0, le=100_000)]
Status = Literal["active", "paused", "ended"]
Topics = Annotated[list[Code], Field(min_length=1, max_length=20)]
SiteIds = Annotated[list[UUID], Field(max_length=50)]


def _https(value: str) -> str:
    if not value.startswith("https://"):
        raise PydanticCustomError("url_not_https", "An address of the web begins with https://")
    return value


Url = Annotated[Line, AfterValidator(_https)]


class SiteCreate(Input):
    """A place where the institution is found."""

    name: Name
    municipality: MunicipalityKey | None = None
    street: Line | None = None
    postcode: Postcode | None = None
    phone: Phone | None = None


class SiteChange(Input):
    """What changes of a site; what is left out stays. One that was given up is set inactive."""

    name: Name | None = None
    municipality: MunicipalityKey | None = None
    street: Line | None = None
    postcode: Postcode | None = None
    phone: Phone | None = None
    is_active: bool | None = None


class SiteRead(Read):
    """A place where an institution is found."""

    id: UUID
    institution_id: UUID
    name: str
    municipality: str | None
    street: str | None
    postcode: str | None
    phone: str | None
    is_active: bool
    version: int


class OpeningHours(Input):
    """When one finds somebody, on these days of each week."""

    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "OpeningHours":
        if self.closes <= self.opens:
            raise PydanticCustomError("closes_before_it_opens", "Closing comes after opening")
        return self


Hours = Annotated[list[OpeningHours], Field(max_length=21)]


class OfferCreate(Input):
    """Something that an institution offers. Topics are life domains."""

    institution_id: UUID
    name: Name
    description: Note | None = None
    topics: Topics
    languages: Languages
    audience: Line | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    how_to_apply: Line | None = None
    fees: Line | None = None
    url: Url | None = None
    email: Email | None = None
    phone: Phone | None = None
    programme: Line | None = None
    funding_ends_on: Day | None = None
    opening_hours: Hours = Field(default_factory=list)
    site_ids: SiteIds = Field(default_factory=list)


class OfferChange(Input):
    """What changes of an offer; what is left out stays. An offer that is over is `ended`, never deleted."""

    name: Name | None = None
    description: Note | None = None
    topics: Topics | None = None
    languages: Languages
    audience: Line | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    how_to_apply: Line | None = None
    fees: Line | None = None
    url: Url | None = None
    email: Email | None = None
    phone: Phone | None = None
    programme: Line | None = None
    funding_ends_on: Day | None = None
    opening_hours: Hours | None = None
    site_ids: SiteIds | None = None
    status: Status | None = None


class CapacityTell(Input):
    """How many places are free now, and of how many."""

    free_places: Places
    places: Places | None = None


class CapacityRead(Read):
    """What was told last."""

    free_places: int
    places: int | None
    told_at: datetime


class OpeningHoursRead(Read):
    """When one finds somebody."""

    days: list[Weekday]
    opens: str
    closes: str


class OfferRead(Read):
    """An offer; `capacity` is null where nobody has told of free places."""

    id: UUID
    institution_id: UUID
    institution_name: str
    institution_type: str
    name: str
    description: str | None
    topics: list[str]
    languages: list[str]
    audience: str | None
    minimum_age: int | None
    maximum_age: int | None
    how_to_apply: str | None
    fees: str | None
    url: str | None
    email: str | None
    phone: str | None
    programme: str | None
    funding_ends_on: date | None
    opening_hours: list[OpeningHoursRead]
    sites: list[SiteRead]
    status: Status
    capacity: CapacityRead | None
    version: int
