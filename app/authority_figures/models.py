"""The table of figures that authorities enter; a wrong one is corrected by another row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.authority_figures.rules import FIGURES
from app.kit.ids import random_id
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class AuthorityFigure(OfArea, Versioned, Table):
    """One number of one quarter of one authority, as it was said at a time."""

    __tablename__ = "authority_figures"
    __table_args__ = (
        to_area("institution_id", "institutions"),
        to_area("superseded_by", "authority_figures", deferrable=True, initially="DEFERRED"),
        one_of("figure", FIGURES),
        CheckConstraint("quarter ~ '^2[01][0-9]{2}Q[1-4]$'", name="quarter"),
        CheckConstraint("total >= 0", name="total"),
        CheckConstraint(
            "(superseded_at IS NULL) = (num_nonnulls(superseded_by, correction_reason) = 0)",
            name="superseded_by_another",
        ),
        Index(
            "uq_authority_figures_believed", "municipal_area_id", "institution_id", "quarter", "figure",
            unique=True, postgresql_where=text("superseded_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id, sort_order=-19)
    institution_id: Mapped[UUID]
    quarter: Mapped[str]
    figure: Mapped[str]
    total: Mapped[int]
    groups: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Persons by group of nationality; a group that is not named has none."""
    entered_by: Mapped[UUID]
    entered_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[UUID | None]
    correction_reason: Mapped[str | None]
