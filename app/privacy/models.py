"""Table of retentions."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.kit.tables import OfArea, Table, one_of, to_area

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
