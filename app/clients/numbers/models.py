"""The table of official numbers: what is sealed, its mark, never the number."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, to_area


class OfficialNumber(OfArea, Table):
    """One official number of a person; a new one of its kind replaces it."""

    __tablename__ = "official_numbers"
    __table_args__ = (
        to_area("client_id", "clients", ondelete="CASCADE"),
        Index("uq_official_numbers_kind", "municipal_area_id", "client_id", "kind", unique=True),
        Index("ix_official_numbers_mark", "municipal_area_id", "mark"),
    )

    client_id: Mapped[UUID]
    kind: Mapped[str]
    sealed: Mapped[str]
    """Bound to area, client and kind."""
    mark: Mapped[str]
    """Equal for equal numbers of one kind in one area; not unique, or a stranger's number would answer."""
    recorded_at: Mapped[datetime] = mapped_column(sort_order=80)
    recorded_by: Mapped[UUID] = mapped_column(sort_order=81)
