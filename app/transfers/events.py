"""What others hear about transfers: ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class TransferReceived(Event):
    """Client and case were made at the receiving unit: the sender's case ends in the same transaction."""

    name: ClassVar[str] = "transfer.received"
    transfer_id: UUID
    case_id: UUID
    """Of the case that was made."""
    document_ids: tuple[UUID, ...] = ()
    """The sender's ids of the documents that went along."""
