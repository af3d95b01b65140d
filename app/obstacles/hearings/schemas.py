"""Shapes of hearings."""

from datetime import date
from typing import Literal
from uuid import UUID

from app.kit.schema import Day, Input, Note, Read


class HearingOpen(Input):
    """Which computed or published release is shown, and until when institutions comment."""

    release_id: UUID
    comment_until: Day


class HearingComment(Input):
    """What the institution says; until the last day another one replaces it."""

    comment: Note


class HearingFigure(Read):
    """A protected figure about the institution's group: a value only where a release may show it."""

    barrier_type: str
    status: Literal["published", "zero", "suppressed", "not_collected"]
    value: int | None


class HearingRead(Read):
    """What an institution is shown of an obstacle, and what it says to it."""

    id: UUID
    obstacle_id: UUID
    release_id: UUID
    institution_id: UUID
    title: str
    description: str
    barrier_types: list[str]
    institution_group: str
    quarter: str
    figures: list[HearingFigure]
    comment_until: date
    comment: str | None
    commented_on: date | None
    version: int
