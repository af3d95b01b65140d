"""What a goal or a measure said before it was changed: the plan keeps its history."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.access.context import Context
from app.cases.models import Goal, Measure
from app.kit.tables import OfArea, Table, to_area


class PlanChange(OfArea, Table):
    """One change of a goal, or of one of its measures: what stood there before."""

    __tablename__ = "plan_changes"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("goal_id", "goals", ondelete="CASCADE"),
        to_area("measure_id", "measures", ondelete="CASCADE"),
        to_area("user_id", "users"),
        Index("ix_plan_changes_goal", "municipal_area_id", "goal_id", "at"),
        Index("ix_plan_changes_case", "municipal_area_id", "case_id"),
    )

    case_id: Mapped[UUID]
    goal_id: Mapped[UUID]
    measure_id: Mapped[UUID | None]
    """None: the goal itself."""
    at: Mapped[datetime]
    user_id: Mapped[UUID]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The fields that changed, with what they said."""


def values_of(row: Goal | Measure, fields: Iterable[str]) -> dict[str, Any]:
    """Return what a goal or measure says now, as JSON can hold it."""
    values = {name: getattr(row, name) for name in fields}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def keep_before(ctx: Context, row: Goal | Measure, before: Mapping[str, Any], changed: Iterable[str]) -> None:
    """Keep what the changed fields said before; nothing changed, nothing kept."""
    names = list(changed)
    if not names:
        return
    ctx.db.add(
        PlanChange(
            municipal_area_id=row.municipal_area_id,
            case_id=row.case_id,
            goal_id=row.goal_id if isinstance(row, Measure) else row.id,
            measure_id=row.id if isinstance(row, Measure) else None,
            at=ctx.now,
            user_id=ctx.actor.user_id,
            before={name: before[name] for name in names},
        )
    )
