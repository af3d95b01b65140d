"""Shapes of referrals for the addressed institution."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import MISSING, Field

from app.kit.schema import Code, Input, Note, Page, Read
from app.referrals.rules import Delivery, Step, Task
from app.referrals.schemas import (
    CancelReason,
    ConcernRead,
    HoldReason,
    NotDisclosed,
    OfferNamed,
    PackageContent,
    Urgency,
)

NotKept = Literal["feedback_not_agreed"]


class ReferralReject(Input):
    """Why not. Words, and a reason that tells of the client, reach the sender only if the client agreed to
    feedback.
    """

    reason: Code
    text: Note | None = None


class ReferralHold(Input):
    """What it waits for."""

    reason: HoldReason


class ReferralOutcome(Input):
    """What came of it; reaches the sender only if the client agreed to feedback."""

    outcome: Code
    text: Note | None = None


class PartnerCancel(Input):
    """Why it ends."""

    reason: CancelReason


class PartnerReferralSummary(Read):
    """A referral in the institution's list; only its tombstone where the package cannot be read."""

    id: UUID
    state: Task
    delivery: Delivery
    urgency: Urgency
    requested_at: datetime
    deadline_at: datetime | None
    unit_name: str
    last_message_at: datetime | None
    """When something was last said on it (`.../messages`)."""
    site_id: UUID | None
    """The site of the institution that it is for; null: the whole institution."""
    in_charge: UUID | MISSING | None = MISSING
    """Who of the institution is in charge of it, as it is now; absent for machines. No news in the feed."""
    version: int
    readable_until: datetime | MISSING | None = MISSING
    """When the consent behind the package ends, and the reading with it; null: it has no such end."""
    concern: ConcernRead | MISSING = MISSING
    """Absent while the package cannot be read: rejected, expired, ended, or the consent has run out."""
    offer: OfferNamed | MISSING | None = MISSING
    """The institution's offer that is meant; null: none. Absent with the concern."""


class PartnerReferralRead(PartnerReferralSummary):
    """A referral as the institution sees it: the frozen package and its own steps."""

    channel: Literal["platform"]
    package: PackageContent | MISSING = MISSING
    package_sha256: str | MISSING = MISSING
    rejection_reason: str | None
    hold_reason: HoldReason | NotDisclosed | None
    cancel_reason: CancelReason | NotDisclosed | None
    outcome: str | None
    """As the sender may know it: `not_disclosed` without a consent to feedback."""
    not_kept: NotKept | None
    """Why the outcome or reason that was sent, with any text, did not reach the sender. Null: outcome and
    reason did; a text beside a reason of the institution's own may still have been dropped."""
    revocation_acknowledged_at: datetime | None


class PartnerReferralLost(Read):
    """A referral that went out of sight: revoked, entered in error, or cancelled before an answer.

    Delete what was taken over of it; its own address says which it was, and takes the acknowledgement.
    """

    id: UUID
    lost: Literal[True]


class PartnerReferralPage(Page[PartnerReferralSummary | PartnerReferralLost]):
    """A page of the list, or with `since` of the feed."""

    more: bool | MISSING = MISSING
    """Of the feed: whether there is more at once. Its `next` is never null: ask with it again later."""


class ReceiptRead(Read):
    """One step, and the signed receipt of it."""

    id: UUID
    number: int
    at: datetime
    step: Step
    state: Task
    receipt: str
    """A compact JWS (ES256, `typ` kim-receipt+jwt) that the keys of `/v1/keys` verify."""


class PartnerReferralTaken(PartnerReferralRead):
    """The referral after a step of the institution, with the receipt of the step."""

    receipt: str
    """A compact JWS (ES256, `typ` kim-receipt+jwt) that the keys of `/v1/keys` verify."""


class PartnerReferralMoved(Read):
    """That a step was taken: all that a machine without `referrals:read` is told of the referral."""

    id: UUID
    state: Task
    version: int
    not_kept: NotKept | None
    """As in the answer to whoever may read it."""


class PartnerReferralStep(PartnerReferralMoved):
    """The same, with the receipt of the step."""

    receipt: str
    """A compact JWS (ES256, `typ` kim-receipt+jwt) that the keys of `/v1/keys` verify."""


StepTaken = PartnerReferralTaken | PartnerReferralStep
"""Beside the step the referral itself, for people and for machines that have `referrals:read`."""


class _Item(Input):
    id: UUID
    version: Annotated[int, Field(strict=True, ge=1, le=999_999_999)]
    """The version that was read, as If-Match says it elsewhere."""


class SimpleItem(_Item):
    """A step that needs nothing beside itself."""

    step: Literal["fetched", "accept", "start", "resume", "acknowledge-revocation"]


class RejectItem(_Item, ReferralReject):
    """Reject one."""

    step: Literal["reject"]


class HoldItem(_Item, ReferralHold):
    """Let one wait."""

    step: Literal["hold"]


class OutcomeItem(_Item, ReferralOutcome):
    """Finish one, or end it without success."""

    step: Literal["complete", "fail"]


class CancelItem(_Item, PartnerCancel):
    """Give one back."""

    step: Literal["cancel"]


BatchItem = Annotated[
    SimpleItem | RejectItem | HoldItem | OutcomeItem | CancelItem, Field(discriminator="step")
]


class PartnerBatch(Input):
    """Steps to take one after the other."""

    items: Annotated[list[BatchItem], Field(min_length=1, max_length=50)]


class BatchTaken(Read):
    """A step that was taken, now or when the batch was sent first; state and version are those of now."""

    status: Literal[200]
    id: UUID
    state: Task
    version: int
    not_kept: NotKept | None
    """As in the answer of the step's own address."""
    receipt: str


class BatchRefused(Read):
    """A step that was not taken, and why: what its own address would have answered."""

    status: int
    id: UUID
    problem: dict[str, Any]
    """Problem details, in the one shape of every refusal (`Problem` of the contract)."""


class BatchRead(Read):
    """What came of each step, in their order."""

    items: list[BatchTaken | BatchRefused]
