"""Shapes of dated periods: added, ended, corrected, withdrawn, read."""

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.clients.disputes.schemas import DisputeMark
from app.kit.schema import Code, Day, Input, Line, Name, Read

Evidence = Literal["original", "copy", "statement"]
AddressStrand = Literal["registered", "actual"]
Postcode = Annotated[str, Field(pattern=r"^[0-9A-Za-z -]{3,10}$")]
MunicipalityKey = Annotated[str, Field(pattern=r"^\d{8}$")]
Because = Literal["ended", "corrected", "entered_in_error", "merged"]


class PeriodInput(Input):
    """From-to, both days included; an open beginning is unknown, an open end goes on."""

    valid_from: Day | None = None
    valid_until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "PeriodInput":
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise PydanticCustomError("period_backwards", "A period ends after it begins")
        return self


class _NewPeriod(PeriodInput):
    ends_previous: bool = Field(
        False, description="end what runs in the same strand on the day before `valid_from`"
    )


class PeriodEnd(Input):
    """The last day of a period."""

    valid_until: Day


class _Residence(PeriodInput):
    residence_status: Code
    printed_end: Day | None = None
    continued_effect: Code | None = None
    continued_until: Day | None = None
    work_permission: Code | None = None
    has_residence_obligation: bool | None = None
    residence_obligation_place: Name | None = None
    residence_obligation_until: Day | None = None
    eu_ground: Code | None = None
    evidence: Evidence | None = None

    @model_validator(mode="after")
    def _ends_in_print_after_it_begins(self) -> "_Residence":
        if self.valid_from and self.printed_end and self.printed_end < self.valid_from:
            raise PydanticCustomError("printed_end_backwards", "The printed end is not before `valid_from`")
        return self


class ResidenceDocumentCorrect(_Residence):
    """What is believed instead."""


class ResidenceDocumentCreate(_Residence, _NewPeriod):
    """A title or certificate; `valid_until` is the end of its effect, `printed_end` what stands on it."""


class _LegalDomain(PeriodInput):
    strand: Code
    legal_domain: Code | None = None
    livelihood: Code | None = None


class LegalDomainCorrect(_LegalDomain):
    """What is believed instead."""


class LegalDomainCreate(_LegalDomain, _NewPeriod):
    """A benefit (`legal_domain`) in a strand, or in the strand `livelihood` what the person lives on."""


class _Address(PeriodInput):
    strand: AddressStrand
    housing_type: Code | None = None
    care_of: Name | None = None
    street: Line | None = None
    postcode: Postcode | None = None
    town: Name | None = None
    municipality: MunicipalityKey | None = None


class AddressCorrect(_Address):
    """What is believed instead."""


class AddressCreate(_Address, _NewPeriod):
    """An address; of a women's shelter only the fact, and the person becomes restricted."""


class _LanguageLevel(PeriodInput):
    language: Code
    is_native: bool = False
    overall: Code | None = None
    listening: Code | None = None
    speaking: Code | None = None
    reading: Code | None = None
    writing: Code | None = None
    evidence: Code | None = None


class LanguageLevelCorrect(_LanguageLevel):
    """What is believed instead."""


class LanguageLevelCreate(_LanguageLevel, _NewPeriod):
    """What somebody masters of a language, by CEFR: overall or by skill, since the day it was assessed."""


class _Schooling(PeriodInput):
    school_step: Code
    school: Name | None = None


class SchoolingCorrect(_Schooling):
    """What is believed instead."""


class SchoolingCreate(_Schooling, _NewPeriod):
    """A step of a new pupil's way into school."""


class PeriodRead(Read):
    """From-to, when it was recorded, and whether something else is believed now."""

    id: UUID
    valid_from: date | None
    valid_until: date | None
    recorded_at: datetime
    recorded_by: UUID
    superseded_at: datetime | None
    superseded_by: UUID | None
    superseded_because: Because | None
    disputes: list[DisputeMark]
    is_kept_only: bool = Field(description="its processing is restricted (Art. 18 GDPR)")


class ResidenceDocumentRead(PeriodRead):
    """A title or certificate. `hint` is a question to check, never a conclusion."""

    strand: Literal["title", "certificate"]
    residence_status: str
    printed_end: date | None
    continued_effect: str | None
    continued_until: date | None
    work_permission: str | None
    has_residence_obligation: bool | None
    residence_obligation_place: str | None
    residence_obligation_until: date | None
    eu_ground: str | None
    evidence: Evidence | None
    hint: Literal["expired: check continued effect"] | None


class LegalDomainRead(PeriodRead):
    """A benefit or what the person lives on."""

    strand: str
    legal_domain: str | None
    livelihood: str | None


class AddressRead(PeriodRead):
    """An address; that of a women's shelter is hidden, also from this answer."""

    strand: AddressStrand
    housing_type: str | None
    care_of: str | None
    street: str | None
    postcode: str | None
    town: str | None
    municipality: str | None
    hint: Literal["address hidden"] | None


class LanguageLevelRead(PeriodRead):
    """What somebody masters of a language."""

    language: str
    is_native: bool
    overall: str | None
    listening: str | None
    speaking: str | None
    reading: str | None
    writing: str | None
    evidence: str | None


class SchoolingRead(PeriodRead):
    """A step of the way into school."""

    school_step: str
    school: str | None


Item = TypeVar("Item", bound=PeriodRead)


class History(Read, Generic[Item]):
    """The periods of one person, latest first; `id` and `version` are the person's."""

    id: UUID
    version: int
    items: list[Item]
