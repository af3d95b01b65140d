"""Tables of meetings and their agenda. No row is about a person who is supported."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.obstacles.meetings.rules import STATES


class SteeringMeeting(OfArea, Versioned, Table):
    """A meeting of the steering group."""

    __tablename__ = "steering_meetings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipal_area_id", "release_id"],
            ["published_releases.municipal_area_id", "published_releases.id"],
        ),
        to_area("planned_by", "users"),
        one_of("state", STATES),
        CheckConstraint(
            "(state = 'held') = (num_nonnulls(minute, minutes) = 2) AND num_nonnulls(minute, minutes) <> 1",
            name="held_with_minutes",
        ),
        CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL)", name="cancelled_with_reason"),
        Index("ix_steering_meetings_day", "municipal_area_id", "meets_on", "id"),
    )

    meets_on: Mapped[date]
    place: Mapped[str]
    release_id: Mapped[UUID | None]
    """The published release whose report is among the papers."""
    state: Mapped[str] = mapped_column(server_default="planned")
    minute: Mapped[str | None]
    """The name of the minutes, as decisions cite them."""
    minutes: Mapped[str | None]
    reason: Mapped[str | None]
    planned_by: Mapped[UUID]


class SteeringAgendaItem(OfArea, Table):
    """What is asked of the steering group, mostly about an obstacle."""

    __tablename__ = "steering_agenda_items"
    __table_args__ = (
        to_area("meeting_id", "steering_meetings", ondelete="CASCADE"),
        to_area("obstacle_id", "obstacles", ondelete="CASCADE"),
        UniqueConstraint("municipal_area_id", "meeting_id", "position"),
    )

    meeting_id: Mapped[UUID]
    position: Mapped[int]
    obstacle_id: Mapped[UUID | None]
    asked: Mapped[str]
