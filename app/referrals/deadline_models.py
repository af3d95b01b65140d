"""The table of deadlines: what an area has set for a kind of institution."""

from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, to_area


class ReferralDeadline(OfArea, Versioned, Table):
    """Within how many days a kind of institution answers, and when it is reminded: what an area has set."""

    __tablename__ = "referral_deadlines"
    __table_args__ = (
        to_area("changed_by", "users"),
        UniqueConstraint(
            "municipal_area_id", "institution_type", name="uq_referral_deadlines_institution_type"
        ),
        CheckConstraint("answer_days BETWEEN 1 AND 180", name="answer_days"),
        CheckConstraint("cardinality(reminder_days) <= 4", name="reminder_days"),
    )

    institution_type: Mapped[str]
    answer_days: Mapped[int]
    reminder_days: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    changed_by: Mapped[UUID]
