"""What others hear about the team inbox."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class ReferralHandedOn(Event):
    """A colleague has put somebody in charge of a referral, or has taken it over from them."""

    name: ClassVar[str] = "referral.handed_on"
    referral_id: UUID
    to: UUID
    """Who is told: who has it now, or from whom it was taken."""
