"""Shapes of transfers: of the sender's side, and of the receiver's."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from app.clients.schemas import Clients
from app.documents.schemas import KindCode
from app.kit.schema import Code, Input, Read
from app.transfers.rules import MOST_DOCUMENTS

Reason = Literal["moved", "responsibility", "client_wish", "conflict_of_interest", "specialisation", "other"]
Urgency = Literal["normal", "urgent"]
TargetGroup = Literal["eu_citizens", "ukraine", "refugees", "other"]
DeclineReason = Literal[
    "no_capacity", "not_responsible", "conflict_of_interest", "could_not_contact", "other"
]
WithdrawReason = Literal["no_longer_wanted", "wrong_recipient", "entered_in_error", "case_closed", "other"]
TransferState = Literal[
    "drafted", "offered", "accepted", "received", "declined", "withdrawn", "revoked", "expired"
]
OfferState = Literal["offered", "accepted", "received", "declined", "withdrawn", "revoked", "expired"]
Categories = Annotated[list[Code], Field(min_length=1, max_length=20)]


class TransferDraft(Input):
    """Which unit is to take the case over, and what goes along. Nothing leaves yet.

    Until the unit accepts it reads `reason`, `urgency`, `language`, `target_group` and the categories, and
    nothing that names the person.
    """

    receiving_unit_id: UUID
    reason: Reason
    urgency: Urgency = "normal"
    language: Code | None = None
    target_group: TargetGroup | None = None
    data_categories: Categories
    """`master_data` is always among them; `case_record` carries concern, assessment, goals and contacts."""
    contact_ids: Annotated[list[UUID], Field(default_factory=list, max_length=50)]
    """Entries of the case that go along, one by one; they need `case_record`."""
    document_ids: Annotated[list[UUID], Field(default_factory=list, max_length=MOST_DOCUMENTS)]
    """Documents of case and client that go along, one by one: 100 MiB together.

    They need `documents` and the category that they are about: a medical one `health`, a notice or an
    application `benefits` and `residence`. Consents stay, and what is still called `other`.
    """


class TransferWithdraw(Input):
    """Why the sender does not want it any more."""

    reason: Literal["no_longer_wanted", "wrong_recipient", "entered_in_error", "other"]


class TransferAccept(Input):
    """Who takes the case over: a case manager of the unit, who alone reads the package."""

    case_manager_id: UUID


class TransferDecline(Input):
    """Why the unit does not take it over."""

    reason: DeclineReason


class TransferReceive(Input):
    """How the person is registered: anew after a look for duplicates, or as one whom you know already."""

    client_id: UUID | None = None
    """Somebody whom you work with and who is this person; what you know of them stays as it is, but of
    warnings and safe contact the stricter of both holds."""
    not_duplicate_of: Clients
    confirm_new: bool = False


class ReceivingUnitRef(Read):
    """The unit that is to take the case over, as it was called then."""

    id: UUID
    name: str
    municipal_area_id: str


class CaseTransferRead(Read):
    """A transfer as its sender sees it; the person at the other unit is not named."""

    id: UUID
    case_id: UUID
    receiving_unit: ReceivingUnitRef
    reason: Reason
    urgency: Urgency
    language: str | None
    target_group: TargetGroup | None
    data_categories: list[str]
    contact_ids: list[UUID]
    document_ids: list[UUID]
    state: TransferState
    on_hold: Literal["restricted_since", "processing_restricted"] | None
    """Why it can be neither accepted nor received: the package does not say that the person is restricted, so
    withdraw and offer anew; or their data are only kept (Art. 18 GDPR) until that is lifted."""
    consent_id: UUID | None
    offered_at: datetime | None
    deadline_at: datetime | None
    """Until when the other unit has to answer, then to receive."""
    accepted_at: datetime | None
    ended_at: datetime | None
    decline_reason: DeclineReason | None
    withdraw_reason: WithdrawReason | None
    settled_at: datetime | None
    consent_withdrawn_at: datetime | None
    """After the receipt: the receiving unit was told."""
    withdrawal_acknowledged_at: datetime | None
    version: int


class TransferMember(Read):
    """Somebody of the household, unless they are kept apart or restricted."""

    name: str
    birth_year: int | None
    relation: str


class TransferDocument(Read):
    """A document that goes along, by its id with the sender; at the receiving unit it has another."""

    id: UUID
    title: str
    category: str
    data_categories: list[str]
    dated_on: date
    kind: KindCode
    size_bytes: int
    sha256: str


class TransferContent(Read):
    """What goes along. A field without a value is not there; each thing has the shape it is sent in."""

    person: dict[str, Any]
    household: list[TransferMember]
    histories: dict[str, list[dict[str, Any]]]
    """As they are registered again: `residence_documents`, `legal_domains`, `addresses`, ..."""
    case: dict[str, Any]
    """Kind, phase and day of opening; with `case_record` also concern, assessment, goals and contacts."""
    documents: list[TransferDocument]
    """Those whose content follows with the receipt."""
    consents: list[str]
    """Purposes for which the sender held a consent; with `case_record` only."""
    data_categories: list[str]
    disputed: list[str]


class TransferPreview(Read):
    """The package as it would leave now or as it was frozen, and what the consent lacks."""

    id: UUID
    state: TransferState
    is_frozen: bool
    sha256: str
    content: TransferContent
    missing: list[str]


class SendingUnitRef(Read):
    """Who hands over."""

    id: UUID
    name: str
    municipal_area_id: str


class TransferOfferRead(Read):
    """A transfer as the receiving unit sees it. No person; what ended without a receipt says only that."""

    id: UUID
    unit_id: UUID
    sending_unit: SendingUnitRef
    reason: Reason
    urgency: Urgency
    language: str | None
    target_group: TargetGroup | None
    data_categories: list[str]
    state: OfferState
    offered_at: datetime
    deadline_at: datetime
    accepted_at: datetime | None
    case_manager_id: UUID | None
    ended_at: datetime | None
    decline_reason: DeclineReason | None
    consent_withdrawn_at: datetime | None
    withdrawal_acknowledged_at: datetime | None
    version: int


class ReceivedPackageRead(Read):
    """What was handed over, exactly as it was frozen; with the case once there is one.

    `missing_consents` are the purposes for which the sender held a consent, where the package says so, and
    you have none: theirs name the old unit and were not carried over. Documentation is always among them.
    """

    id: UUID
    case_id: UUID | None
    sha256: str
    frozen_at: datetime
    content: TransferContent
    missing_consents: list[str]
