"""What is told of messages: ids and codes, never a word of them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class ReferralMessaged(Event):
    """One side (`by`) wrote, asked, answered, declined or withdrew: the other side is told."""

    name: ClassVar[str] = "referral.messaged"
    referral_id: UUID
    institution_id: UUID
    message_id: UUID
    by: str
    step: str
