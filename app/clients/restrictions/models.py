"""Tables of restrictions and of what was used all the same."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlalchemy.orm import Mapped

from app.clients.restrictions.rules import ASKED_BY, ENTRIES, GROUNDS, PURPOSES
from app.kit.tables import OfArea, Table, one_of, to_area


class ProcessingRestriction(OfArea, Table):
    """Why the data of a person, or one period, are only kept."""

    __tablename__ = "processing_restrictions"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        one_of("ground", GROUNDS),
        one_of("asked_by", ASKED_BY),
        one_of("entry", ENTRIES),
        CheckConstraint("(entry = 'client') = (entry_id IS NULL)", name="entry_named"),
        CheckConstraint(
            "num_nonnulls(announced_at, announced_by, announced_how) IN (0, 3)", name="announced"
        ),
        CheckConstraint("num_nonnulls(lifted_at, lifted_by, lift_reason) IN (0, 3)", name="lifted"),
        CheckConstraint(
            "lifted_at IS NULL OR ground = 'consent_withdrawn' OR coalesce(announced_at < lifted_at, false)",
            name="announced_before",
        ),
        Index("ix_processing_restrictions_client", "municipal_area_id", "client_id"),
    )

    client_id: Mapped[UUID]
    entry: Mapped[str]
    entry_id: Mapped[UUID | None]
    ground: Mapped[str]
    asked_by: Mapped[str | None]
    note: Mapped[str | None]
    restricted_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    announced_at: Mapped[datetime | None]
    """When the person was told that the restriction will be lifted."""
    announced_by: Mapped[UUID | None]
    announced_how: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lift_reason: Mapped[str | None]


Index(
    "uq_processing_restrictions_open",
    ProcessingRestriction.municipal_area_id,
    ProcessingRestriction.client_id,
    ProcessingRestriction.entry,
    func.coalesce(ProcessingRestriction.entry_id, ProcessingRestriction.client_id),
    ProcessingRestriction.ground,
    unique=True,
    postgresql_where=text("lifted_at IS NULL"),
)


class ProcessingUse(OfArea, Table):
    """A use that Art. 18 (2) allows, for one person and a short time."""

    __tablename__ = "processing_uses"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        one_of("purpose", PURPOSES),
        CheckConstraint("allowed_until <= used_at + interval '1 hour'", name="short"),
        Index("ix_processing_uses_client", "municipal_area_id", "client_id", "used_by"),
    )

    client_id: Mapped[UUID]
    purpose: Mapped[str]
    reason: Mapped[str]
    used_by: Mapped[UUID]
    used_at: Mapped[datetime]
    allowed_until: Mapped[datetime]
