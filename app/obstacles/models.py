"""Tables of obstacles, what they rest on and what becomes of them. No row is about a person."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.obstacles.rules import GROUPS, MEASURE_STATES, STATUSES


class Obstacle(OfArea, Versioned, Table):
    """A de-identified bundle that the coordination works on."""

    __tablename__ = "obstacles"
    __table_args__ = (
        to_area("responsible_unit_id", "units"),
        to_area("created_by", "users"),
        to_area("merged_into_id", "obstacles"),
        to_area("split_from_id", "obstacles"),
        one_of("status", STATUSES),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"),
        Index("ix_obstacles_status", "municipal_area_id", "status"),
    )

    title: Mapped[str]
    description: Mapped[str]
    barrier_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    institution_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str] = mapped_column(server_default="reported")
    bundled_on: Mapped[date | None]
    """When it was first bundled; from then on the steering group reads it."""
    responsible_unit_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    created_by: Mapped[UUID]
    merged_into_id: Mapped[UUID | None]
    split_from_id: Mapped[UUID | None]
    absorbed_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """Those merged into this one, and into those: their decisions and steps are read with it."""


class ObstacleLink(OfArea, Table):
    """An observation or the key of a signal that an obstacle rests on."""

    __tablename__ = "obstacle_links"
    __table_args__ = (
        to_area("obstacle_id", "obstacles", ondelete="CASCADE"),
        to_area("observation_id", "observations", ondelete="CASCADE"),
        CheckConstraint(
            "CASE WHEN observation_id IS NULL THEN num_nonnulls(quarter, barrier_type) = 2 "
            "ELSE num_nonnulls(quarter, barrier_type, institution_group) = 0 END",
            name="observation_or_signal",
        ),
        Index(
            "uq_obstacle_links_observation", "municipal_area_id", "obstacle_id", "observation_id",
            unique=True, postgresql_where=text("observation_id IS NOT NULL"),
        ),
        Index(
            "uq_obstacle_links_signal", "municipal_area_id", "obstacle_id", "quarter", "barrier_type",
            "institution_group", unique=True, postgresql_where=text("observation_id IS NULL"),
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    obstacle_id: Mapped[UUID]
    observation_id: Mapped[UUID | None]
    quarter: Mapped[str | None]
    barrier_type: Mapped[str | None]
    institution_group: Mapped[str | None]
    """None of an observation, and of the signal of an interface without an institution."""


class ObstacleMeasure(OfArea, Versioned, Table):
    """A step to resolve an obstacle: whose it is, until when, how far it is."""

    __tablename__ = "obstacle_measures"
    __table_args__ = (
        to_area("obstacle_id", "obstacles", ondelete="CASCADE"),
        to_area("institution_id", "institutions"),
        to_area("unit_id", "units"),
        one_of("state", MEASURE_STATES),
        CheckConstraint("num_nonnulls(institution_id, unit_id) = 1", name="one_responsible"),
        Index("ix_obstacle_measures_obstacle", "municipal_area_id", "obstacle_id"),
    )

    obstacle_id: Mapped[UUID]
    title: Mapped[str]
    institution_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(server_default="planned")
    done_on: Mapped[date | None]


class ObstacleDecision(OfArea, Table):
    """What the steering group decided: when, in which minute."""

    __tablename__ = "obstacle_decisions"
    __table_args__ = (
        to_area("obstacle_id", "obstacles", ondelete="CASCADE"),
        to_area("meeting_id", "steering_meetings"),
        Index("ix_obstacle_decisions_obstacle", "municipal_area_id", "obstacle_id", "decided_on"),
    )

    obstacle_id: Mapped[UUID]
    decided_on: Mapped[date]
    minute: Mapped[str]
    text: Mapped[str]
    meeting_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ObstacleStep(OfArea, Table):
    """One change of status, kept for good."""

    __tablename__ = "obstacle_steps"
    __table_args__ = (
        to_area("obstacle_id", "obstacles", ondelete="CASCADE"),
        Index("ix_obstacle_steps_obstacle", "municipal_area_id", "obstacle_id"),
    )

    obstacle_id: Mapped[UUID]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    taken_on: Mapped[date]
    reason: Mapped[str | None]
    taken_by: Mapped[UUID | None]
    """None: the system, by a rule."""


class ObstacleMember(OfArea, Versioned, Table):
    """Who works on an obstacle, in its working group or its project group."""

    __tablename__ = "obstacle_members"
    __table_args__ = (
        to_area("obstacle_id", "obstacles", ondelete="CASCADE"),
        to_area("institution_id", "institutions"),
        to_area("unit_id", "units"),
        one_of("body", GROUPS),
        CheckConstraint("num_nonnulls(institution_id, unit_id) = 1", name="one_place"),
        CheckConstraint("left_on >= joined_on", name="left_after_joining"),
        Index("ix_obstacle_members_obstacle", "municipal_area_id", "obstacle_id"),
    )

    obstacle_id: Mapped[UUID]
    body: Mapped[str]
    institution_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    responsible: Mapped[str]
    """The function, or whoever of the office answers for it."""
    leads: Mapped[bool] = mapped_column(server_default="false")
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
