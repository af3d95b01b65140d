"""Shapes of duties."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.kit.schema import Code, Day, Input, Line, Note, Read
from app.referrals.duties.rules import State
from app.referrals.schemas import PackageContent

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Reason = Annotated[Note, Field(max_length=2000)]


class NecessityOf(Input):
    """Why exactly this category is necessary."""

    data_category: Code
    why: Line


class AnswerTo(Input):
    """The answer to a question of the vocabulary `duty_question`."""

    question: Code
    answer: bool
    note: Line | None = None


class DutyRequest(Input):
    """Which draft shall go out without consent, by which norm, and why."""

    referral_id: UUID
    norm: Code
    """Of the vocabulary `duty_norm`."""
    asked_by: Line | None = None
    """Who asks, with their file number; only where the norm needs a request."""
    asked_on: Day | None = None
    occasion: Reason
    necessity: Annotated[list[NecessityOf], Field(min_length=1, max_length=20)]
    """For each data category of the draft."""
    answers: Annotated[list[AnswerTo], Field(min_length=1, max_length=20)]


class DutyApprove(Input):
    """The digest of the package that was looked at."""

    sha256: Digest


class DutyRefuse(Input):
    """Why it does not go out."""

    reason: Reason


class AnswerGiven(Read):
    """An answer as it was given."""

    question: str
    answer: bool
    note: str | None


class NecessityGiven(Read):
    """Why a category is necessary."""

    data_category: str
    why: str


class DutyRecipient(Read):
    """The recipient."""

    id: UUID
    name: str
    institution_type: str


class DutySummary(Read):
    """A duty in a list: no person, no text."""

    id: UUID
    referral_id: UUID
    case_id: UUID
    unit_id: UUID
    institution: DutyRecipient
    state: State
    norm: str
    legal_basis: str
    prepared_by: PersonRef
    requested_at: datetime
    valid_until: datetime
    """Until when it can be decided; once it is approved, until when it can be sent."""
    decided_by: PersonRef | None
    decided_at: datetime | None
    ended_at: datetime | None


class DutyRead(DutySummary):
    """A duty with its reasons; what would leave stands in its package."""

    paragraph: str
    """The norm in words, as the law is cited."""
    law_as_of: date
    asked_by: str | None
    asked_on: date | None
    occasion: str
    necessity: list[NecessityGiven]
    answers: list[AnswerGiven]
    data_categories: list[str]
    sha256: str
    reason: str | None
    version: int


class DutyPackageRead(Read):
    """Exactly what would leave. For the second person only while it is to be decided."""

    id: UUID
    sha256: str
    content: PackageContent
