"""Shapes of assessments, goals and measures."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.kit.schema import Code, Day, Input, Line, Name, Note, Read

NeedState = Literal["need", "resource", "none", "not_discussed"]
Attainment = Literal["reached", "partly_reached", "not_reached", "dropped"]
Responsible = Literal["client", "case_manager", "institution", "family", "volunteer"]
MeasureState = Literal["open", "done", "dropped"]
Scale = Annotated[int, Field(strict=True, ge=1, le=5, description="1 very hard, 5 good")]


class DomainInput(Input):
    """What is said about one life domain."""

    life_domain: Code
    state: NeedState
    scale: Scale | None = None
    note: Note | None = None


class AssessmentCreate(Input):
    """Needs and resources at a date. At least one need; other domains may be left out or not discussed."""

    assessed_on: Day
    domains: Annotated[list[DomainInput], Field(min_length=1, max_length=30)]
    summary: Note | None = None


class DomainRead(Read):
    """What an assessment says about one life domain."""

    life_domain: str
    state: NeedState
    scale: int | None
    note: str | None


class AssessmentRead(Read):
    """An assessment; life domains that are not in it were not discussed."""

    id: UUID
    assessed_on: date
    summary: str | None
    author: PersonRef
    created_at: datetime
    domains: list[DomainRead]


class AssessmentRef(Read):
    """Which assessment one side of a comparison is."""

    id: UUID
    assessed_on: date


class DomainStanding(Read):
    """How a life domain stood; `scale` from 1 (very hard) to 5 (good)."""

    state: NeedState
    scale: int | None
    note: str | None


class DomainComparison(Read):
    """One life domain before and after; null: it is not in that assessment."""

    life_domain: str
    before: DomainStanding | None
    after: DomainStanding | None
    difference: int | None
    """Of the scale; null when one side has none."""
    change: Literal["improved", "worse", "unchanged", "resolved", "new_need", "not_comparable"]


class AssessmentComparison(Read):
    """What has changed between two assessments, per life domain; `id` is that of the later one."""

    id: UUID
    before: AssessmentRef
    after: AssessmentRef
    domains: list[DomainComparison]


class GoalCreate(Input):
    """What the client wants to reach, in their words."""

    life_domain: Code
    wording: Note
    indicator: Note | None = None
    """How both will see that it is reached."""
    target_on: Day | None = None


class GoalChange(Input):
    """What changes of a goal; what is left out stays."""

    wording: Note | None = None
    indicator: Note | None = None
    target_on: Day | None = None
    progress: Note | None = None
    attainment: Attainment | None = None
    client_feedback: Note | None = None


class MeasureCreate(Input):
    """Who does what until when."""

    wording: Note
    responsible: Responsible
    responsible_name: Name | None = None
    due_on: Day | None = None


class MeasureChange(Input):
    """What changes of a measure; what is left out stays. `done` is dated today."""

    wording: Note | None = None
    responsible: Responsible | None = None
    responsible_name: Name | None = None
    due_on: Day | None = None
    state: MeasureState | None = None
    note: Line | None = None


class MeasureRead(Read):
    """A measure towards a goal."""

    id: UUID
    wording: str
    responsible: Responsible
    responsible_name: str | None
    due_on: date | None
    state: MeasureState
    done_on: date | None
    note: str | None
    version: int


class GoalRead(Read):
    """A goal with its measures; `attainment` is null until it is looked at in evaluation."""

    id: UUID
    life_domain: str
    wording: str
    indicator: str | None
    set_on: date
    target_on: date | None
    progress: str | None
    attainment: Attainment | None
    evaluated_on: date | None
    client_feedback: str | None
    measures: list[MeasureRead]
    version: int


class PlanChangeRead(Read):
    """One change of a goal or, with `measure_id`, of one of its measures: what the fields said before."""

    id: UUID
    measure_id: UUID | None
    at: datetime
    user: PersonRef
    before: dict[str, str | None]
