"""The table of hearings: what an institution is shown, and what it says. No row is about a person."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, to_area


class ObstacleHearing(OfArea, Versioned, Table):
    """What one institution is shown of an obstacle and a release, as on the day it was asked."""

    __tablename__ = "obstacle_hearings"
    __table_args__ = (
        to_area("obstacle_id", "obstacles", ondelete="CASCADE"),
        to_area("release_id", "releases"),
        to_area("institution_id", "institutions"),
        to_area("opened_by", "users"),
        to_area("commented_by", "users"),
        UniqueConstraint(
            "municipal_area_id", "obstacle_id", "release_id", "institution_id",
            name="uq_obstacle_hearings_asked_once",
        ),
        CheckConstraint("num_nulls(comment, commented_on, commented_by) IN (0, 3)", name="comment"),
        Index("ix_obstacle_hearings_institution", "municipal_area_id", "institution_id", "id"),
    )  # fmt: skip

    obstacle_id: Mapped[UUID]
    release_id: Mapped[UUID]
    institution_id: Mapped[UUID]
    title: Mapped[str]
    description: Mapped[str]
    barrier_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    institution_group: Mapped[str]
    quarter: Mapped[str]
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Protected cells of the release alone, never the figures behind them."""
    comment_until: Mapped[date]
    opened_by: Mapped[UUID]
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    comment: Mapped[str | None]
    commented_on: Mapped[date | None]
    commented_by: Mapped[UUID | None]
