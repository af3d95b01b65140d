"""Shapes of the Human Services Data Specification 3.0, as far as they are filled here.

What is not known is absent. Source: docs.openreferral.org, schemas of version 3.0; `capacities` after 3.1.
"""

from datetime import date, datetime
from typing import Generic, Literal, TypeVar
from uuid import UUID

from pydantic import MISSING

from app.kit.schema import Read


class HsdsRoot(Read):
    """What this API is."""

    version: str
    profile: str
    openapi_url: str


class HsdsPhone(Read):
    """A telephone number."""

    id: UUID
    number: str
    type: str


class HsdsLanguage(Read):
    """A language that is spoken there."""

    id: UUID
    name: str
    code: str


class HsdsAddress(Read):
    """A postal address."""

    id: UUID
    address_1: str
    city: str
    state_province: str
    postal_code: str
    country: str
    address_type: Literal["physical"]


class HsdsLocation(Read):
    """A site of an organization."""

    id: UUID
    location_type: Literal["physical"]
    name: str
    addresses: list[HsdsAddress]
    phones: list[HsdsPhone]


class HsdsTaxonomy(Read):
    """A vocabulary from which terms are taken."""

    id: UUID
    name: str
    description: str


class HsdsTerm(Read):
    """A term of a vocabulary."""

    id: UUID
    code: str
    name: str
    description: str
    language: str
    taxonomy: str | MISSING = MISSING
    taxonomy_id: UUID | MISSING = MISSING
    taxonomy_detail: HsdsTaxonomy | MISSING = MISSING


class HsdsAttribute(Read):
    """A term that says something of a service or organization."""

    id: UUID
    link_type: str
    taxonomy_term: HsdsTerm


class HsdsProgram(Read):
    """The programme under which a service is run."""

    id: UUID
    name: str
    description: str


class HsdsFunding(Read):
    """Who pays, and until when (in words)."""

    id: UUID
    source: str


class HsdsSchedule(Read):
    """Opening hours of each week (RFC 5545), at the place."""

    id: UUID
    freq: Literal["WEEKLY"]
    byday: str
    opens_at: str
    closes_at: str


class HsdsUnit(Read):
    """What a capacity counts."""

    id: UUID
    name: str


class HsdsCapacity(Read):
    """How many places are free, as was told last."""

    id: UUID
    unit: HsdsUnit
    available: int
    maximum: int | MISSING = MISSING
    updated: datetime


class HsdsOrganization(Read):
    """An institution; in a list only what is one to one."""

    id: UUID
    name: str
    description: str
    email: str | MISSING = MISSING
    phones: list[HsdsPhone] | MISSING = MISSING
    locations: list[HsdsLocation] | MISSING = MISSING
    attributes: list[HsdsAttribute] | MISSING = MISSING


class HsdsAtLocation(Read):
    """A service at one of its sites."""

    id: UUID
    location: HsdsLocation
    service: "HsdsService | MISSING" = MISSING


class HsdsService(Read):
    """An offer; in a list only what is one to one, asked for `minimal` only id and change."""

    id: UUID
    modified_date: datetime | MISSING = MISSING
    name: str | MISSING = MISSING
    description: str | MISSING = MISSING
    url: str | MISSING = MISSING
    email: str | MISSING = MISSING
    status: Literal["active", "temporarily closed"] | MISSING = MISSING
    application_process: str | MISSING = MISSING
    fees_description: str | MISSING = MISSING
    eligibility_description: str | MISSING = MISSING
    minimum_age: int | MISSING = MISSING
    maximum_age: int | MISSING = MISSING
    assured_date: date | MISSING = MISSING
    last_modified: datetime | MISSING = MISSING
    program: HsdsProgram | MISSING = MISSING
    organization: HsdsOrganization | MISSING = MISSING
    phones: list[HsdsPhone] | MISSING = MISSING
    languages: list[HsdsLanguage] | MISSING = MISSING
    schedules: list[HsdsSchedule] | MISSING = MISSING
    funding: list[HsdsFunding] | MISSING = MISSING
    service_at_locations: list[HsdsAtLocation] | MISSING = MISSING
    attributes: list[HsdsAttribute] | MISSING = MISSING
    capacities: list[HsdsCapacity] | MISSING = MISSING


Item = TypeVar("Item", bound=Read)


class HsdsPage(Read, Generic[Item]):
    """A page by number, as the standard has it."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[Item]
