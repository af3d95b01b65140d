"""Shapes of school entries."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import CaseRef, ClientName, PersonRef
from app.kit.schema import Code, Day, Input, Line, Name, NamedRef, Note, Read

Stage = Literal["primary", "lower_secondary", "upper_secondary"]
SupportForm = Literal["first_support", "support_class", "partly_integrated"]
Refusal = Literal["distance", "transport", "no_support", "school_full", "family", "other"]
EntryState = Literal[
    "registered", "counselled", "allocated", "waiting", "offered", "accepted", "support_class",
    "regular_class", "ended",
]  # fmt: skip
StepName = Literal[
    "counsel", "allocate", "wait", "offer", "accept", "refuse", "start_support", "start_regular", "transfer",
    "end",
]  # fmt: skip
Norm = Annotated[Literal["§ 34 SchulG NRW"], Field(description="compulsory schooling")]


class SchoolEntryRegister(Input):
    """A child that looks for a school: the case's client, or a member of the household."""

    member_id: UUID | None = None
    """The entry of the household; none: the case's client."""
    stage: Stage
    """Of full age only `upper_secondary`: vocational colleges and schools for adults."""
    school_type: Code | None = None
    registered_on: Day | None = None
    """Today when left out."""
    way_note: Note | None = None
    note: Note | None = None


class SchoolEntryChange(Input):
    """Details; what they said before stays in the steps."""

    stage: Stage | None = None
    school_type: Code | None = None
    support_form: SupportForm | None = None
    way_note: Note | None = None
    note: Note | None = None


class SchoolStepTake(Input):
    """A step that happened on a day (today when left out).

    `allocate` and `offer` may name the school, of the directory or by name; `refuse` says why by a code,
    `end` in words; `start_support` says in which form.
    """

    step: StepName
    on: Day | None = None
    school_id: UUID | None = None
    school_name: Name | None = None
    refusal: Refusal | None = None
    support_form: SupportForm | None = None
    reason: Line | None = None


class SchoolStepCorrect(Input):
    """The day on which a step really happened, and why the other one was wrong."""

    on: Day
    reason: Line


class PupilRead(Read):
    """A member of the household, as written down when the child was registered."""

    client_id: UUID | None
    name: str
    relation: str


class SchoolRef(Read):
    """The school: of the directory, or only by name."""

    id: UUID | None
    name: str


class SchoolStepRead(Read):
    """A step; one that was corrected points to the one that is believed instead."""

    id: UUID
    at: datetime
    step: Literal[
        "register", "counsel", "allocate", "wait", "offer", "accept", "refuse", "start_support",
        "start_regular", "transfer", "end", "change",
    ]  # fmt: skip
    to_state: EntryState
    happened_on: date
    user: PersonRef
    refusal: Refusal | None
    reason: str | None
    school: str | None
    corrected_by_id: UUID | None


class SchoolEntryRead(Read):
    """A child's way into school.

    `waiting_days` are counted from being registered to the first day, the end, or today. `listed_on` is the
    day of the first `wait`: since when the child stands on a list for a place; it changes no count.
    """

    id: UUID
    case_id: UUID
    member: PupilRead | None
    stage: Stage
    school_type: str | None
    school: SchoolRef | None
    support_form: SupportForm | None
    way_note: str | None
    note: str | None
    state: EntryState
    registered_on: date
    waiting_since: date
    listed_on: date | None
    first_day: date | None
    ended_on: date | None
    waiting_days: int
    norm: Norm
    steps: list[SchoolStepRead]
    version: int


class WaitingChild(Read):
    """A child of one's own cases that waits for a school."""

    id: UUID
    case: CaseRef
    client: ClientName
    member: PupilRead | None
    stage: Stage
    state: EntryState
    waiting_since: date
    listed_on: date | None
    waiting_days: int


class WaitingBand(Read):
    """Children of a stage that wait so many weeks; none where there are fewer than three."""

    stage: Stage
    band: Literal["up_to_4", "up_to_8", "up_to_12", "up_to_26", "over_26"]
    children: int | None


class SchoolWaitingRead(Read):
    """Who waits how long in a unit, without anybody: the full grid, and no total that tells the rest."""

    unit: NamedRef
    day: Annotated[date, Field(alias="on")]
    at_least: int
    bands: list[WaitingBand]
