"""The table of official figures, a row for each day for which a source states them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, to_area


class Population(OfArea, Versioned, Table):
    """The residents of an area on a day, as a source states them."""

    __tablename__ = "populations"
    __table_args__ = (
        to_area("imported_by", "users"),
        UniqueConstraint("municipal_area_id", "stated_on"),
        CheckConstraint("residents >= 0", name="residents"),
    )

    stated_on: Mapped[date]
    source: Mapped[str]
    licence: Mapped[str]
    residents: Mapped[int]
    figures: Mapped[list[Any]] = mapped_column(JSONB)
    """Lines of town, group of nationality, age band (null when not stated), persons; no two of one place."""
    imported_by: Mapped[UUID]
