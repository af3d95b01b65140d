"""Table of the catalogues: global reference data, ended but never deleted."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Table


class CatalogueEntry(Table):
    """One entry of one vocabulary; `(vocabulary, code)` is the stable key."""

    __tablename__ = "catalogue_entries"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        Index("ix_catalogue_entries_position", "vocabulary", "position"),
    )

    vocabulary: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    """The order of the source, which is the order of a list on screen."""
    label_de: Mapped[str]
    label_en: Mapped[str]
    parent: Mapped[str | None]
    note: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
