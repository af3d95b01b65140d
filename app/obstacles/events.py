"""What the obstacles package tells."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class ObstacleReopened(Event):
    """The rate rose again, so the system moved a checked obstacle back under review."""

    name: ClassVar[str] = "obstacle.reopened"

    obstacle_id: UUID
