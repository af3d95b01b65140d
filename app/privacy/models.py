"""Tables of retentions and of access reviews."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.privacy.rules import ReviewKind, ReviewOutcome

OBJECT_TYPES = ("case",)
REASONS = ("closed", "consent_withdrawn")
"""Why the retention runs; never the closing reason, which may say where somebody is."""


class Retention(OfArea, Table):
    """How long something closed is kept. Starts and ends through definer functions only."""

    __tablename__ = "retentions"
    __table_args__ = (
        to_area("unit_id", "units"),
        one_of("object_type", OBJECT_TYPES),
        one_of("reason", REASONS),
        UniqueConstraint("municipal_area_id", "object_type", "object_id"),
        Index("ix_retentions_due", "municipal_area_id", "delete_after", "id"),
    )

    object_type: Mapped[str]
    object_id: Mapped[UUID]
    client_id: Mapped[UUID]
    client_pseudonym: Mapped[UUID]
    unit_id: Mapped[UUID]
    starts_on: Mapped[date]
    delete_after: Mapped[date]
    """The last day of keeping."""
    reason: Mapped[str]


class AccessReview(OfArea, Versioned, Table):
    """What one person did alone, for a second one to judge. Outlives case and referral: no foreign keys."""

    __tablename__ = "access_reviews"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("acted_by", "users"),
        to_area("reviewed_by", "users"),
        one_of("kind", tuple(ReviewKind)),
        one_of("outcome", tuple(ReviewOutcome)),
        CheckConstraint("reviewed_by <> acted_by", name="second_person"),
        CheckConstraint("num_nulls(reviewed_by, reviewed_at, outcome) IN (0, 3)", name="closed_whole"),
        CheckConstraint("outcome <> 'not_justified' OR note IS NOT NULL", name="says_what_follows"),
        UniqueConstraint("municipal_area_id", "kind", "object_id", name="uq_access_reviews_object"),
        Index("ix_access_reviews_due", "municipal_area_id", "due_at", "id"),
    )

    kind: Mapped[str]
    object_id: Mapped[UUID]
    """The assignment by break-glass, the referral, the hand-over to a new lead, or a registrar given."""
    case_id: Mapped[UUID | None]
    client_pseudonym: Mapped[UUID]
    unit_id: Mapped[UUID]
    is_restricted: Mapped[bool] = mapped_column(server_default=text("false"))
    """Follows the client: then only the privacy officer knows of it."""
    acted_by: Mapped[UUID]
    acted_at: Mapped[datetime]
    reason: Mapped[str | None]
    """As the one who acted wrote it."""
    due_at: Mapped[datetime]
    reminded: Mapped[int] = mapped_column(server_default="0")
    """How often it was told that it is overdue: reminded, then escalated."""
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    note: Mapped[str | None]
