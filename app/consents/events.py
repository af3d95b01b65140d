"""What others must hear at once about consents."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A consent has ended by the client's will; whoever relies on it stops in the same transaction."""

    name: ClassVar[str] = "consent.withdrawn"
    consent_id: UUID
    client_id: UUID
    case_id: UUID | None
    purpose: str
    pseudonym: UUID
    by: UUID
    """Who took it down."""


@dataclass(frozen=True, slots=True)
class ConsentRenewed(Event):
    """A consent follows another one: what rested on that one may rest on it."""

    name: ClassVar[str] = "consent.renewed"
    consent_id: UUID
    client_id: UUID


@dataclass(frozen=True, slots=True)
class WithdrawalTaken(Event):
    """Somebody has told a withdrawal; perhaps nobody could be found who said so."""

    name: ClassVar[str] = "withdrawal.taken"
    withdrawal_id: UUID
