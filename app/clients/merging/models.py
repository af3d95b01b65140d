"""Tables of merges, of what moved with them, and of persons who are not the same."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, one_of, to_area

_OPEN = "undone_at IS NULL AND final_at IS NULL"


class ClientMerge(OfArea, Table):
    """One merge: who became whom, why, and how it ended."""

    __tablename__ = "client_merges"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        CheckConstraint("merged_client_id <> client_id", name="somebody_else"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by"),
        CheckConstraint("num_nonnulls(undone_at, final_at) <= 1", name="one_end"),
        CheckConstraint(
            "(changes IS NULL) = (num_nonnulls(undone_at, final_at) = 1)", name="forgotten"
        ),
        Index("ix_client_merges_client", "municipal_area_id", "client_id"),
        Index("ix_client_merges_pseudonym", "municipal_area_id", "merged_pseudonym"),
        Index("ix_client_merges_open", "municipal_area_id", "undo_until", postgresql_where=text(_OPEN)),
        Index(
            "uq_client_merges_merged", "municipal_area_id", "merged_client_id",
            unique=True, postgresql_where=text("undone_at IS NULL"),
        ),
    )  # fmt: skip

    client_id: Mapped[UUID]
    merged_client_id: Mapped[UUID]
    """No foreign key: it outlives the record."""
    merged_pseudonym: Mapped[UUID]
    reason: Mapped[str]
    taken: Mapped[list[str]] = mapped_column(ARRAY(Text))
    merged_by: Mapped[UUID]
    merged_at: Mapped[datetime]
    undo_until: Mapped[datetime]
    client_was_restricted: Mapped[bool]
    merged_was_restricted: Mapped[bool]
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Of the survivor's fields what was before and after, and the numbers that were sealed anew; none when
    the merge has ended."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]
    stayed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """What an undo could not give back, because something else had been written there since."""
    final_at: Mapped[datetime | None]


class ClientMergeMove(OfArea, Table):
    """One row that followed, and what it was before; kept until the merge has ended."""

    __tablename__ = "client_merge_moves"
    __table_args__ = (
        to_area("merge_id", "client_merges", ondelete="CASCADE"),
        one_of("how", ("moved", "superseded", "figure", "stricter")),
        Index("ix_client_merge_moves_merge", "municipal_area_id", "merge_id"),
    )

    merge_id: Mapped[UUID]
    how: Mapped[str]
    table_name: Mapped[str]
    row_id: Mapped[UUID]
    column_name: Mapped[str | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[UUID | None]


class DistinctClients(OfArea, Table):
    """Two persons who look alike and are not the same."""

    __tablename__ = "distinct_clients"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        to_area("other_client_id", "clients", ondelete="CASCADE"),
        CheckConstraint("other_client_id <> client_id", name="somebody_else"),
        Index("ix_distinct_clients_other", "municipal_area_id", "other_client_id"),
    )

    client_id: Mapped[UUID]
    other_client_id: Mapped[UUID]
    reason: Mapped[str]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]


Index(
    "uq_distinct_clients_pair",
    DistinctClients.municipal_area_id,
    func.least(DistinctClients.client_id, DistinctClients.other_client_id),
    func.greatest(DistinctClients.client_id, DistinctClients.other_client_id),
    unique=True,
)
