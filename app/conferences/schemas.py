"""Shapes of conferences, their participants and what is agreed."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.kit.schema import Code, Day, Input, Line, Moment, Name, NamedRef, Note, Read

Form = Literal["case_conference", "anonymised_discussion"]
Mode = Literal["on_site", "online", "phone"]
State = Literal["planned", "held", "cancelled"]
Basis = Literal["consent", "sgbx_69", "gdpr_6_1_e"]
Duration = Annotated[int, Field(strict=True, ge=5, le=1440, description="minutes")]
Place = Annotated[UUID | None, Field(description="an institution of the directory; none: one's own office")]


class ConferencePlan(Input):
    """A sitting about a case; in an `anonymised_discussion` nobody outside learns who it is about."""

    form: Form = "case_conference"
    occasion: Line
    mode: Mode
    starts_at: Moment
    minutes: Duration = 60
    place_id: Place = None
    client_takes_part: bool


class ConferenceChange(Input):
    """What changes while it is planned; the record once it was held, in the words of the team."""

    occasion: Line | None = None
    mode: Mode | None = None
    starts_at: Moment | None = None
    minutes: Duration | None = None
    place_id: Place = None
    client_takes_part: bool | None = None
    record: Note | None = None


class ConferenceStepTake(Input):
    """`hold` says who was there, at least one, by the ids of the participants; `cancel` needs a reason."""

    step: Literal["hold", "cancel"]
    reason: Line | None = None
    attended: Annotated[list[UUID], Field(max_length=40, default_factory=list)]
    record: Note | None = None


class ParticipantInvite(Input):
    """A colleague (`user_id`), or somebody of an institution (`institution_id` and `name`).

    Of an institution nobody takes part without a basis: a consent of the client that names it for case
    conferences, both ways, for these data categories; or another one that holds, with its necessity. In an
    anonymised discussion there is none.
    """

    user_id: UUID | None = None
    institution_id: UUID | None = None
    name: Name | None = None
    function: Line | None = None
    legal_basis: Basis | None = None
    necessity: Note | None = None
    data_categories: Annotated[list[Code], Field(max_length=30, default_factory=list)]


class ConferenceAgree(Input):
    """What was agreed: with a goal a measure of the plan, otherwise a task.

    `institution_id` is the institution of a participant that takes it on.
    """

    wording: Line
    responsible: Literal["client", "case_manager", "institution", "family", "volunteer"]
    institution_id: UUID | None = None
    assignee_id: UUID | None = None
    due_on: Day
    goal_id: UUID | None = None


class RecordHandOut(Input):
    """To whom the record was given, and how."""

    participant_id: UUID
    channel: Literal["in_person", "letter", "email"]


class ParticipantRead(Read):
    """Somebody who takes part, or no longer does. `attended` is null until it is written down."""

    id: UUID
    user: PersonRef | None
    institution: NamedRef | None
    name: str | None
    function: str | None
    legal_basis: Basis | None
    consent_id: UUID | None
    necessity: str | None
    data_categories: list[str]
    attended: bool | None
    removed_at: datetime | None
    removed_because: Literal["uninvited", "consent_withdrawn"] | None
    handed_out_at: datetime | None


class AgreementRead(Read):
    """What was agreed, as it stands in plan or tasks."""

    id: UUID
    measure_id: UUID | None
    task_id: UUID | None
    institution: NamedRef | None


class OwnConferenceRead(Read):
    """When and where a conference is in which one takes part; the rest is read in its case.

    `case_id` is null in an anonymised discussion of a case on which one does not work:
    `planned_by` knows more.
    """

    id: UUID
    case_id: UUID | None
    form: Form
    mode: Mode
    starts_at: datetime
    minutes: int
    place: NamedRef | None
    state: State
    planned_by: PersonRef


class ConferenceRead(Read):
    """A conference with its participants and what was agreed."""

    id: UUID
    form: Form
    occasion: str
    mode: Mode
    starts_at: datetime
    minutes: int
    place_id: UUID | None
    client_takes_part: bool
    state: State
    record: str | None
    cancel_reason: str | None
    ended_at: datetime | None
    participants: list[ParticipantRead]
    agreements: list[AgreementRead]
    version: int
