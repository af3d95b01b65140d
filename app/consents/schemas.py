"""Shapes of consents."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, Field, model_validator
from pydantic_core import PydanticCustomError

from app.consents.rules import Direction, Form, GivenBy
from app.kit.schema import Code, Day, Input, Line, Moment, Name, Note, Read

Categories = Annotated[list[Code], Field(max_length=20)]
WithdrawalChannel = Literal["in_person", "phone", "letter", "email", "message", "other"]


class ConsentCreate(Input):
    """A consent as it was given. What must have been explained is not optional."""

    client_id: UUID
    case_id: UUID | None = None
    """None: for every case of the client."""
    purpose: Code
    institution_id: UUID | None = None
    """The exact recipient; none only where the unit itself is."""
    receiving_unit_id: UUID | None = None
    """For a transfer: the unit that is to take the case over (GET /v1/receiving-units)."""
    data_categories: Annotated[Categories, Field(min_length=1)]
    special_categories: Annotated[Categories, Field(default_factory=list)]
    """Art. 9 and 10 GDPR: those among `data_categories`, named once more."""
    direction: Direction
    text_language: Code
    """Of the text that was shown or read out; one in which it exists (GET /v1/consent-texts)."""
    text_version: Code
    interpreter_used: Annotated[bool, Field(strict=True)]
    interpreter: Line | None = None
    consequences_explained: Literal[True]
    """What happens, and what does not, when the client refuses."""
    revocability_explained: Literal[True]
    form: Form
    special_circumstance: Line | None = None
    """Why it was only spoken."""
    given_by: GivenBy = GivenBy.CLIENT
    guardian: Name | None = None
    """By name, for a person of whom no guardian is recorded."""
    guardian_ids: Annotated[list[UUID], Field(default_factory=list, max_length=4)]
    """Those who consented, of the recorded guardians; joint guardians consent together."""
    capacity_note: Line | None = None
    given_at: Moment
    valid_until: Day | None = None
    """The last day; 12 months after it was given when left out, ten years at the most."""
    evidence: Line
    """Where the signed paper or the record is."""
    evidence_document_id: UUID | None = None
    """The signed paper itself, as a document of the client; it is not removed any more."""
    follows_id: UUID | None = None
    """A renewal: the consent that it follows. What rests on that one and is covered rests on this one."""


class ConsentWithdraw(Input):
    """A withdrawal as it arrived; no reason is asked."""

    channel: WithdrawalChannel
    only_this: Annotated[bool, Field(strict=True)] = False
    """False: it ends every consent to the same outside recipient for the same purpose that was given before.
    True where the client said that the others stand."""
    note: Note | None = None
    told_at: Moment | None = None
    """When the client said so; now when left out. It takes effect when it is taken down."""


class PersonTold(Input):
    """Who says so, as they say it."""

    given_name: Name
    family_name: Name
    birth_date: Day


class WithdrawalTake(Input):
    """A withdrawal as somebody of the unit is told it, of whoever stands at the counter."""

    client_id: UUID | None = None
    """Where you work with the client; otherwise name the person."""
    person: PersonTold | None = None
    unit_id: UUID | None = None
    """Where you sit, if you work at several units."""
    institution_id: UUID | None = None
    """What goes to this institution; with `purpose`, what goes there for it."""
    purpose: Code | None = None
    everything: Annotated[bool, Field(strict=True)] = False
    """Every consent; said expressly, because it closes what rests on a consent."""
    channel: WithdrawalChannel
    told_at: Moment | None = None

    @model_validator(mode="after")
    def _says_who_and_what(self) -> Self:
        if (self.client_id is None) == (self.person is None):
            raise PydanticCustomError("one_person", "Name the client by id or the person by name and birth")
        if self.everything == (self.institution_id is not None or self.purpose is not None):
            raise PydanticCustomError("one_extent", "Name institution or purpose, or say everything")
        return self


class WithdrawalReceipt(Read):
    """That it was taken down, and what; never whether somebody was found, nor whom."""

    id: UUID
    channel: WithdrawalChannel
    institution_id: UUID | None
    purpose: str | None


class WithdrawalSettle(Input):
    """What became of it."""

    outcome: Literal["taken_down", "nobody_found"]


class UnplacedWithdrawalRead(Read):
    """A withdrawal that nobody, or more than one, was found for: ask the unit whom it means."""

    id: UUID
    unit_id: UUID
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    institution_id: UUID | None
    purpose: str | None
    channel: WithdrawalChannel
    told_at: datetime
    taken_at: datetime
    taken_by: UUID
    outcome: Literal["taken_down", "nobody_found", "lapsed"] | None
    """`lapsed`: nobody said what became of it, and after some months (`KIM_INQUIRY_MONTHS`) the name went."""
    settled_at: datetime | None
    version: int


class ConsentRead(Read):
    """A consent; `state` is of today."""

    id: UUID
    client_id: UUID
    case_id: UUID | None
    purpose: str
    institution_id: UUID | None
    unit_id: UUID | None
    receiving_unit_id: UUID | None
    receiving_unit_name: str | None
    receiving_area_id: str | None
    data_categories: list[str]
    special_categories: list[str]
    direction: Direction
    text_language: str
    text_version: str
    text_sha256: str
    interpreter_used: bool
    interpreter: str | None
    consequences_explained: bool
    revocability_explained: bool
    form: Form
    special_circumstance: str | None
    given_by: GivenBy
    guardian: str | MISSING = MISSING
    """Who consented for the client; absent where nobody did, or nobody whom you see."""
    guardian_ids: list[UUID]
    """The recorded guardians among them whom you see."""
    capacity_note: str | None
    given_at: datetime
    valid_until: date
    evidence: str
    evidence_document_id: UUID | None
    follows_id: UUID | None
    followed_by_id: UUID | None
    """The one that renews it."""
    recorded_by: UUID
    state: Literal["valid", "expired", "withdrawn"]
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None
    withdrawal_channel: WithdrawalChannel | None
    withdrawal_note: str | None
    withdrawal_told_at: datetime | None
    version: int


class ConsentTextRead(Read):
    """The words that are explained for one purpose, in one language and version."""

    purpose: str
    language: str
    version: str
    sha256: str
    text: str
