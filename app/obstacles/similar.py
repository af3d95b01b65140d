"""What is similar to an observation or an obstacle, with the reasons: for the coordination to bundle.

Observations are made to be shared and listed whole anyway; single reports are not looked at, and neither the
order nor a number tells of them. Of other areas there are codes and numbers of areas, and nothing else.
Texts are compared beside the event loop: thousands take seconds.
"""

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.kit.errors import NotFound
from app.obstacles.similar_schemas import (
    ElsewhereRead,
    ObstacleElsewhere,
    SimilarityReason,
    SimilarObservation,
    SimilarObstacle,
    SimilarRead,
)
from app.obstacles.similarity import ENOUGH, Reason, Subject, reasons, weight

_SHOWN = 50
# The newest quarters first, and then at random: what is left out beyond that many tells no time.
_OBSERVATIONS = """SELECT o.id, o.institution_type, o.barrier_type, o.quarter, o.text,
    ARRAY(SELECT l.obstacle_id FROM obstacle_links l
        WHERE l.municipal_area_id = o.municipal_area_id AND l.observation_id = o.id
        ORDER BY l.obstacle_id) AS obstacle_ids
FROM observations o WHERE o.municipal_area_id = ctx_area() ORDER BY o.quarter DESC, o.id LIMIT 5000"""
_OBSTACLES = """SELECT o.id, o.title, o.description, o.status, o.barrier_types, o.institution_types
FROM obstacles o WHERE o.municipal_area_id = ctx_area() AND o.status <> 'merged'
ORDER BY o.id DESC LIMIT 5000"""
_SEEN = "SELECT EXISTS (SELECT FROM obstacles WHERE municipal_area_id = ctx_area() AND id = $1)"
_ELSEWHERE = "SELECT * FROM obstacles_elsewhere($1) ORDER BY barrier_type, institution_type, status"


async def similar_to_observation(ctx: Context, observation_id: UUID) -> SimilarRead:
    """Return what is similar to an observation; 404 for one that cannot be seen."""
    driver = await ctx.db.driver()
    observations = await driver.fetch(_OBSERVATIONS)
    this = next((_observed(row) for row in observations if row["id"] == observation_id), None)
    if this is None:
        raise NotFound
    others = [row for row in observations if row["id"] != observation_id]
    return await asyncio.to_thread(_beside, this, others, await driver.fetch(_OBSTACLES))


async def similar_to_obstacle(ctx: Context, obstacle_id: UUID) -> SimilarRead:
    """Return what is similar to an obstacle and not part of it; 404 for one that cannot be seen."""
    driver = await ctx.db.driver()
    obstacles = await driver.fetch(_OBSTACLES)
    this = next((_bundled(row) for row in obstacles if row["id"] == obstacle_id), None)
    if this is None:
        raise NotFound
    others = [row for row in obstacles if row["id"] != obstacle_id]
    outside = [row for row in await driver.fetch(_OBSERVATIONS) if obstacle_id not in row["obstacle_ids"]]
    return await asyncio.to_thread(_beside, this, outside, others)


async def elsewhere(ctx: Context, obstacle_id: UUID) -> ElsewhereRead:
    """Return in how many other areas something like it is how far; 404 for one that cannot be seen."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_SEEN, obstacle_id):
        raise NotFound
    rows = await driver.fetch(_ELSEWHERE, obstacle_id)
    return ElsewhereRead(items=[ObstacleElsewhere(**dict(row)) for row in rows])


def _beside(this: Subject, observations: Iterable[Any], obstacles: Iterable[Any]) -> SimilarRead:
    return SimilarRead(
        observations=[
            SimilarObservation(**dict(row), reasons=told)
            for row, told in _nearest((row, reasons(this, _observed(row))) for row in observations)
        ],
        obstacles=[
            SimilarObstacle(id=row["id"], title=row["title"], status=row["status"], reasons=told)
            for row, told in _nearest((row, reasons(this, _bundled(row))) for row in obstacles)
        ],
    )


def _nearest(found: Iterable[tuple[Any, list[Reason]]]) -> list[tuple[Any, list[SimilarityReason]]]:
    """Return those that have enough in common, the most similar first."""
    near = sorted(
        ((weight(why), row, why) for row, why in found if weight(why) >= ENOUGH),
        key=lambda each: (-each[0], each[1]["id"]),
    )
    return [
        (row, [SimilarityReason(kind=reason.kind, values=list(reason.values)) for reason in why])
        for _, row, why in near[:_SHOWN]
    ]


def _observed(row: Any) -> Subject:
    return Subject(frozenset({row["barrier_type"]}), frozenset({row["institution_type"]}), (row["text"],))


def _bundled(row: Any) -> Subject:
    return Subject(
        frozenset(row["barrier_types"]),
        frozenset(row["institution_types"]),
        (row["title"], row["description"]),
    )
