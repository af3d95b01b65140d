"""Shapes of meetings, their agenda and their minutes."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Day, Input, Line, Note, Read
from app.obstacles.schemas import DecisionRead

State = Literal["planned", "held", "cancelled"]


class AgendaItem(Input):
    """What is asked, of an obstacle or of none."""

    obstacle_id: UUID | None = None
    asked: Note


Agenda = Annotated[list[AgendaItem], Field(max_length=50)]


class MeetingPlan(Input):
    """A meeting to come; the agenda in its order, a published release as paper."""

    meets_on: Day
    place: Line
    release_id: UUID | None = None
    agenda: Annotated[list[AgendaItem], Field(max_length=50, default_factory=list)]


class MeetingChange(Input):
    """What changes of a planned meeting; what is left out stays. The agenda replaces the one before."""

    meets_on: Day | None = None
    place: Line | None = None
    release_id: UUID | None = None
    agenda: Agenda | None = None


class MeetingHold(Input):
    """What the minutes are called, as decisions cite them, and what they say."""

    minute: Line
    minutes: Note


class MeetingCancel(Input):
    """Why it does not take place."""

    reason: Note


class AgendaItemRead(Read):
    """One item of the agenda; the paper of its obstacle is the obstacle itself."""

    position: int
    obstacle_id: UUID | None
    title: str | None
    """The obstacle's."""
    asked: str


class MeetingItem(Read):
    """A meeting in a list."""

    id: UUID
    meets_on: date
    place: str
    release_id: UUID | None
    state: State
    minute: str | None
    version: int


class MeetingRead(MeetingItem):
    """A meeting with its agenda, the decisions taken at it and its minutes."""

    agenda: list[AgendaItemRead]
    decisions: list[DecisionRead]
    minutes: str | None
    reason: str | None
