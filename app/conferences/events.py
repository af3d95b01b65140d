"""What others hear about conferences: ids only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class ColleagueInvited(Event):
    """A colleague takes part in a conference."""

    name: ClassVar[str] = "conference.colleague_invited"

    conference_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class ColleagueUninvited(Event):
    """A colleague takes part in a conference no longer."""

    name: ClassVar[str] = "conference.colleague_uninvited"

    conference_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class ConferenceMoved(Event):
    """A conference takes place at another time or place; `users` are the colleagues who will come."""

    name: ClassVar[str] = "conference.moved"

    conference_id: UUID
    users: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ConferenceCancelled(Event):
    """A conference does not take place; `users` are the colleagues who would have come."""

    name: ClassVar[str] = "conference.cancelled"

    conference_id: UUID
    users: tuple[UUID, ...]
