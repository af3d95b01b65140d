"""Shapes of pathways. Each answer carries `notice`: it is to be examined by the authority."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import MISSING, Field

from app.cases.schemas.cases import PersonRef
from app.kit.schema import Code, Day, Input, Line, Note, Read

PathwayState = Literal["preparing", "applied", "granted", "rejected", "withdrawn", "turned"]
RequirementState = Literal[
    "open", "in_progress", "evidence_there", "not_met_yet", "not_applicable", "to_be_examined"
]
PathwayStepName = Literal["apply", "grant", "reject", "withdraw", "turn", "challenge"]
Notice = Annotated[
    Literal["von der Behörde zu prüfen", "to be examined by the authority"],
    Field(description="the same in every answer: nothing here decides"),
]


class PathwayStart(Input):
    """A pathway by the law of today, for the case's client or a member of the household."""

    pathway: Code
    member_id: UUID | None = None
    """The entry of the household; none: the case's client."""
    together_with_id: UUID | None = None
    """The naturalisation of somebody of this case with which this one goes together (§ 10 Abs. 2 StAG)."""
    next_on: Day | None = None
    note: Note | None = None


class PathwayChange(Input):
    """The next date and the note."""

    next_on: Day | None = None
    note: Note | None = None


class RequirementChange(Input):
    """What is known of a requirement; what was said before stays in the steps."""

    state: RequirementState | None = None
    evidence: Note | None = None
    evidence_document_id: UUID | None = None
    """A document of the case's client, or of the member whose pathway it is; it is kept from then on."""
    note: Note | None = None
    next_on: Day | None = None


class PathwayStepTake(Input):
    """A step that happened on a day (today when left out).

    `reject`, `withdraw` and `turn` need a reason; `turn` names the pathway that is tried `into`. `challenge`
    is an objection or an action in court against a rejection.
    """

    step: PathwayStepName
    on: Day | None = None
    reason: Line | None = None
    into: Code | None = None


class PathwayMove(Input):
    """The version of the law that holds now."""

    law_version: Code


class PathwayName(Read):
    """Which pathway, by which paragraph."""

    code: str
    label: str
    norm: str


class LawVersionRead(Read):
    """A version of the law; `note` says in German where one asks the authority."""

    code: str
    label: str
    source: str
    valid_from: date
    valid_to: date | None
    note: str | None
    followed_by: list[str]
    """Pathways to look at where this one has ended."""


class MemberRead(Read):
    """A member of the household, as written down when the pathway was started."""

    client_id: UUID | None
    name: str
    relation: str


class RequirementRead(Read):
    """A requirement with its paragraph, what is usual as evidence, and what is known of it."""

    requirement: str
    label: str
    norm: str
    usual_evidence: str
    is_asked: bool
    """False: an earlier version asked for it; what was written is kept."""
    state: RequirementState
    evidence: str | None
    evidence_document_id: UUID | None
    """Null where there is none, or one that you do not see."""
    note: str | None
    next_on: date | None


class PathwayRead(Read):
    """A pathway. `missing` are requirements at which something is still to be done."""

    id: UUID
    case_id: UUID
    pathway: PathwayName
    law_version: LawVersionRead
    newer_version: str | None
    member: MemberRead | None
    together_with_id: UUID | MISSING = MISSING
    """Absent where it goes with none, or with one that you do not see."""
    together: list[UUID]
    """The pathways that go together with this one."""
    state: PathwayState
    applied_on: date | None
    ended_on: date | None
    turned_into_id: UUID | None
    next_on: date | None
    next_due_on: date | None
    """The earliest of the next dates of the pathway and of its requirements."""
    note: str | None
    requirements: list[RequirementRead]
    missing: list[str]
    notice: Notice
    version: int


class PathwayStepRead(Read):
    """What was written down, and by whom."""

    id: UUID
    at: datetime
    step: Literal["start", "apply", "grant", "reject", "withdraw", "turn", "challenge", "requirement", "move"]
    requirement: str | None
    source: str | None
    target: str
    user: PersonRef
    reason: str | None
    evidence: str | None
    evidence_document_id: UUID | None
    note: str | None
    next_on: date | None
    notice: Notice


class ComparedRequirement(Read):
    """A requirement in the words of the version used and of the newer one."""

    requirement: str
    label: str
    norm: str
    norm_before: str | None


class VersionComparison(Read):
    """What the newer version asks for, beside the one that is used; none where that is it."""

    law_version: LawVersionRead
    newer_version: LawVersionRead | None
    added: list[ComparedRequirement]
    removed: list[ComparedRequirement]
    changed: list[ComparedRequirement]
    kept: list[str]
    notice: Notice
