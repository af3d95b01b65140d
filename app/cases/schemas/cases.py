"""Shapes of a case: shell, content, intake, phases, closing."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.kit.schema import Code, Day, Input, Line, NamedRef, Note, Read

CaseKind = Literal["case_management", "counselling"]
CasePhaseCode = Literal[
    "intake",
    "assessment",
    "service_planning",
    "linking",
    "monitoring",
    "reassessment",
    "evaluation",
    "closed",
]
Feedback = Literal["helped", "partly_helped", "not_helped", "no_answer"]
"""What the client says of the support as a whole, at evaluation or closing."""
Criterion = Literal["C1", "C2", "C3", "C4", "C5", "C6", "C7"]


class CaseOpen(Input):
    """A new course of support for a client whom the opener sees; they become its lead."""

    client_id: UUID
    kind: CaseKind
    access_route: Code
    unit_id: UUID | None = None
    """That of the client, which it is as well where it is left out; any other is refused."""
    concern: Note | None = None
    summary: Note | None = None


class CaseChange(Input):
    """What changes of a case; what is left out stays."""

    access_route: Code | None = None
    concern: Note | None = None
    summary: Note | None = None
    next_review_on: Day | None = None
    client_feedback: Note | None = None
    client_feedback_code: Feedback | None = None
    client_feedback_language: Code | None = None


class CaseIntake(Input):
    """What intake has found; what is left out stays. Criteria that were answered before stay answered."""

    criteria: Annotated[dict[Criterion, bool], Field(max_length=7)] | None = None
    outcome: Code | None = None
    note: Note | None = None
    privacy_notice_version: Line | None = None
    privacy_notice_language: Code | None = None
    privacy_notice_on: Day | None = None
    documentation_basis: Code | None = None


class PlanAgreement(Input):
    """That the client agrees to the plan."""

    agreed_on: Day
    how: Line


class PhaseStep(Input):
    """Where the case goes. `skip_reason` is needed when something is passed over."""

    to: Literal["assessment", "service_planning", "linking", "monitoring", "reassessment", "evaluation"]
    skip_reason: Line | None = None
    agreement: PlanAgreement | None = None
    linking_reason: Line | None = None
    """Why nobody had to be brought in, where there is no referral."""


class Settling(Input):
    """What becomes of what is open when a case is closed; `keep` leaves it as it stands.

    Appointments go with the tasks. Of the drafts only one's own are discarded: nobody sees another's.
    Consents end by their own rule.
    """

    tasks: Literal["keep", "drop"] = "keep"
    measures: Literal["keep", "drop"] = "keep"
    referrals: Literal["keep", "cancel"] = "keep"
    interpretings: Literal["keep", "cancel"] = "keep"
    conferences: Literal["keep", "cancel"] = "keep"
    pathways: Literal["keep", "withdraw"] = "keep"
    school_entries: Literal["keep", "end"] = "keep"
    """Of children without a school; whoever goes to one goes on."""
    barrier_proposals: Literal["keep", "drop"] = "keep"
    drafts: Literal["keep", "discard"] = "keep"


class CaseClose(Input):
    """The end of a case. Nothing that is open hinders it.

    The reason `transferred` is written by the system only.
    """

    reason: Code
    outcomes: Annotated[dict[Code, Code], Field(max_length=30)] = Field(default_factory=dict)
    """Per life domain."""
    note: Note | None = None
    settle: Settling = Field(default_factory=Settling)


class CaseReopen(Input):
    """Why a closed case goes on. `take_up` opens again the tasks and measures that its closing dropped."""

    reason: Line
    take_up: bool = False


class TakeAlong(Input):
    """The closed case of the same client whose open goals, measures and tasks go on in this one."""

    from_case_id: UUID


class TakenAlong(Read):
    """What of an earlier case goes on in this one, by the ids it has here."""

    from_case_id: UUID
    goals: list[UUID]
    measures: list[UUID]
    tasks: list[UUID]


class PersonRef(Read):
    """A colleague by name."""

    id: UUID
    name: str


class ColleagueRef(PersonRef):
    """A colleague by name, and whether they can work at the unit now."""

    is_active: bool
    """False once they are disabled or have no role for it at the unit any more: somebody else must do it."""


class CaseRef(Read):
    """A case by its number."""

    id: UUID
    number: str


class ClientName(Read):
    """A client by name."""

    id: UUID
    given_name: str
    family_name: str


class ClientRef(ClientName):
    """A client by name, and what of it is disputed."""

    disputed: list[str]
    """Fields whose truth the person disputes."""


class CaseShell(Read):
    """A case in the list of a team lead: without its client. Its version is read with the case."""

    id: UUID
    number: str
    kind: CaseKind
    phase: CasePhaseCode
    opened_on: date
    closed_on: date | None
    unit_id: UUID
    lead: ColleagueRef


class CaseListed(CaseShell):
    """A case in the list of those who work on it."""

    client: ClientRef


class Intake(Read):
    """What intake has found."""

    criteria: dict[str, bool]
    outcome: str | None
    note: str | None
    privacy_notice_version: str | None
    privacy_notice_language: str | None
    privacy_notice_on: date | None
    documentation_basis: str | None


class Unfinished(Read):
    """How much was still open when the case was closed: a warning."""

    tasks: int
    measures: int
    referrals: int
    interpretings: int
    pathways: int
    school_entries: int
    """Children who had no school yet."""


class Closing(Read):
    """How a case ended."""

    reason: str
    outcomes: dict[str, str]
    note: str | None
    unfinished: Unfinished


class CaseRead(Read):
    """A case with its content; `closing` is null while it is open."""

    id: UUID
    number: str
    kind: CaseKind
    phase: CasePhaseCode
    opened_on: date
    closed_on: date | None
    is_restricted: bool
    unit: NamedRef
    lead: PersonRef
    client: ClientRef
    access_route: str
    concern: str | None
    summary: str | None
    intake: Intake
    plan_agreed_on: date | None
    plan_agreement: str | None
    next_review_on: date | None
    client_feedback: str | None
    client_feedback_code: Feedback | None
    client_feedback_language: str | None
    closing: Closing | None
    version: int


class CasePhaseRead(Read):
    """One move from a phase to another; no user means the system."""

    id: UUID
    at: datetime
    source: CasePhaseCode | None
    target: CasePhaseCode
    user: PersonRef | None
    reason: str | None
    passed_over: list[CasePhaseCode]
