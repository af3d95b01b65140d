"""Shapes of referrals for the sender."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import MISSING, Field, model_validator
from pydantic_core import PydanticCustomError

from app.clients.package_schemas import PackageData
from app.kit.schema import Code, Input, Line, Note, Read
from app.referrals.rules import Delivery, Task

Channel = Literal["platform", "letter", "phone", "accompanied", "client"]
Urgency = Literal["normal", "urgent"]
HoldReason = Literal[
    "waiting_for_client", "waiting_for_documents", "waiting_for_third_party", "capacity", "other"
]
CancelReason = Literal[
    "no_longer_wanted", "solved_otherwise", "wrong_recipient", "duplicate", "could_not_contact", "other"
]
NotDisclosed = Literal["not_disclosed"]
RevokeReason = Literal["consent_withdrawn", "consent_ended"]
Source = Literal["client", "accompanied", "phone", "letter", "email"]
Concern = Annotated[Note, Field(max_length=2000)]


class ReferralDraft(Input):
    """What shall go to whom; nothing leaves before it is sent."""

    case_id: UUID
    institution_id: UUID
    site_id: UUID | None = None
    """One of its sites, to be read there; without one it is for the whole institution."""
    channel: Channel
    concern_code: Code | None = None
    """For authorities of residence law, which get no free text."""
    concern_text: Concern | None = None
    urgency: Urgency = "normal"
    data_categories: Annotated[list[Code], Field(min_length=1, max_length=20)]
    left_out: Annotated[list[Code], Field(default_factory=list, max_length=40)]
    """Fields of these categories that shall not go along, as `category.field` (`contact.phone`)."""
    legal_basis: Code = "consent"
    necessity: Line | None = None
    """Why it is necessary, where it does not rest on the client's will."""
    note: Note | None = None
    """For the team only."""
    offer_id: UUID | None = None
    """An offer of the institution to which the person is referred; it must be open."""
    waiting_list_ok: bool = False
    """Also where the offer has no free place."""

    @model_validator(mode="after")
    def _waits_for_an_offer(self) -> Self:
        if self.waiting_list_ok and self.offer_id is None:
            raise PydanticCustomError("waits_for_nothing", "A waiting list is that of an offer")
        return self


class ReferralAnew(Input):
    """To whom an ended referral goes next; what is left out here is taken from it.

    Its offer goes along to the same institution only; another institution needs an offer of its own.
    """

    institution_id: UUID
    site_id: UUID | None = None
    channel: Channel
    concern_code: Code | None = None
    concern_text: Concern | None = None
    urgency: Urgency | None = None
    legal_basis: Code | None = None
    necessity: Line | None = None
    offer_id: UUID | None = None
    waiting_list_ok: bool = False


class DeadlineSet(Input):
    """Within how many days a kind of institution answers, and on which days it is reminded."""

    answer_days: Annotated[int, Field(strict=True, ge=1, le=180)]
    reminder_days: Annotated[list[Annotated[int, Field(strict=True, ge=1, le=180)]], Field(max_length=4)]


class DeadlineRead(Read):
    """What holds for a kind of institution: what the area has set, or what holds without."""

    institution_type: str
    answer_days: int
    reminder_days: list[int]
    is_set: bool
    version: int
    """0 while nothing is set; send it as `If-Match: "0"` to set it for the first time."""


class ReferralCancel(Input):
    """Why it ends; a code, because both sides read it."""

    reason: CancelReason


class DeliveryRecord(Input):
    """Off the platform: where the package is, and how the sender knows."""

    delivery: Literal["offered", "fetched"]
    source: Source


class AnswerRecord(Input):
    """Off the platform: what the recipient did, and how the sender knows."""

    step: Literal["accept", "reject", "start", "hold", "resume", "complete", "fail"]
    source: Source
    reason: Code | None = None
    outcome: Code | None = None
    text: Note | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.step in ("reject", "hold")) != (self.reason is not None):
            raise PydanticCustomError("reason_misplaced", "A reason belongs to reject and hold")
        if (self.step in ("complete", "fail")) != (self.outcome is not None):
            raise PydanticCustomError("outcome_misplaced", "An outcome belongs to complete and fail")
        return self


class OfferNamed(Read):
    """An offer of the directory; the id is also that of its HSDS service."""

    id: UUID
    name: str


class ReferralStepRead(Read):
    """One line of the history."""

    at: datetime
    step: str
    from_state: Task | None
    to_state: str
    side: Literal["sender", "recipient", "system"]
    user_id: UUID | None
    reason: str | None
    source: Source | None


class AnswerRead(Read):
    """What the recipient wrote."""

    at: datetime
    step: str
    text: str
    source: Source | None


class ReferralSummary(Read):
    """A referral in the list of its case."""

    id: UUID
    case_id: UUID
    institution_id: UUID
    institution_name: str
    site_id: UUID | None
    channel: Channel
    state: Task
    delivery: Delivery | None
    urgency: Urgency
    concern_code: str | None
    concern_text: str | None
    requested_at: datetime | None
    deadline_at: datetime | None
    outcome: str | None
    offer: OfferNamed | None


class ReferralRead(ReferralSummary):
    """A referral from the sender's side."""

    consent_id: UUID | None
    legal_basis: str
    necessity: str | None
    data_categories: list[str]
    left_out: list[str]
    follows_id: UUID | None
    """The referral that it was copied from."""
    waiting_list_ok: bool
    note: str | None
    answered_at: datetime | None
    closed_at: datetime | None
    rejection_reason: str | None
    hold_reason: str | None
    cancel_reason: str | None
    revoke_reason: RevokeReason | None
    suggested_type: str | None
    """The kind of institution that the recipient thinks responsible instead, if it may tell."""
    consent_ends_at: datetime | None
    last_message_at: datetime | None
    """When something was last said on it (`.../messages`)."""
    """When the consent it rests on runs out, and with it the referral; null where it rests on none."""
    package_sha256: str | None
    created_by: UUID
    history: list[ReferralStepRead]
    answers: list[AnswerRead]
    version: int


class LeftBehind(Read):
    """A category that did not go along into a new referral."""

    category: str
    why: Literal["not_allowed_there", "not_covered_by_consent"]


class ReferralAnewRead(Read):
    """The new draft, and what of the old referral is not in it."""

    referral: ReferralRead
    left_behind: list[LeftBehind]


class ConcernRead(Read):
    """What is asked for: a code for authorities of residence law, words for everybody else."""

    code: str | None
    text: str | None


class PackageContent(Read):
    """What the recipient reads: the concern, and by category the client's data."""

    concern: ConcernRead
    data: PackageData
    disputed: dict[str, list[str]]
    """By category the fields of `data` that the person says are wrong (§ 84 (2) SGB X): told, and not to be
    relied on. In older packages `residence_documents` and `addresses` stand for all of `residence` and
    `housing`."""
    offer: OfferNamed | MISSING = MISSING
    """The offer that is meant; absent where none is."""


class Readers(Read):
    """Who will read it."""

    institution_id: UUID
    institution_name: str
    institution_type: str
    channel: Channel
    roles: list[str]
    """Roles at this institution that see it here; none off the platform."""


class ReferralPreview(Read):
    """Exactly what will be read by whom, and what is missing to send it."""

    id: UUID
    state: Task
    is_frozen: bool
    sha256: str
    readers: Readers
    legal_basis: str
    possible_bases: list[str]
    missing: list[str]
    """What the consent lacks, or a duty; `not_on_platform` where nobody there reads referrals here;
    `offer_not_open` or `no_free_place` for the offer.
    """
    content: PackageContent


class BasisRead(Read):
    """One legal basis between this sender and this recipient: whether it holds now, and why or why not."""

    legal_basis: str
    holds: bool
    """It can be sent on this basis now."""
    why: Literal[
        "holds", "duty_workflow", "child_protection_steps", "carried_by_client", "not_carried_by_client",
        "consent_or_duty_only", "not_both_sgb_bodies", "no_public_body", "special_category",
        "other_recipient", "social_data", "no_social_data", "unknown_basis", "consent_missing",
        "necessity_missing",
    ]  # fmt: skip
    missing: list[str]
    """What a consent lacks; what is first: `duty_approval`, `child_protection`, `necessity`."""


class BasesRead(Read):
    """Every legal basis for a draft, those that hold first."""

    referral_id: UUID
    legal_basis: str
    """That of the draft."""
    bases: list[BasisRead]
