"""The table of what is gone: ids only, so that a copy elsewhere can forget too."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Marked, OfArea, Table


class Tombstone(OfArea, Marked, Table):
    """A row that was deleted, written by a trigger; forgotten after `rules.KEPT`."""

    __tablename__ = "tombstones"
    __table_args__ = (
        CheckConstraint("num_nonnulls(case_id, client_id, user_id) > 0", name="belongs"),
        Index("ix_tombstones_case", "municipal_area_id", "case_id", "changed_xid"),
        Index("ix_tombstones_client", "municipal_area_id", "client_id", "changed_xid"),
        Index("ix_tombstones_user", "municipal_area_id", "user_id", "changed_xid"),
        Index("ix_tombstones_removed", "municipal_area_id", "removed_at"),
    )

    kind: Mapped[str]
    object_id: Mapped[UUID]
    """Without a foreign key, as everything here: what it named is gone."""
    case_id: Mapped[UUID | None]
    client_id: Mapped[UUID | None]
    member_client_id: Mapped[UUID | None]
    """The member of the household that it was; told only to those who see them."""
    user_id: Mapped[UUID | None]
    """The one person who is told; none: everybody on the case, or with the client."""
    removed_at: Mapped[datetime] = mapped_column(server_default=func.now())
