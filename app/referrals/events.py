"""What others hear about referrals: ids and codes. Whoever hears looks up the rest with their own rights."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class ReferralSent(Event):
    """A package lies ready for its recipient, or was sent back for a second look."""

    name: ClassVar[str] = "referral.sent"
    referral_id: UUID
    institution_id: UUID
    channel: str
    again: bool = False
    """Sent back for a second look."""


@dataclass(frozen=True, slots=True)
class ReferralSentInEmergency(Event):
    """Data left for vital interests on the word of one person: a second one reviews it afterwards."""

    name: ClassVar[str] = "referral.sent_in_emergency"
    referral_id: UUID


@dataclass(frozen=True, slots=True)
class ReferralAnswered(Event):
    """The recipient accepted or rejected."""

    name: ClassVar[str] = "referral.answered"
    referral_id: UUID
    institution_id: UUID
    state: str
    reason: str | None
    recorded_by: UUID | None = None
    """Whoever of the team wrote it down; none where the recipient answered by itself."""


@dataclass(frozen=True, slots=True)
class ReferralCompleted(Event):
    """The recipient's work has ended, `completed` or `failed`."""

    name: ClassVar[str] = "referral.completed"
    referral_id: UUID
    institution_id: UUID
    state: str
    outcome: str
    recorded_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReferralCancelled(Event):
    """One side ended it (`sender` or `recipient`), or the sender entered it in error."""

    name: ClassVar[str] = "referral.cancelled"
    referral_id: UUID
    institution_id: UUID
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class ReferralRevoked(Event):
    """The consent behind it was withdrawn or has run out: both sides must be told."""

    name: ClassVar[str] = "referral.revoked"
    referral_id: UUID
    institution_id: UUID
    from_state: str


@dataclass(frozen=True, slots=True)
class ReferralExpired(Event):
    """Nobody answered on the platform within the deadline."""

    name: ClassVar[str] = "referral.expired"
    referral_id: UUID
    institution_id: UUID


@dataclass(frozen=True, slots=True)
class ReferralReminderDue(Event):
    """The recipient has not answered by a day of reminder."""

    name: ClassVar[str] = "referral.reminder_due"
    referral_id: UUID
    institution_id: UUID
    day: int


@dataclass(frozen=True, slots=True)
class ReferralRecalled(Event):
    """The consent ended: the recipient is asked what becomes of the data, off the platform by the team."""

    name: ClassVar[str] = "referral.recalled"
    referral_id: UUID
    institution_id: UUID
    channel: str


@dataclass(frozen=True, slots=True)
class RecallAnswered(Event):
    """The recipient has said what became of the data."""

    name: ClassVar[str] = "referral.recall_answered"
    referral_id: UUID
    institution_id: UUID
    account: str


@dataclass(frozen=True, slots=True)
class RecallOverdue(Event):
    """Nothing has come from the recipient in time."""

    name: ClassVar[str] = "referral.recall_overdue"
    referral_id: UUID
    institution_id: UUID


@dataclass(frozen=True, slots=True)
class ReferralNotRenewed(Event):
    """The consent behind it was renewed and the new one does not cover it: it ends with the old one."""

    name: ClassVar[str] = "referral.not_renewed"
    referral_id: UUID


@dataclass(frozen=True, slots=True)
class InvitationProposed(Event):
    """Somebody refers to an institution beside the platform and would like it to join."""

    name: ClassVar[str] = "institution.invitation_proposed"
    institution_id: UUID
