"""Shapes of consents."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.consents.rules import Direction, Form, GivenBy
from app.kit.schema import Code, Day, Input, Line, Moment, Name, Note, Read

Categories = Annotated[list[Code], Field(max_length=20)]
WithdrawalChannel = Literal["in_person", "phone", "letter", "email", "message", "other"]


class ConsentCreate(Input):
    """A consent as it was given. What must have been explained is not optional."""

    client_id: UUID
    case_id: UUID | None = None
    """None: for every case of the client."""
    purpose: Code
    institution_id: UUID | None = None
    """The exact recipient; none only where the unit itself is."""
    data_categories: Annotated[Categories, Field(min_length=1)]
    special_categories: Annotated[Categories, Field(default_factory=list)]
    """Art. 9 and 10 GDPR: those among `data_categories`, named once more."""
    direction: Direction
    text_language: Code
    """Of the text that was shown or read out; one in which it exists (GET /v1/consent-texts)."""
    text_version: Code
    interpreter_used: Annotated[bool, Field(strict=True)]
    interpreter: Line | None = None
    consequences_explained: Literal[True]
    """What happens, and what does not, when the client refuses."""
    revocability_explained: Literal[True]
    form: Form
    special_circumstance: Line | None = None
    """Why it was only spoken."""
    given_by: GivenBy = GivenBy.CLIENT
    guardian: Name | None = None
    """By name, for a person of whom no guardian is recorded."""
    guardian_ids: Annotated[list[UUID], Field(default_factory=list, max_length=4)]
    """Those who consented, of the recorded guardians; joint guardians consent together."""
    capacity_note: Line | None = None
    given_at: Moment
    valid_until: Day | None = None
    """The last day; 12 months when left out."""
    evidence: Line
    """Where the signed paper or the record is."""
    evidence_document_id: UUID | None = None
    """The signed paper itself, as a document of the client; it is not removed any more."""


class ConsentWithdraw(Input):
    """A withdrawal as it arrived; no reason is asked."""

    channel: WithdrawalChannel
    note: Note | None = None


class ConsentRead(Read):
    """A consent; `state` is of today."""

    id: UUID
    client_id: UUID
    case_id: UUID | None
    purpose: str
    institution_id: UUID | None
    unit_id: UUID | None
    data_categories: list[str]
    special_categories: list[str]
    direction: Direction
    text_language: str
    text_version: str
    text_sha256: str
    interpreter_used: bool
    interpreter: str | None
    consequences_explained: bool
    revocability_explained: bool
    form: Form
    special_circumstance: str | None
    given_by: GivenBy
    guardian: str | None
    guardian_ids: list[UUID]
    capacity_note: str | None
    given_at: datetime
    valid_until: date
    evidence: str
    evidence_document_id: UUID | None
    recorded_by: UUID
    state: Literal["valid", "expired", "withdrawn"]
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None
    withdrawal_channel: WithdrawalChannel | None
    withdrawal_note: str | None
    version: int


class ConsentTextRead(Read):
    """The words that are explained for one purpose, in one language and version."""

    purpose: str
    language: str
    version: str
    sha256: str
    text: str
