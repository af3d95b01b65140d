"""The table of invitations. The application role writes the digest of a code and reads none."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.invitations.rules import ROLES
from app.kit.tables import OfArea, Table, one_of, to_area


class Invitation(OfArea, Table):
    """That somebody may make an account of an institution for themselves, once."""

    __tablename__ = "invitations"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("created_by", "users"),
        to_area("accepted_by", "users"),
        one_of("role", ROLES),
        CheckConstraint("expires_at > created_at", name="period"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted"),
        CheckConstraint("num_nonnulls(accepted_at, revoked_at) < 2", name="one_end"),
        # Whoever takes one up names no area.
        Index("uq_invitations_code", "code_sha256", unique=True),
        Index("ix_invitations_institution", "municipal_area_id", "institution_id"),
    )

    institution_id: Mapped[UUID]
    role: Mapped[str]
    email: Mapped[str]
    """Whom it is for, in normal form; nobody else takes it up."""
    site_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """The sites that the membership is limited to."""
    code_sha256: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None]
