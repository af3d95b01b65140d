"""What other packages hear about a case: ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """A case takes no further entries; its retention starts.

    `settled` names the kinds of open things that end with it (`Settling`).
    """

    name: ClassVar[str] = "case.closed"

    case_id: UUID
    client_id: UUID
    settled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseSettled(CaseClosed):
    """What a transfer left open in a closed case ends now; its retention runs already."""

    name: ClassVar[str] = "case.settled"


@dataclass(frozen=True, slots=True)
class CaseReopened(Event):
    """A closed case goes on, within its retention."""

    name: ClassVar[str] = "case.reopened"

    case_id: UUID
    client_id: UUID


@dataclass(frozen=True, slots=True)
class HandoverAcknowledged(Event):
    """The new lead of a case has taken over what is open."""

    name: ClassVar[str] = "case.handover_acknowledged"

    handover_id: UUID
    case_id: UUID
    assigned_by: UUID


@dataclass(frozen=True, slots=True)
class LeadChangedAlone(Event):
    """Somebody took over a case of somebody hidden, or named its lead: somebody else must review that.

    `reason` is said by who named somebody else.
    """

    name: ClassVar[str] = "case.lead_changed_alone"

    handover_id: UUID
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class GlassBroken(Event):
    """A team lead looks at a case without being assigned to it: somebody else must review why."""

    name: ClassVar[str] = "case.glass_broken"

    assignment_id: UUID
    case_id: UUID
