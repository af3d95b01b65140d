"""What other packages hear about a case: ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """A case takes no further entries; its retention starts."""

    name: ClassVar[str] = "case.closed"

    case_id: UUID
    client_id: UUID


@dataclass(frozen=True, slots=True)
class CaseReopened(Event):
    """A closed case goes on, within its retention."""

    name: ClassVar[str] = "case.reopened"

    case_id: UUID
    client_id: UUID


@dataclass(frozen=True, slots=True)
class GlassBroken(Event):
    """A team lead looks at a case without being assigned to it: somebody else must review why."""

    name: ClassVar[str] = "case.glass_broken"

    assignment_id: UUID
    case_id: UUID
