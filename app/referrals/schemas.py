"""Shapes of referrals for the sender."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.kit.schema import Code, Input, Line, Note, Read
from app.referrals.rules import Delivery, Task

Channel = Literal["platform", "letter", "phone", "accompanied", "client"]
Urgency = Literal["normal", "urgent"]
HoldReason = Literal[
    "waiting_for_client", "waiting_for_documents", "waiting_for_third_party", "capacity", "other"
]
CancelReason = Literal[
    "no_longer_wanted", "solved_otherwise", "wrong_recipient", "duplicate", "could_not_contact", "other"
]
NotDisclosed = Literal["not_disclosed"]
Source = Literal["client", "accompanied", "phone", "letter", "email"]
Concern = Annotated[Note, Field(max_length=2000)]


class ReferralDraft(Input):
    """What shall go to whom; nothing leaves before it is sent."""

    case_id: UUID
    institution_id: UUID
    channel: Channel
    concern_code: Code | None = None
    """For authorities of residence law, which get no free text."""
    concern_text: Concern | None = None
    urgency: Urgency = "normal"
    data_categories: Annotated[list[Code], Field(min_length=1, max_length=20)]
    legal_basis: Code = "consent"
    necessity: Line | None = None
    """Why it is necessary, where it does not rest on the client's will."""
    note: Note | None = None
    """For the team only."""


class ReferralCancel(Input):
    """Why it ends; a code, because both sides read it."""

    reason: CancelReason


class DeliveryRecord(Input):
    """Off the platform: where the package is, and how the sender knows."""

    delivery: Literal["offered", "fetched"]
    source: Source


class AnswerRecord(Input):
    """Off the platform: what the recipient did, and how the sender knows."""

    step: Literal["accept", "reject", "start", "hold", "resume", "complete", "fail"]
    source: Source
    reason: Code | None = None
    outcome: Code | None = None
    text: Note | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.step in ("reject", "hold")) != (self.reason is not None):
            raise PydanticCustomError("reason_misplaced", "A reason belongs to reject and hold")
        if (self.step in ("complete", "fail")) != (self.outcome is not None):
            raise PydanticCustomError("outcome_misplaced", "An outcome belongs to complete and fail")
        return self


class StepRead(Read):
    """One line of the history."""

    at: datetime
    step: str
    from_state: Task | None
    to_state: str
    side: Literal["sender", "recipient", "system"]
    user_id: UUID | None
    reason: str | None
    source: Source | None


class AnswerRead(Read):
    """What the recipient wrote."""

    at: datetime
    step: str
    text: str
    source: Source | None


class ReferralSummary(Read):
    """A referral in the list of its case."""

    id: UUID
    case_id: UUID
    institution_id: UUID
    institution_name: str
    channel: Channel
    state: Task
    delivery: Delivery | None
    urgency: Urgency
    concern_code: str | None
    concern_text: str | None
    requested_at: datetime | None
    deadline_at: datetime | None
    outcome: str | None


class ReferralRead(ReferralSummary):
    """A referral from the sender's side."""

    consent_id: UUID | None
    legal_basis: str
    necessity: str | None
    data_categories: list[str]
    note: str | None
    answered_at: datetime | None
    closed_at: datetime | None
    rejection_reason: str | None
    hold_reason: str | None
    cancel_reason: str | None
    package_sha256: str | None
    created_by: UUID
    history: list[StepRead]
    answers: list[AnswerRead]
    version: int


class ConcernRead(Read):
    """What is asked for: a code for authorities of residence law, words for everybody else."""

    code: str | None
    text: str | None


class PackageContent(Read):
    """What the recipient reads: the concern, and by category the client's data."""

    concern: ConcernRead
    data: dict[str, dict[str, Any]]
    disputed: dict[str, list[str]]
    """By category: what the person says is wrong (§ 84 (2) SGB X)."""


class Readers(Read):
    """Who will read it."""

    institution_id: UUID
    institution_name: str
    institution_type: str
    channel: Channel
    roles: list[str]
    """Roles at this institution that see it here; none off the platform."""


class ReferralPreview(Read):
    """Exactly what will be read by whom, and what is missing to send it."""

    id: UUID
    state: Task
    is_frozen: bool
    sha256: str
    readers: Readers
    legal_basis: str
    possible_bases: list[str]
    missing: list[str]
    content: PackageContent
