"""Shapes of what is similar, here and elsewhere."""

from typing import Literal
from uuid import UUID

from app.kit.schema import Read
from app.obstacles.schemas import Status


class SimilarityReason(Read):
    """Why two are similar: by a type or category, a kind or group of institutions, or by shared words."""

    kind: Literal[
        "same_barrier_type",
        "same_barrier_category",
        "same_institution_type",
        "same_institution_group",
        "shared_words",
    ]
    values: list[str]
    """The codes, or the words as they stand in the other text."""


class SimilarObservation(Read):
    """An observation beside another, with what they have in common and the obstacles that it belongs to."""

    id: UUID
    institution_type: str
    barrier_type: str
    quarter: str
    text: str
    obstacle_ids: list[UUID]
    reasons: list[SimilarityReason]


class SimilarObstacle(Read):
    """An obstacle beside another, with what they have in common."""

    id: UUID
    title: str
    status: Status
    reasons: list[SimilarityReason]


class SimilarRead(Read):
    """What is similar, most similar first: at most fifty of each."""

    observations: list[SimilarObservation]
    obstacles: list[SimilarObstacle]


class ObstacleElsewhere(Read):
    """In how many other areas an obstacle of this type and kind of institution is this far: codes only."""

    barrier_type: str
    institution_type: str
    status: Status
    areas: int


class ElsewhereRead(Read):
    """How far obstacles like this one are in other areas."""

    items: list[ObstacleElsewhere]
