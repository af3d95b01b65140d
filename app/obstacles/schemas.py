"""Shapes of obstacles, their measures, decisions and steps."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.quarters import QuarterCode
from app.kit.schema import Code, Day, Input, Line, Note, Read

Status = Literal[
    "reported",
    "under_review",
    "bundled",
    "in_working_group",
    "in_project_group",
    "decided",
    "implemented",
    "effect_checked",
    "rejected",
    "escalated_to_state",
    "merged",
]
Step = Literal[
    "reported",
    "under_review",
    "bundled",
    "in_working_group",
    "in_project_group",
    "decided",
    "implemented",
    "effect_checked",
    "rejected",
    "escalated_to_state",
]
Group = Literal["working", "project"]
MeasureState = Literal["planned", "in_progress", "done", "dropped"]
Codes = Annotated[list[Code], Field(max_length=100)]
BarrierTypes = Annotated[list[Code], Field(min_length=1, max_length=100)]
"""What an obstacle is about: a bundle of barriers has a type at the least."""
Observations = Annotated[list[UUID], Field(max_length=200)]


class Signal(Input):
    """The key of a signal: something was reported, under the threshold.

    `institution_group` is null, as the signal has it, for an interface without an institution.
    """

    quarter: QuarterCode
    barrier_type: Code
    institution_group: Code | None


class SignalKey(Read):
    """The key of a signal."""

    quarter: str
    barrier_type: str
    institution_group: str | None


Signals = Annotated[list[Signal], Field(max_length=200)]


class ObstacleCreate(Input):
    """A new bundle."""

    title: Line
    description: Note
    barrier_types: BarrierTypes
    institution_types: Codes
    """Empty where no kind of institution is behind it: a law, or what lies between two of them."""
    observation_ids: Annotated[list[UUID], Field(max_length=200, default_factory=list)]
    signals: Annotated[list[Signal], Field(max_length=200, default_factory=list)]


class ObstacleChange(Input):
    """What changes of an obstacle; what is left out stays. Lists replace the ones before."""

    title: Line | None = None
    description: Note | None = None
    barrier_types: BarrierTypes | None = None
    institution_types: Codes | None = None
    observation_ids: Observations | None = None
    signals: Signals | None = None
    responsible_unit_id: UUID | None = None
    due_on: Day | None = None


class StepTake(Input):
    """The next status, with what it asks for.

    A project group needs an owner and a deadline, rejecting and going back a reason, deciding the date and
    minute of the steering group's decision unless it has been recorded since the last step.
    """

    to: Step
    reason: Note | None = None
    responsible_unit_id: UUID | None = None
    due_on: Day | None = None
    decided_on: Day | None = None
    minute: Line | None = None
    decision: Note | None = None
    meeting_id: UUID | None = None
    """The meeting that decided: held on that day, with the obstacle on its agenda."""


class ObstacleMerge(Input):
    """Another obstacle that becomes part of this one."""

    obstacle_id: UUID
    reason: Note


class ObstacleSplit(Input):
    """A part that becomes an obstacle of its own, with the observations and signals that move to it."""

    title: Line
    description: Note
    barrier_types: BarrierTypes
    institution_types: Codes
    """Empty where no kind of institution is behind it: a law, or what lies between two of them."""
    observation_ids: Annotated[list[UUID], Field(max_length=200, default_factory=list)]
    signals: Annotated[list[Signal], Field(max_length=200, default_factory=list)]
    reason: Note | None = None


class ObstacleMeasureCreate(Input):
    """A step to resolve an obstacle; exactly one of institution and unit is responsible."""

    title: Line
    institution_id: UUID | None = None
    unit_id: UUID | None = None
    due_on: Day | None = None


class ObstacleMeasureChange(Input):
    """What changes of a measure; what is left out stays."""

    title: Line | None = None
    institution_id: UUID | None = None
    unit_id: UUID | None = None
    due_on: Day | None = None
    state: MeasureState | None = None


class ObstacleMeasureRead(Read):
    """A measure."""

    id: UUID
    obstacle_id: UUID
    title: str
    institution_id: UUID | None
    unit_id: UUID | None
    due_on: date | None
    state: MeasureState
    done_on: date | None
    version: int


class ObstacleMemberAdd(Input):
    """An office in one of the groups; exactly one of institution and unit."""

    body: Group
    institution_id: UUID | None = None
    unit_id: UUID | None = None
    responsible: Line
    leads: bool = False
    joined_on: Day | None = None


class ObstacleMemberChange(Input):
    """What changes of a member; what is left out stays."""

    responsible: Line | None = None
    leads: bool | None = None
    left_on: Day | None = None


class ObstacleMemberRead(Read):
    """An office in the working group or the project group of an obstacle."""

    id: UUID
    obstacle_id: UUID
    body: Group
    institution_id: UUID | None
    unit_id: UUID | None
    responsible: str
    leads: bool
    joined_on: date
    left_on: date | None
    version: int


class DecisionRecord(Input):
    """What the steering group decided; `meeting_id` links it to the meeting of that day."""

    decided_on: Day
    minute: Line
    text: Note
    meeting_id: UUID | None = None


class DecisionRead(Read):
    """A decision of the steering group."""

    id: UUID
    obstacle_id: UUID
    decided_on: date
    minute: str
    text: str
    meeting_id: UUID | None


class ObstacleStepRead(Read):
    """One change of status; `obstacle_id` is another one's where that was merged into this one."""

    obstacle_id: UUID
    from_status: Status | None
    to_status: Status
    taken_on: date
    reason: str | None


class ObstacleItem(Read):
    """An obstacle in a list."""

    id: UUID
    title: str
    barrier_types: list[str]
    institution_types: list[str]
    status: Status
    bundled_on: date | None
    responsible_unit_id: UUID | None
    due_on: date | None
    merged_into_id: UUID | None
    split_from_id: UUID | None
    version: int


class ObstacleRead(ObstacleItem):
    """An obstacle with everything about it; what it rests on is shown to the coordination only."""

    description: str
    observation_ids: list[UUID]
    signals: list[SignalKey]
    merged_ids: list[UUID]
    members: list[ObstacleMemberRead]
    measures: list[ObstacleMeasureRead]
    decisions: list[DecisionRead]
    steps: list[ObstacleStepRead]


class OutcomeMeasure(Read):
    """A measure as those read it who reported."""

    title: str
    due_on: date | None
    state: MeasureState
    done_on: date | None


class OutcomeDecision(Read):
    """A decision as those read it who reported."""

    decided_on: date
    text: str


class OutcomeRead(Read):
    """What became of a barrier that one reported."""

    id: UUID
    title: str
    barrier_types: list[str]
    institution_types: list[str]
    status: Status
    measures: list[OutcomeMeasure]
    decisions: list[OutcomeDecision]
