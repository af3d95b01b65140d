"""The table of disputes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clients.disputes.rules import DISPUTED_BY, OUTCOMES
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

SHOWN = "outcome IS NULL OR outcome = 'undecidable'"


class Dispute(OfArea, Versioned, Table):
    """One entry that the person says is wrong."""

    __tablename__ = "disputes"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("member_client_id", "clients", ondelete="CASCADE"),
        one_of("disputed_by", DISPUTED_BY),
        one_of("outcome", OUTCOMES),
        CheckConstraint("num_nonnulls(outcome, resolved_at, resolved_by) IN (0, 3)", name="resolved"),
        CheckConstraint("(entry = 'client') = (cardinality(entry_ids) = 0)", name="entry_named"),
        CheckConstraint("member_client_id IS NULL OR entry = 'household'", name="member_of_household"),
        Index("ix_disputes_shown", "municipal_area_id", "client_id", postgresql_where=text(SHOWN)),
        Index("ix_disputes_client", "municipal_area_id", "client_id"),
        Index("ix_disputes_member", "municipal_area_id", "member_client_id"),
    )

    client_id: Mapped[UUID]
    entry: Mapped[str]
    """`client`, `household`, or the name of a history as it stands in the address."""
    entry_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """The member, or the period and the rows that were believed instead since; empty for the person's own."""
    member_client_id: Mapped[UUID | None]
    """Of an entry of the household: the client it is about, filled in by the database; outlives the entry."""
    field: Mapped[str | None]
    """None: the whole entry."""
    says: Mapped[str]
    disputed_by: Mapped[str]
    disputed_on: Mapped[date]
    recorded_by: Mapped[UUID]
    outcome: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None]
    reason: Mapped[str | None]
