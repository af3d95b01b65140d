"""Shapes of persons and households."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.clients.disputes.schemas import DisputeMark
from app.clients.histories.schemas import (
    AddressRead,
    LanguageLevelCreate,
    LanguageLevelRead,
    LegalDomainCreate,
    LegalDomainRead,
    ResidenceDocumentCreate,
    ResidenceDocumentRead,
    SchoolingRead,
)
from app.kit.schema import Code, Day, Email, Input, Line, Name, Note, Phone, Read

Sex = Literal["m", "w", "d", "x"]
BirthPrecision = Literal["day", "month", "year", "unknown"]
Channel = Literal["phone", "sms", "messenger", "email", "post", "in_person"]
MatchReason = Literal[
    "same_name",
    "name_in_another_spelling",
    "typing_error",
    "part_of_name",
    "names_swapped",
    "same_birth_date",
    "same_birth_month",
    "same_birth_year",
    "similar_birth_date",
    "birth_date_unknown",
]
Names = Annotated[list[Name], Field(default_factory=list, max_length=10)]
Nationalities = Annotated[list[Annotated[str, Field(pattern=r"^\d{3}$")]], Field(max_length=8)]
Channels = Annotated[list[Channel], Field(max_length=6)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2200)]
Clients = Annotated[list[UUID], Field(default_factory=list, max_length=50)]


class _Person(Input):
    former_names: Names
    other_names: Names
    birth_date: Day | None = None
    birth_precision: BirthPrecision | None = None
    sex: Sex = "x"
    marital_status: Code | None = None
    literacy: Code | None = None
    needs_interpreter: bool | None = None
    phone: Phone | None = None
    email: Email | None = None
    contact_channels: Channels | None = None
    contact_times: Line | None = None
    contact_language: Code | None = None
    no_post: bool = False
    no_voicemail: bool = False
    no_interpreter_of_same_circle: bool = False
    must_not_learn: Note | None = None
    household_type: Code | None = None
    is_restricted: bool = False


class HouseholdMemberCreate(Input):
    """Somebody in the household: another client (`client_id`) or a person who is none (`name`)."""

    client_id: UUID | None = None
    name: Name | None = None
    birth_year: Year | None = None
    relation: Code
    is_kept_apart: bool = False


class ClientCreate(_Person):
    """A new person, with what is known at the first conversation.

    Without `birth_precision` a birth date counts as exact. A likely duplicate among the persons you see is
    refused (409 `possible_duplicate`) until `confirm_new` or their ids in `not_duplicate_of` are sent.
    """

    unit_id: UUID | None = Field(None, description="needed only by who works at several units")
    given_name: Name
    family_name: Name
    nationalities: Annotated[Nationalities, Field(default_factory=list)]
    languages: Annotated[list[LanguageLevelCreate], Field(default_factory=list, max_length=12)]
    household_members: Annotated[list[HouseholdMemberCreate], Field(default_factory=list, max_length=30)]
    residence_documents: Annotated[list[ResidenceDocumentCreate], Field(default_factory=list, max_length=6)]
    legal_domains: Annotated[list[LegalDomainCreate], Field(default_factory=list, max_length=10)]
    not_duplicate_of: Clients
    confirm_new: bool = False


class ClientChange(_Person):
    """What changes of a person; what is left out stays."""

    given_name: Name | None = None
    family_name: Name | None = None


class NationalitiesReplace(Input):
    """All nationalities of the person, the most important first."""

    nationalities: Nationalities


class HouseholdMemberChange(Input):
    """What changes of a member; name and year only of a member who is no client."""

    name: Name | None = None
    birth_year: Year | None = None
    relation: Code | None = None
    is_kept_apart: bool | None = None


class ClientSearch(Input):
    """Whom to look for: any part of any name in any order and spelling, a birth date or a year."""

    name: Name | None = None
    birth_date: Day | None = None
    birth_year: Year | None = None


class DuplicateSearch(Input):
    """A person who is about to be registered."""

    given_name: Name
    family_name: Name
    former_names: Names
    other_names: Names
    birth_date: Day | None = None
    birth_precision: BirthPrecision | None = None
    is_restricted: bool = Field(
        default=False,
        description="the person is hidden, or is to be: nobody elsewhere is told that they were looked for",
    )


class ClientLine(Read):
    """A person in a list."""

    id: UUID
    given_name: str
    family_name: str
    birth_date: date | None
    birth_precision: BirthPrecision
    sex: Sex
    is_restricted: bool
    processing_restricted_at: datetime | None
    """Since then the data are only kept (Art. 18 GDPR): on request, or after a consent was withdrawn."""
    disputed: list[str] = Field(description="fields whose truth the person disputes")
    version: int


class ClientFound(ClientLine):
    """A person who was found, and why."""

    likeness: float = Field(description="0 to 1")
    reasons: list[MatchReason]


class DuplicateLine(ClientFound):
    """One of two persons who may be the same; both carry the same `pair`."""

    pair: int


class HouseholdMemberRead(Read):
    """A member of the household; `client_id` where the member is a client whom you see too."""

    id: UUID
    client_id: UUID | None
    name: str
    birth_year: int | None
    relation: str
    is_kept_apart: bool
    disputes: list[DisputeMark]
    version: int


class HouseholdRead(Read):
    """The household of a person, seen from this person."""

    id: UUID
    version: int
    household_type: str | None
    items: list[HouseholdMemberRead]


class ClientRead(ClientLine):
    """Everything of a person, with the periods that are believed now."""

    unit_id: UUID
    former_names: list[str]
    other_names: list[str]
    marital_status: str | None
    literacy: str | None
    needs_interpreter: bool | None
    phone: str | None
    email: str | None
    contact_channels: list[Channel] | None
    contact_times: str | None
    contact_language: str | None
    no_post: bool
    no_voicemail: bool
    no_interpreter_of_same_circle: bool
    must_not_learn: str | None
    household_type: str | None
    nationalities: list[str]
    languages: list[LanguageLevelRead]
    household_members: list[HouseholdMemberRead]
    residence_documents: list[ResidenceDocumentRead]
    legal_domains: list[LegalDomainRead]
    addresses: list[AddressRead]
    schooling: list[SchoolingRead]
    disputes: list[DisputeMark]
    """Of the person's own fields; those of periods and members stand beside them."""
