"""Shape of what a package tells of a person, as `app.clients.package` fills it.

What is not known, was not chosen or may not leave is absent, each field and each category: nothing is null.
"""

from datetime import date
from typing import Literal

from pydantic import MISSING

from app.clients.schemas import Channel, Sex
from app.kit.schema import Read


class PackagedName(Read):
    """A name."""

    given: str
    family: str


class PackagedMasterData(Read):
    """Who it is."""

    name: PackagedName | MISSING = MISSING
    former_names: list[str] | MISSING = MISSING
    other_names: list[str] | MISSING = MISSING
    birth_date: date | MISSING = MISSING
    """With `birth_precision` a day that stands for a month or a year, and is not the day of birth."""
    birth_precision: Literal["month", "year", "unknown"] | MISSING = MISSING
    """Absent: the birth date is exact, or there is none."""
    sex: Sex | MISSING = MISSING
    nationalities: list[str] | MISSING = MISSING
    """The most important first."""
    marital_status: str | MISSING = MISSING


class PackagedAddress(Read):
    """An address, as far as it may be told."""

    care_of: str | MISSING = MISSING
    street: str | MISSING = MISSING
    postcode: str | MISSING = MISSING
    town: str | MISSING = MISSING


class PackagedContact(Read):
    """The safe ways to reach the person: what is absent here is not to be tried from elsewhere."""

    phone: str | MISSING = MISSING
    """For what `channels` names of `phone`, `sms` and `messenger`: with `sms` alone nobody calls."""
    email: str | MISSING = MISSING
    address: PackagedAddress | MISSING = MISSING
    """Where letters may go; absent also where none may."""
    channels: list[Channel] | MISSING = MISSING
    """Only these ways are safe. Absent: nothing was said, and what stands here may be used."""
    times: str | MISSING = MISSING
    """When the person can be reached, in words."""
    language: str | MISSING = MISSING
    no_voicemail: Literal[True] | MISSING = MISSING
    """No message on a mailbox: somebody else may hear it."""
    needs_interpreter: bool | MISSING = MISSING
    no_interpreter_of_same_circle: Literal[True] | MISSING = MISSING
    """No interpreter of the person's own circle."""


class PackagedDocument(Read):
    """A residence title or certificate that runs today."""

    residence_status: str | MISSING = MISSING
    """Absent where the status itself tells too much: then its group stands alone."""
    residence_group: str | MISSING = MISSING
    valid_from: date | MISSING = MISSING
    printed_end: date | MISSING = MISSING
    """The end on the paper; with `continued_effect` it holds on."""
    continued_effect: str | MISSING = MISSING
    continued_until: date | MISSING = MISSING
    work_permission: str | MISSING = MISSING
    has_residence_obligation: bool | MISSING = MISSING
    residence_obligation_place: str | MISSING = MISSING
    residence_obligation_until: date | MISSING = MISSING
    eu_ground: str | MISSING = MISSING


class PackagedResidence(Read):
    """Residence: a title, a certificate, or both."""

    title: PackagedDocument | MISSING = MISSING
    certificate: PackagedDocument | MISSING = MISSING


class PackagedBenefit(Read):
    """A benefit, or what the person lives on."""

    strand: str
    legal_domain: str | MISSING = MISSING
    livelihood: str | MISSING = MISSING
    valid_from: date | MISSING = MISSING


class PackagedBenefits(Read):
    """What runs today."""

    current: list[PackagedBenefit] | MISSING = MISSING


class PackagedMember(Read):
    """Somebody of the household. Not everybody need stand here."""

    name: str
    birth_year: int | MISSING = MISSING
    relation: str
    """What they are to the person."""


class PackagedHousehold(Read):
    """The household, without those who are kept apart."""

    household_type: str | MISSING = MISSING
    members: list[PackagedMember] | MISSING = MISSING


class PackagedLanguage(Read):
    """What the person masters of a language."""

    language: str
    is_native: bool
    overall: str | MISSING = MISSING
    listening: str | MISSING = MISSING
    speaking: str | MISSING = MISSING
    reading: str | MISSING = MISSING
    writing: str | MISSING = MISSING
    evidence: str | MISSING = MISSING
    valid_from: date | MISSING = MISSING


class PackagedSchooling(Read):
    """A step of the way into school that runs today."""

    school_step: str
    school: str | MISSING = MISSING
    valid_from: date | MISSING = MISSING


class PackagedEducation(Read):
    """Languages and school."""

    literacy: str | MISSING = MISSING
    languages: list[PackagedLanguage] | MISSING = MISSING
    schooling: list[PackagedSchooling] | MISSING = MISSING


class PackagedWork(Read):
    """What the titles and certificates that run today say of work."""

    work_permissions: list[str] | MISSING = MISSING


class PackagedDwelling(PackagedAddress):
    """Where the person is registered or lives."""

    housing_type: str | MISSING = MISSING
    valid_from: date | MISSING = MISSING


class PackagedHousing(Read):
    """Addresses of today; of somebody who is hidden without a place."""

    registered: PackagedDwelling | MISSING = MISSING
    actual: PackagedDwelling | MISSING = MISSING


class PackageData(Read):
    """What is told of the person, by data category."""

    master_data: PackagedMasterData | MISSING = MISSING
    contact: PackagedContact | MISSING = MISSING
    residence: PackagedResidence | MISSING = MISSING
    benefits: PackagedBenefits | MISSING = MISSING
    household: PackagedHousehold | MISSING = MISSING
    education_language: PackagedEducation | MISSING = MISSING
    work: PackagedWork | MISSING = MISSING
    housing: PackagedHousing | MISSING = MISSING
