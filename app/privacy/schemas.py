"""Shapes of what the privacy officer sees."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import MISSING

from app.kit.schema import Input, Note, Read
from app.privacy.rules import ReviewKind, ReviewOutcome


class RetentionUnit(Read):
    """The controller."""

    id: UUID
    name: str


class RetentionRead(Read):
    """How long something closed is kept. `client` is a pseudonym; `delete_after` the last day of keeping."""

    id: UUID
    object_type: Literal["case"]
    client: UUID
    unit: RetentionUnit
    starts_on: date
    delete_after: date
    reason: Literal["closed", "consent_withdrawn"]


class AuditUser(Read):
    """Who acted."""

    id: UUID
    name: str


class AuditRead(Read):
    """One entry of the journal. No user means the system. `clients` are pseudonyms, `changed` field names."""

    position: int
    at: datetime
    user: AuditUser | None
    roles: list[str]
    action: str
    object_type: str
    object_id: UUID | None
    clients: list[UUID]
    purpose: str | None
    legal_basis: str | None
    outcome: Literal["done", "refused"]
    reason: str | None
    changed: list[str]
    request_id: str | None


class ReviewClose(Input):
    """The judgement of a second person; what was not justified has a note on what follows."""

    outcome: ReviewOutcome
    note: Note | None = None


class AccessReviewRead(Read):
    """What one person did alone. `client` is a pseudonym, there for the privacy officer only; `object_id` the
    assignment, the referral or the hand-over.
    """

    id: UUID
    kind: ReviewKind
    object_id: UUID
    client: UUID | MISSING = MISSING
    unit: RetentionUnit
    acted_by: AuditUser
    acted_at: datetime
    reason: str | None
    due_at: datetime
    reviewed_by: AuditUser | None
    reviewed_at: datetime | None
    outcome: ReviewOutcome | None
    note: str | None
    version: int
