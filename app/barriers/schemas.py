"""Shapes of barrier reports, proposals and observations."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.kit.schema import Code, Day, Input, Note, Read, text

Persons = Annotated[list[UUID], Field(min_length=1, max_length=30)]
Days = Annotated[int, Field(strict=True, ge=0, le=36_500)]


class Interface(Input):
    """The two legal domains between which something was lost."""

    from_legal_domain: Code
    to_legal_domain: Code


class InterfaceRead(Read):
    """The two legal domains between which something was lost."""

    from_legal_domain: str
    to_legal_domain: str


class BarrierFile(Input):
    """A new report: type, institution or interface, effect and since are enough."""

    case_id: UUID
    barrier_type: Code
    institution_id: UUID | None = None
    interface: Interface | None = None
    effect: Code
    since: Day
    persons: Persons | None = None
    """The clients concerned, of one household; the case's client when left out."""
    level: Code | None = None
    duration_days: Days | None = None
    workaround: Note | None = None
    suggestion: Note | None = None
    note: Note | None = None
    """Stays in the case."""


class BarrierChange(Input):
    """A correction; what is left out stays."""

    barrier_type: Code | None = None
    institution_id: UUID | None = None
    interface: Interface | None = None
    effect: Code | None = None
    since: Day | None = None
    persons: Persons | None = None
    level: Code | None = None
    duration_days: Days | None = None
    workaround: Note | None = None
    suggestion: Note | None = None
    note: Note | None = None


class BarrierResolve(Input):
    """The end of a barrier; today when left out."""

    resolved_on: Day | None = None


class BarrierRead(Read):
    """A report, as the case's team sees it."""

    id: UUID
    case_id: UUID
    barrier_type: str
    institution_id: UUID | None
    interface: InterfaceRead | None
    effect: str
    since: date
    persons: list[UUID]
    level: str | None
    duration_days: int | None
    workaround: str | None
    suggestion: str | None
    note: str | None
    reported_by: UUID
    reported_on: date
    resolved_on: date | None
    version: int


class ProposalConfirm(Input):
    """What the team says; type, institution and interface come from the proposal.

    One that names no institution (after a wait for a school, about an interface) takes one here.
    """

    effect: Code
    since: Day
    barrier_type: Code | None = None
    """Instead of the proposed one."""
    institution_id: UUID | None = None
    interface: Interface | None = None
    persons: Persons | None = None
    level: Code | None = None
    duration_days: Days | None = None
    workaround: Note | None = None
    suggestion: Note | None = None
    note: Note | None = None


class ProposalRead(Read):
    """A pre-filled report after a referral that failed or stayed silent, or a child that waits for a school.

    One of `referral_id` and `school_entry_id` says after what; a school entry names no institution. With the
    outcome `reported_by_institution` it is what the recipient of the referral says stands in the way: then
    `effect` and `since` are its words, to be looked at before they are confirmed.
    """

    id: UUID
    case_id: UUID
    referral_id: UUID | None
    school_entry_id: UUID | None
    institution_id: UUID | None
    interface: InterfaceRead | None
    barrier_type: str
    outcome: str
    effect: str | None
    since: date | None
    state: Literal["open", "confirmed", "dropped"]
    report_id: UUID | None
    version: int


class ObservationWrite(Input):
    """A sentence about the system, made to be shared.

    With a report, type and kind of institution are the report's. Without one, both are named; `case_id`
    then says whose data the text is held against, otherwise those of all clients of the author.
    """

    barrier_report_id: UUID | None = None
    case_id: UUID | None = None
    barrier_type: Code | None = None
    institution_type: Code | None = None
    text: Annotated[str, Field(min_length=10), text(600)]

    @model_validator(mode="after")
    def _says_about_what(self) -> Self:
        named = self.barrier_type is not None and self.institution_type is not None
        if self.barrier_report_id is None and not named:
            raise PydanticCustomError(
                "about_nothing", "Name a report, or a barrier type and a kind of institution"
            )
        if self.barrier_report_id is not None and (self.case_id or self.barrier_type):
            raise PydanticCustomError("said_by_report", "The report says the case and the type")
        return self


class ObservationRead(Read):
    """An observation: no person, no case, no author, no date."""

    id: UUID
    institution_type: str
    barrier_type: str
    quarter: str
    text: str
