"""What the other packages may want to know of persons."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class PossibleDuplicate(Event):
    """Somebody looked for duplicates in the whole area.

    Published for every check, before anybody has looked elsewhere. Whom it may mean in other units the worker
    finds with `app.clients.elsewhere.found_elsewhere`.
    """

    name: ClassVar[str] = "possible_duplicate"

    check_id: UUID


@dataclass(frozen=True, slots=True)
class LegalDomainChanged(Event):
    """What a person lives on has changed, say from AsylbLG to SGB II: here most barriers arise."""

    name: ClassVar[str] = "legal_domain_changed"

    client_id: UUID
    before: str
    after: str
    changed_on: date
    """The first day of the other."""
    days_without: int
    """Days between the last of the one and the first of the other."""


@dataclass(frozen=True, slots=True)
class LegalDomainChangeCorrected(Event):
    """A change that was told did not come about: its period was withdrawn, or begins on another day."""

    name: ClassVar[str] = "legal_domain_change_corrected"

    client_id: UUID
    after: str
    changed_on: date
    """The first day, as it was told."""
    moved_to: date | None = None
    """The day on which it did come about; None: it did not."""
    days_without: int = 0
