"""The table of signature blocks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.consents.rules import GivenBy
from app.consents.signatures.rules import Device
from app.kit.tables import OfArea, Table, one_of, to_area


class ConsentSignature(OfArea, Table):
    """One person's signature block on a consent. Written once; nobody changes or removes it."""

    __tablename__ = "consent_signatures"
    __table_args__ = (
        to_area("consent_id", "consents", ondelete="CASCADE"),
        to_area("recorded_by", "users"),
        UniqueConstraint(
            "municipal_area_id", "consent_id", "guardian_id", name="uq_consent_signatures_signer",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("signed_by", tuple(GivenBy)),
        one_of("device", tuple(Device)),
        CheckConstraint("guardian_id IS NULL OR signed_by = 'guardian'", name="guardian"),
        Index("ix_consent_signatures_consent", "municipal_area_id", "consent_id"),
    )  # fmt: skip

    consent_id: Mapped[UUID]
    signed_by: Mapped[str]
    guardian_id: Mapped[UUID | None]
    """One of the recorded guardians in `consent_guardians`, and seen with them only."""
    text_sha256: Mapped[str]
    """Of the text that the device showed."""
    signed_at: Mapped[datetime]
    device: Mapped[str]
    sealed: Mapped[str]
    """What was signed, by whom, and the strokes; opens only for this row."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
