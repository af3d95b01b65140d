"""Tables of tasks: the series, its occurrences, and what happened to each."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Computed, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.models import taken_once
from app.cases.tasks.recurrence import FREQUENCIES
from app.cases.tasks.rules import State, Step
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area

KINDS = ("task", "appointment")

_REMIND_AT = """((coalesce(due_at AT TIME ZONE 'Europe/Berlin', due_on + time '08:00')
- remind_minutes * interval '1 minute') AT TIME ZONE 'Europe/Berlin')"""


class TaskSeries(OfArea, Table):
    """A rule by which a task comes again, and how far it has come."""

    __tablename__ = "task_series"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        one_of("frequency", FREQUENCIES),
        CheckConstraint("every BETWEEN 1 AND 99", name="every"),
        CheckConstraint("until_on IS NULL OR count IS NULL", name="one_end"),
        Index("ix_task_series_case", "municipal_area_id", "case_id"),
        Index("ix_task_series_due", "municipal_area_id", "latest_on",
              postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    case_id: Mapped[UUID]
    frequency: Mapped[str]
    every: Mapped[int]
    first_on: Mapped[date]
    until_on: Mapped[date | None]
    count: Mapped[int | None]
    made: Mapped[int] = mapped_column(server_default="1")
    """The number of the last occurrence; those that were missed in a pause have a number and no row."""
    latest_on: Mapped[date]
    """The day of the last one by the rule, wherever somebody has moved it."""
    ended_at: Mapped[datetime | None]


class Task(OfArea, Versioned, Table):
    """Something due, for somebody of the case's team."""

    __tablename__ = "tasks"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("assignee_id", "users"),
        to_area("series_id", "task_series"),
        one_of("kind", KINDS),
        one_of("state", tuple(State)),
        CheckConstraint("(state IN ('done', 'dropped')) = (done_at IS NOT NULL)", name="ended_has_moment"),
        CheckConstraint("(state = 'dropped') = (drop_reason IS NOT NULL)", name="dropped_has_reason"),
        CheckConstraint("kind <> 'appointment' OR due_at IS NOT NULL", name="appointment_has_moment"),
        CheckConstraint(
            "kind = 'appointment' OR (place IS NULL AND minutes IS NULL AND participant_ids = '{}')",
            name="place_of_appointment",
        ),
        CheckConstraint("due_on = (due_at AT TIME ZONE 'Europe/Berlin')::date", name="day_of_moment"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("remind_minutes BETWEEN 0 AND 40320", name="remind_minutes"),
        CheckConstraint("(series_id IS NULL) = (occurrence IS NULL)", name="occurrence_of_series"),
        Index("ix_tasks_case", "municipal_area_id", "case_id", "changed_xid"),
        Index("ix_tasks_assignee", "municipal_area_id", "assignee_id", "due_on",
              postgresql_where=text("done_at IS NULL")),
        Index("ix_tasks_remind", "municipal_area_id", "remind_at", postgresql_where=text("done_at IS NULL")),
        Index("uq_tasks_occurrence", "municipal_area_id", "series_id", "occurrence", unique=True,
              postgresql_where=text("series_id IS NOT NULL")),
        taken_once("tasks"),
    )  # fmt: skip

    case_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(server_default="task")
    title: Mapped[str]
    note: Mapped[str | None]
    due_on: Mapped[date]
    due_at: Mapped[datetime | None]
    """The moment, on `due_on` where the offices are; none for the whole day."""
    minutes: Mapped[int | None]
    place: Mapped[str | None]
    participant_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """Who of the case's team takes part beside the assignee; checked when written."""
    remind_minutes: Mapped[int | None]
    """So long before the moment, or before eight in the morning of the day."""
    remind_at: Mapped[datetime | None] = mapped_column(Computed(_REMIND_AT, persisted=True))
    assignee_id: Mapped[UUID]
    created_by: Mapped[UUID]
    given_by: Mapped[UUID | None]
    """Who gave it to somebody else; to them it goes back when declined."""
    state: Mapped[str] = mapped_column(server_default="open")
    done_at: Mapped[datetime | None]
    """Since when nothing is left to do: done or dropped, as `state` says."""
    done_by: Mapped[UUID | None]
    drop_reason: Mapped[str | None]
    series_id: Mapped[UUID | None]
    occurrence: Mapped[int | None]
    taken_from_id: Mapped[UUID | None]
    """Its like in an earlier case."""
    recall_id: Mapped[UUID | None]
    """What a recipient is asked once a consent has ended; its recorded answer finishes the task. Of a package
    above this one, so without a foreign key."""


class TaskStep(OfArea, Table):
    """One step of a task."""

    __tablename__ = "task_steps"
    __table_args__ = (
        to_area("task_id", "tasks", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        one_of("step", tuple(Step)),
        Index("ix_task_steps_task", "municipal_area_id", "task_id", "at"),
        Index("ix_task_steps_case", "municipal_area_id", "case_id"),
    )

    task_id: Mapped[UUID]
    case_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[str]
    source: Mapped[str | None]
    target: Mapped[str]
    assignee_id: Mapped[UUID]
    """Whose it was after the step."""
    user_id: Mapped[UUID | None]
    """None: the system."""
    reason: Mapped[str | None]
