"""Shapes of referrals for the addressed institution."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.kit.schema import Code, Input, Note, Read
from app.referrals.rules import Delivery, Task
from app.referrals.schemas import CancelReason, ConcernRead, HoldReason, NotDisclosed, PackageContent, Urgency


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
    concern: ConcernRead | None
    """Null while the package cannot be read: rejected, expired, ended, or the consent has run out."""


class PartnerReferralRead(PartnerReferralSummary):
    """A referral as the institution sees it: the frozen package and its own steps."""

    channel: Literal["platform"]
    package: PackageContent | None
    package_sha256: str | None
    rejection_reason: str | None
    hold_reason: HoldReason | NotDisclosed | None
    cancel_reason: CancelReason | NotDisclosed | None
    outcome: str | None
    """As the sender may know it: `not_disclosed` without a consent to feedback."""
    revocation_acknowledged_at: datetime | None
    version: int
