"""What follows the removal of a document."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class DocumentRemoved(Event):
    """A document is a tombstone now; its bytes are worth nothing without their key and go next."""

    name: ClassVar[str] = "document.removed"
    document_id: UUID
    blob_id: UUID
