"""Shapes of the entries of a timeline: what a line of each kind shows."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.cases.schemas.cases import PersonRef
from app.documents.schemas import KindCode
from app.kit.schema import NamedRef, Read


class TimelineEntry(Read):
    """What every entry says; `id` is that of the thing, so two entries of one thing differ in `what`."""

    id: UUID
    at: datetime
    actor: PersonRef | None
    """None: the system, or not recorded."""


class ContactLine(Read):
    """A contact as it counts now. `note` is its beginning; `corrects` is the entry it puts right."""

    contact_type: str
    minutes: int | None
    language: str | None
    interpreter: str
    note: str | None
    note_goes_on: bool
    recorded_at: datetime
    corrects: UUID | None


class ContactEntry(TimelineEntry):
    """A contact, at the time when it happened."""

    kind: Literal["contact"]
    what: Literal["recorded", "corrected"]
    details: ContactLine


class PhaseLine(Read):
    """From which phase to which, and why some were passed over."""

    from_phase: str | None = Field(alias="from")
    to: str
    reason: str | None
    passed_over: list[str]


class PhaseEntry(TimelineEntry):
    """A move of the case."""

    kind: Literal["phase"]
    what: Literal["opened", "moved", "skipped", "closed", "reopened"]
    details: PhaseLine


class AssessmentLine(Read):
    """The life domains with a need, and the beginning of the summary."""

    assessed_on: date
    summary: str | None
    needs: list[str]


class AssessmentEntry(TimelineEntry):
    """An assessment, on its day."""

    kind: Literal["assessment"]
    what: Literal["recorded"]
    details: AssessmentLine


class ReferralLine(Read):
    """A referral to an institution changed its state; `what` is the new one."""

    referral_id: UUID
    institution: NamedRef
    channel: str
    from_state: str | None = Field(alias="from")
    to: str
    side: Literal["sender", "recipient", "system"]
    reason: str | None
    source: str | None


class ReferralEntry(TimelineEntry):
    """A change of state of a referral; `id` is that of the step."""

    kind: Literal["referral"]
    what: str
    details: ReferralLine


class ConsentLine(Read):
    """Which consent; with neither institution nor receiving unit it is for the unit's own documentation."""

    purpose: str
    institution: NamedRef | None
    receiving_unit: str | None
    form: str
    valid_until: date
    for_every_case: bool


class ConsentEntry(TimelineEntry):
    """A consent given, withdrawn, or run out."""

    kind: Literal["consent"]
    what: Literal["given", "withdrawn", "expired"]
    details: ConsentLine


class DocumentLine(Read):
    """Which document, as it is called now; a tombstone has no title."""

    title: str | None
    category: str
    document_kind: KindCode
    dated_on: date
    is_removed: bool
    removal_reason: str | None


class DocumentEntry(TimelineEntry):
    """A document put in, or removed."""

    kind: Literal["document"]
    what: Literal["added", "removed"]
    details: DocumentLine


class TaskLine(Read):
    """Which task, as it stands now."""

    title: str
    due_on: date
    assignee: PersonRef
    is_done: bool


class TaskEntry(TimelineEntry):
    """A task written down or ticked off."""

    kind: Literal["task"]
    what: Literal["created", "done"]
    details: TaskLine


class BarrierLine(Read):
    """What blocked, and where."""

    barrier_type: str
    effect: str
    institution: NamedRef | None
    interface_from: str | None
    interface_to: str | None
    since: date
    resolved_on: date | None


class BarrierEntry(TimelineEntry):
    """A barrier report filed, or its barrier gone."""

    kind: Literal["barrier"]
    what: Literal["filed", "resolved"]
    details: BarrierLine


class DomainChangeLine(Read):
    """From what to what, since when, and the days between."""

    before: str
    after: str
    changed_on: date
    days_without: int


class DomainChangeEntry(TimelineEntry):
    """What the client lives on changed, and its checklist was opened."""

    kind: Literal["domain_change"]
    what: Literal["opened"]
    details: DomainChangeLine


class TeamLine(Read):
    """Who, as what, and until when."""

    user: PersonRef
    relation: Literal["lead", "member", "deputy", "break_glass"]
    active_from: datetime
    active_until: datetime | None


class TeamEntry(TimelineEntry):
    """Somebody came to the case, or left it."""

    kind: Literal["team"]
    what: Literal["assigned", "deputised", "glass_broken", "ended"]
    details: TeamLine


class ConferenceLine(Read):
    """What a conference is about, and how many take part."""

    form: Literal["case_conference", "anonymised_discussion"]
    occasion: str
    starts_at: datetime
    participants: int
    reason: str | None


class ConferenceEntry(TimelineEntry):
    """A conference was planned, held or cancelled."""

    kind: Literal["conference"]
    what: Literal["planned", "held", "cancelled"]
    details: ConferenceLine


class PathwayLine(Read):
    """What was written down of a pathway; of a move, `from` and `to` are versions of the law."""

    pathway_id: UUID
    pathway: str
    requirement: str | None
    from_state: str | None = Field(alias="from")
    to: str
    reason: str | None


class PathwayEntry(TimelineEntry):
    """A step of a pathway, a requirement, or another version of the law."""

    kind: Literal["pathway"]
    what: Literal["start", "apply", "grant", "reject", "withdraw", "turn", "challenge", "requirement", "move"]
    details: PathwayLine


class SchoolLine(Read):
    """A step of a child's way into school."""

    school_entry_id: UUID
    stage: str
    to: str
    happened_on: date
    school: str | None
    refusal: str | None
    reason: str | None


class SchoolTimelineEntry(TimelineEntry):
    """A step of a child's way into school, on its day."""

    kind: Literal["school"]
    what: Literal[
        "register", "counsel", "allocate", "wait", "offer", "accept", "refuse", "start_support",
        "start_regular", "transfer", "end",
    ]  # fmt: skip
    details: SchoolLine


class TransferLine(Read):
    """To which unit, and why, or why not."""

    receiving_unit: NamedRef
    reason: str


class TransferTimelineEntry(TimelineEntry):
    """The case was offered to another unit, and what came of it."""

    kind: Literal["transfer"]
    what: Literal["offered", "accepted", "received", "declined", "withdrawn", "revoked", "expired"]
    details: TransferLine
