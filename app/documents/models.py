"""The table of documents: what is known of a file, its sealed key, never its content."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.kinds import KINDS
from app.documents.rules import REMOVAL_REASONS, SOURCES
from app.kit.ids import random_id
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class Document(OfArea, Versioned, Table):
    """A file of a client or of one of their cases; once removed, a tombstone."""

    __tablename__ = "documents"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("created_by", "users"),
        to_area("removed_by", "users"),
        one_of("kind", tuple(kind.code for kind in KINDS)),
        one_of("source", SOURCES),
        one_of("removal_reason", REMOVAL_REASONS),
        CheckConstraint("num_nulls(removed_at, removal_reason) IN (0, 2)", name="removal"),
        CheckConstraint(
            "num_nonnulls(title, sealed_key, sha256) = CASE WHEN removed_at IS NULL THEN 3 ELSE 0 END",
            name="tombstone",
        ),
        CheckConstraint("removed_at IS NULL OR NOT is_evidence", name="evidence_stays"),
        CheckConstraint("removed_by IS NOT NULL OR removed_at IS NULL OR removal_reason = 'retention'",
                        name="removed_by"),
        CheckConstraint("keep_until >= (created_at AT TIME ZONE 'Europe/Berlin')::date",
                        name="kept_after_filing"),
        Index("uq_documents_blob", "municipal_area_id", "blob_id", unique=True),
        Index("ix_documents_client", "municipal_area_id", "client_id", "changed_xid"),
        Index("ix_documents_case", "municipal_area_id", "case_id"),
        Index("ix_documents_keep_until", "municipal_area_id", "keep_until",
              postgresql_where=text("removed_at IS NULL")),
    )  # fmt: skip

    client_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    """None: of the client, for whoever works with them."""
    title: Mapped[str | None]
    category: Mapped[str]
    dated_on: Mapped[date]
    """The day that the document bears."""
    keep_until: Mapped[date | None]
    """The last day; None: as long as the client or case."""
    source: Mapped[str]
    kind: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    is_scanned: Mapped[bool]
    """A virus scanner has found it clean."""
    is_evidence: Mapped[bool] = mapped_column(server_default="false")
    """Something rests on it that must stay provable."""
    blob_id: Mapped[UUID] = mapped_column(default=random_id)
    """What the bytes are called in the store."""
    sealed_key: Mapped[str | None]
    """Bound to area and document; gone with the removal, and with it the meaning of any copy of the bytes."""
    created_by: Mapped[UUID]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[UUID | None]
    removal_reason: Mapped[str | None]
