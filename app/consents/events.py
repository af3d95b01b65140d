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
