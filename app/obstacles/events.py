"""What others hear about obstacles."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class ObstacleReopened(Event):
    """The rate rose again, so the system moved a checked obstacle back under review."""

    name: ClassVar[str] = "obstacle.reopened"

    obstacle_id: UUID


@dataclass(frozen=True, slots=True)
class ObstacleMoved(Event):
    """An obstacle has come to a status that those hear of who reported what it rests on."""

    name: ClassVar[str] = "obstacle.moved"
    obstacle_id: UUID


@dataclass(frozen=True, slots=True)
class HearingOpened(Event):
    """Institutions are shown what a release says about their group."""

    name: ClassVar[str] = "obstacle.hearing_opened"
    obstacle_id: UUID
    release_id: UUID


@dataclass(frozen=True, slots=True)
class HearingCommented(Event):
    """An institution has commented."""

    name: ClassVar[str] = "obstacle.hearing_commented"
    hearing_id: UUID
