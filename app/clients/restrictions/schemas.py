"""Shapes of restrictions and uses."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.kit.schema import Input, Note, Read

Ground = Literal["accuracy_contested", "unlawful", "legal_claims", "objection"]
RestrictedEntry = Literal[
    "client", "residence-documents", "legal-domains", "addresses", "languages", "schooling"
]
AskedBy = Literal["client", "guardian", "representative"]
Purpose = Literal["consent", "legal_claims", "protection_of_another", "public_interest"]


class RestrictionCreate(Input):
    """What is restricted: the whole person (`client`), or one period by id; on which ground, asked by whom.

    Grounds are those of Art. 18 (1) GDPR, a to d: the accuracy is contested, the processing is unlawful and
    the person does not want erasure, they need the data for legal claims, they have objected.
    """

    entry: RestrictedEntry = "client"
    entry_id: UUID | None = None
    ground: Ground
    asked_by: AskedBy = "client"
    note: Note | None = None


class RestrictionAnnounce(Input):
    """How the person was told that the restriction will be lifted (Art. 18 (3) GDPR)."""

    how: Note


class RestrictionLift(Input):
    """Why the restriction ends."""

    reason: Note


class RestrictionRead(Read):
    """A restriction; lifted only after it was announced."""

    id: UUID
    client_id: UUID
    entry: RestrictedEntry
    entry_id: UUID | None
    ground: Literal["accuracy_contested", "unlawful", "legal_claims", "objection", "consent_withdrawn"]
    asked_by: AskedBy | None
    note: str | None
    restricted_at: datetime
    recorded_by: UUID
    announced_at: datetime | None
    announced_by: UUID | None
    announced_how: str | None
    lifted_at: datetime | None
    lifted_by: UUID | None
    lift_reason: str | None


class UseCreate(Input):
    """A use that Art. 18 (2) GDPR allows: what for and why; it lasts an hour, for you alone."""

    purpose: Purpose
    reason: Note


class UseRead(Read):
    """A use of restricted data."""

    id: UUID
    client_id: UUID
    purpose: Purpose
    reason: str
    used_by: UUID
    used_at: datetime
    allowed_until: datetime
