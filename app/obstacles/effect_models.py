"""The table of effect checks: what was compared and what it showed, from published figures alone."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, one_of, to_area
from app.obstacles.rules import CONCLUSIONS, NO_CONCLUSION, REASONS


class ObstacleEffectCheck(OfArea, Table):
    """One comparison of quarters before and after a change; written once."""

    __tablename__ = "obstacle_effect_checks"
    __table_args__ = (
        to_area("obstacle_id", "obstacles", ondelete="CASCADE"),
        one_of("conclusion", CONCLUSIONS),
        one_of("no_conclusion_reason", REASONS),
        CheckConstraint(
            f"(conclusion = '{NO_CONCLUSION}') = (no_conclusion_reason IS NOT NULL)",
            name="no_conclusion_has_a_reason",
        ),
        Index("ix_obstacle_effect_checks_obstacle", "municipal_area_id", "obstacle_id"),
    )

    obstacle_id: Mapped[UUID]
    made_on: Mapped[date]
    made_by: Mapped[UUID | None]
    """None: the system, that watches a published release."""
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Quarters, cases (least and most), clients, rate and interval; `after` alike."""
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    conclusion: Mapped[str]
    no_conclusion_reason: Mapped[str | None]
