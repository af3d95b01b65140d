"""What the reporting package tells."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.kit.events import Event


@dataclass(frozen=True, slots=True)
class ReleaseRequested(Event):
    """A coordinator asked for a release."""

    name: ClassVar[str] = "release.requested"

    release_id: UUID


@dataclass(frozen=True, slots=True)
class ReleasePublished(Event):
    """A second coordinator published a release."""

    name: ClassVar[str] = "release.published"

    release_id: UUID
