"""Shapes of tasks, appointments and their history."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import CaseRef, ClientName, PersonRef
from app.kit.schema import Day, Input, Line, Moment, Note, Read

Kind = Literal["task", "appointment"]
State = Literal["open", "offered", "done", "dropped"]
Frequency = Literal["daily", "weekly", "monthly", "yearly"]
Duration = Annotated[int, Field(strict=True, ge=1, le=1440, description="minutes")]
Reminder = Annotated[
    int,
    Field(strict=True, ge=0, le=40_320,
          description="minutes before the moment, or before eight in the morning of the day"),
]  # fmt: skip
Participants = Annotated[list[UUID], Field(max_length=20, description="who of the team takes part")]


class Recurrence(Input):
    """When it is due again (RFC 5545: FREQ, INTERVAL, UNTIL, COUNT); without an end it goes on.

    A day that a month does not have is its last day.
    """

    frequency: Frequency
    every: Annotated[int, Field(strict=True, ge=1, le=99)] = 1
    until: Day | None = None
    count: Annotated[int, Field(strict=True, ge=2, le=500)] | None = None


class TaskCreate(Input):
    """Something due: on a day (`due_on`) or at a moment (`due_at`, always for an appointment).

    Without an assignee it is the writer's own; somebody else is offered it.
    """

    kind: Kind = "task"
    title: Line
    note: Note | None = None
    due_on: Day | None = None
    due_at: Moment | None = None
    minutes: Duration | None = None
    place: Line | None = None
    participants: Annotated[Participants, Field(default_factory=list)]
    remind_minutes: Reminder | None = None
    recurrence: Recurrence | None = None
    assignee_id: UUID | None = None


class TaskChange(Input):
    """What changes of a task; what is left out stays.

    A day takes the moment away. Another assignee is offered it; whoever names themselves takes it over.
    `done` is the step `finish` or `reopen` within the change. A recurrence counts from the day of this
    occurrence, which must be the last there is; null ends the series.
    """

    title: Line | None = None
    note: Note | None = None
    due_on: Day | None = None
    due_at: Moment | None = None
    minutes: Duration | None = None
    place: Line | None = None
    participants: Participants | None = None
    remind_minutes: Reminder | None = None
    recurrence: Recurrence | None = None
    assignee_id: UUID | None = None
    done: bool | None = None


class TaskStepTake(Input):
    """A step; declining and dropping need a reason."""

    step: Literal["accept", "decline", "finish", "drop", "reopen"]
    reason: Line | None = None


class RecurrenceRead(Read):
    """When a task is due again, as long as its series goes on."""

    frequency: Frequency
    every: int
    until: date | None
    count: int | None


class TaskRead(Read):
    """A task or appointment; `done_at` is null while something is left to do."""

    id: UUID
    kind: Kind
    title: str
    note: str | None
    due_on: date
    due_at: datetime | None
    minutes: int | None
    place: str | None
    participants: list[PersonRef]
    remind_minutes: int | None
    state: State
    assignee: PersonRef
    given_by: UUID | None
    done_at: datetime | None
    done_by: UUID | None
    drop_reason: str | None
    recurrence: RecurrenceRead | None
    occurrence: int | None = Field(description="the first of a series is 1")
    version: int


class OwnTaskRead(TaskRead):
    """An open task or appointment that is one's own or in which one takes part, and whose case it is in."""

    case: CaseRef
    client: ClientName


class TaskStepRead(Read):
    """One step of a task; without a user, the system took it."""

    id: UUID
    at: datetime
    step: Literal[
        "create", "recur", "give", "take_over", "accept", "decline", "finish", "drop", "reopen"
    ]  # fmt: skip
    from_state: State | None
    to_state: State
    assignee: PersonRef
    user: PersonRef | None
    reason: str | None
