"""The table of the journal."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Identity, Index, Text, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Table, Xid8, one_of

OUTCOMES = ("done", "refused")


class AuditEntry(Table):
    """One act of one request."""

    __tablename__ = "audit_journal"
    __table_args__ = (
        one_of("outcome", OUTCOMES),
        Index("ix_audit_journal_area_at", "municipal_area_id", "at", "position"),
        Index("ix_audit_journal_clients", "client_pseudonyms", postgresql_using="gin"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.clock_timestamp())
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8, server_default=func.pg_current_xact_id())
    municipal_area_id: Mapped[str | None] = mapped_column(server_default=func.ctx_area())
    user_id: Mapped[UUID | None] = mapped_column(server_default=func.ctx_user())
    session_id: Mapped[UUID | None] = mapped_column(server_default=func.ctx_session())
    request_id: Mapped[str | None] = mapped_column(server_default=func.ctx_request())
    roles: Mapped[list[str] | None] = mapped_column(ARRAY(Text), server_default=func.ctx_roles())
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[UUID | None]
    client_pseudonyms: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    purpose: Mapped[str | None]
    legal_basis: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(server_default="done")
    reason: Mapped[str | None]
    changed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
