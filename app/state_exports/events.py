"""What the worker does next with an export."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class StateExportRequested(Event):
    """Somebody asks what would leave."""

    name: ClassVar[str] = "state_export.requested"
    export_id: UUID


@dataclass(frozen=True, slots=True)
class StateExportReleased(Event):
    """A second person has released it: the file is composed."""

    name: ClassVar[str] = "state_export.released"
    export_id: UUID
