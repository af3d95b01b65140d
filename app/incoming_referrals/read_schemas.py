"""Shapes of incoming referrals that are read: what was received, and what each side sees of it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import MISSING

from app.cases.schemas.cases import PersonRef
from app.clients.schemas import Channels
from app.incoming_referrals.schemas import (
    Basis,
    Form,
    GivenBy,
    GuardianKind,
    Question,
    State,
    Told,
    Urgency,
    UrgentBecause,
    WithdrawReason,
)
from app.kit.schema import Note, Page, Read


class GuardianReceived(Read):
    """Who decides for a person under age, as the institution wrote it."""

    kind: GuardianKind
    name: str
    reachable: str | None


class PersonReceived(Read):
    """The person, as the institution wrote it."""

    given_name: str
    family_name: str
    birth_date: date | None
    birth_year: int | None
    language: str
    needs_interpreter: bool | None
    guardian: GuardianReceived | None


class ContactReceived(Read):
    """How to reach the person, as the institution wrote it."""

    phone: str | None
    email: str | None
    in_words: str | None
    channels: Channels | None
    times: str | None
    no_post: bool
    no_voicemail: bool
    no_interpreter_of_same_circle: bool
    must_not_learn: str | None


class ConsentReceived(Read):
    """The statement of consent, as the institution wrote it."""

    obtained_by: str
    obtained_on: date
    form: Form
    given_by: GivenBy
    language: str
    covers: list[str]
    was_told_how_to_withdraw: Literal[True]
    circumstance: str | None


class Received(Read):
    """What was received, exactly as it came."""

    person: PersonReceived
    contact: ContactReceived
    concerns: list[str]
    text: Note
    urgency: Urgency
    urgent_because: UrgentBecause | None
    needs_protection: bool
    legal_basis: Basis
    consent: ConsentReceived | None
    necessity: str | None


class IncomingMessageRead(Read):
    """A question, a reply, or what was said with a rejection."""

    at: datetime
    side: Literal["institution", "unit"]
    step: Literal["ask", "reply", "reject"]
    question: Question | None
    text: str | None


class ReferralUnit(Read):
    """A unit by name."""

    id: UUID
    name: str


class ReferringInstitution(Read):
    """An institution by name."""

    id: UUID
    name: str


class PartnerIncomingSummary(Read):
    """Where a referral to KIM stands; never what became of the person."""

    id: UUID
    unit: ReferralUnit
    reference: str | None
    urgency: Urgency
    legal_basis: Basis
    state: State
    requested_at: datetime
    deadline_at: datetime | None
    """Until when the unit, or after a question the institution, is to answer; null when nobody is to."""
    answered_at: datetime | None
    closed_at: datetime | None
    reason: Told | None
    withdraw_reason: WithdrawReason | None
    sha256: str
    version: int


class PartnerIncomingPage(Page[PartnerIncomingSummary]):
    """A page of the list, or with `since` of the feed."""

    more: bool | MISSING = MISSING
    """Of the feed: whether there is more at once. Its `next` is never null: ask with it again later."""


class PartnerIncomingRead(PartnerIncomingSummary):
    """The same with the messages, and with what was sent while nobody has decided yet."""

    messages: list[IncomingMessageRead]
    content: Received | MISSING = MISSING
    """Absent when the unit has decided, or the referral has ended."""


class IncomingLine(Read):
    """An inquiry of the unit that waits for an answer to the institution; nothing of the person."""

    id: UUID
    unit_id: UUID
    state: Literal["open", "waiting"]
    language: str
    waiting_since: date
    priority_reason: UrgentBecause | None
    answer_until: datetime | None
    """Null while the institution has a question to answer."""
    responsible: PersonRef | None


class AcceptanceRead(Read):
    """What came of it at the unit."""

    client_id: UUID
    case_id: UUID
    accepted_at: datetime
    end_acknowledged_at: datetime | None


class IncomingRead(Read):
    """An incoming referral as whoever works with it sees it."""

    id: UUID
    unit_id: UUID
    institution: ReferringInstitution
    reference: str | None
    urgency: Urgency
    legal_basis: Basis
    state: State
    requested_at: datetime
    deadline_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    reason: Told | None
    withdraw_reason: WithdrawReason | None
    sha256: str
    messages: list[IncomingMessageRead]
    receipt: AcceptanceRead | None
    content: Received | MISSING = MISSING
    """Absent when what was received may not be used any more."""
    version: int
