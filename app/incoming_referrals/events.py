"""What others hear about incoming referrals: ids and codes."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class IncomingReferralMoved(Event):
    """One side took a step; `step` and `state` as in the rules."""

    name: ClassVar[str] = "incoming_referral.moved"
    incoming_id: UUID
    institution_id: UUID
    unit_id: UUID
    step: str
    state: str


@dataclass(frozen=True, slots=True)
class IncomingReferralAssigned(Event):
    """A team lead gave it to a case manager."""

    name: ClassVar[str] = "incoming_referral.assigned"
    incoming_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class IncomingReminderDue(Event):
    """Nobody has answered: `level` 1 is a reminder, from 2 on the deadline has passed."""

    name: ClassVar[str] = "incoming_referral.reminder_due"
    incoming_id: UUID
    institution_id: UUID
    unit_id: UUID
    state: str
    level: int
