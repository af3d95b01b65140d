"""Obstacles, measures and decisions over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.places import place_before
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch, IfMatchOptional
from app.obstacles import actions, bundling, members, queries, similar
from app.obstacles.schemas import (
    DecisionRead,
    DecisionRecord,
    ObstacleChange,
    ObstacleCreate,
    ObstacleItem,
    ObstacleMeasureChange,
    ObstacleMeasureCreate,
    ObstacleMeasureRead,
    ObstacleMemberAdd,
    ObstacleMemberChange,
    ObstacleMemberRead,
    ObstacleMerge,
    ObstacleRead,
    ObstacleSplit,
    OutcomeRead,
    StepTake,
)
from app.obstacles.similar_schemas import ElsewhereRead, SimilarRead

router = Router(prefix="/v1/obstacles", tags=["obstacles"])

around = Router(prefix="/v1", tags=["obstacles"])

Reader = Annotated[Context, allow(Permission.OBSTACLE_READ)]
Worker = Annotated[Context, allow(Permission.OBSTACLE_WORK)]
_IN_TURN = place_before("comparing_places", 30.0, "Many texts are being compared: ask again.")


@router.get("", response_model=Page[ObstacleItem])
async def list_obstacles(ctx: Reader, page: Paging) -> JsonBytes:
    """List the obstacles, newest first; the steering group sees those that were bundled."""
    return await queries.list_obstacles(ctx, page)


@router.post("", status_code=201, response_model=ObstacleRead)
async def create_obstacle(ctx: Worker, once: Idempotent, body: ObstacleCreate) -> JsonBytes:
    """Bundle observations and signals into an obstacle."""
    obstacle_id = await once.run(ctx.db, actions.create_obstacle(ctx, body))
    return await queries.read_obstacle(ctx, obstacle_id, status=201)


@router.get("/{obstacle_id}", response_model=ObstacleRead)
async def read_obstacle(ctx: Reader, obstacle_id: UUID) -> JsonBytes:
    """Read one obstacle with its measures, decisions and steps."""
    return await queries.read_obstacle(ctx, obstacle_id)


@router.patch("/{obstacle_id}", response_model=ObstacleRead)
async def change_obstacle(
    ctx: Worker, expected: IfMatch, obstacle_id: UUID, body: ObstacleChange
) -> JsonBytes:
    """Change an obstacle and what it rests on."""
    await actions.change_obstacle(ctx, obstacle_id, body, expected)
    return await queries.read_obstacle(ctx, obstacle_id)


@router.post("/{obstacle_id}/status", response_model=ObstacleRead)
async def take_obstacle_step(
    ctx: Worker, once: Idempotent, expected: IfMatchOptional, obstacle_id: UUID, body: StepTake
) -> JsonBytes:
    """Move an obstacle on."""
    await once.run(ctx.db, actions.take_step(ctx, obstacle_id, body, expected))
    return await queries.read_obstacle(ctx, obstacle_id)


@router.get("/{obstacle_id}/similar", dependencies=[_IN_TURN])
async def list_similar_to_obstacle(ctx: Worker, obstacle_id: UUID) -> SimilarRead:
    """List observations and obstacles that are similar to an obstacle, each with the reasons."""
    return await similar.similar_to_obstacle(ctx, obstacle_id)


@around.get("/observations/{observation_id}/similar", dependencies=[_IN_TURN])
async def list_similar_to_observation(
    ctx: Annotated[Context, allow(Permission.OBSERVATION_READ)], observation_id: UUID
) -> SimilarRead:
    """List observations and obstacles that are similar to an observation, each with the reasons."""
    return await similar.similar_to_observation(ctx, observation_id)


@router.get("/{obstacle_id}/elsewhere")
async def list_obstacles_elsewhere(ctx: Worker, obstacle_id: UUID) -> ElsewhereRead:
    """List in how many other areas obstacles of the same types and kinds of institutions are how far."""
    return await similar.elsewhere(ctx, obstacle_id)


@router.post("/{obstacle_id}/merge", response_model=ObstacleRead)
async def merge_obstacles(
    ctx: Worker, once: Idempotent, expected: IfMatchOptional, obstacle_id: UUID, body: ObstacleMerge
) -> JsonBytes:
    """Merge another obstacle into this one."""
    await once.run(ctx.db, bundling.merge_obstacles(ctx, obstacle_id, body, expected))
    return await queries.read_obstacle(ctx, obstacle_id)


@router.post("/{obstacle_id}/split", status_code=201, response_model=ObstacleRead)
async def split_obstacle(
    ctx: Worker, once: Idempotent, expected: IfMatchOptional, obstacle_id: UUID, body: ObstacleSplit
) -> JsonBytes:
    """Split chosen observations and signals off as an obstacle of their own."""
    part_id = await once.run(ctx.db, bundling.split_obstacle(ctx, obstacle_id, body, expected))
    return await queries.read_obstacle(ctx, part_id, status=201)


@router.post("/{obstacle_id}/members", status_code=201, response_model=ObstacleMemberRead)
async def add_obstacle_member(
    ctx: Worker, once: Idempotent, obstacle_id: UUID, body: ObstacleMemberAdd
) -> JsonBytes:
    """Add an office to the working group or the project group."""
    member_id = await once.run(ctx.db, members.add_member(ctx, obstacle_id, body))
    return await queries.read_member(ctx, member_id, status=201)


@router.patch("/{obstacle_id}/members/{member_id}", response_model=ObstacleMemberRead)
async def change_obstacle_member(
    ctx: Worker, expected: IfMatch, obstacle_id: UUID, member_id: UUID, body: ObstacleMemberChange
) -> JsonBytes:
    """Change who answers for an office in a group, or since when it takes part no more."""
    await members.change_member(ctx, obstacle_id, member_id, body, expected)
    return await queries.read_member(ctx, member_id)


@around.get("/me/outcomes", response_model=Page[OutcomeRead])
async def list_outcomes(ctx: Annotated[Context, allow(Permission.OUTCOME_READ)], page: Paging) -> JsonBytes:
    """List what became of the barriers that one reported, newest obstacle first."""
    return await queries.list_outcomes(ctx, page)


@router.post("/{obstacle_id}/measures", status_code=201, response_model=ObstacleMeasureRead)
async def add_obstacle_measure(
    ctx: Worker, once: Idempotent, obstacle_id: UUID, body: ObstacleMeasureCreate
) -> JsonBytes:
    """Add a measure."""
    measure_id = await once.run(ctx.db, actions.add_measure(ctx, obstacle_id, body))
    return await queries.read_measure(ctx, measure_id, status=201)


@router.patch("/{obstacle_id}/measures/{measure_id}", response_model=ObstacleMeasureRead)
async def change_obstacle_measure(
    ctx: Worker, expected: IfMatch, obstacle_id: UUID, measure_id: UUID, body: ObstacleMeasureChange
) -> JsonBytes:
    """Change a measure."""
    await actions.change_measure(ctx, obstacle_id, measure_id, body, expected)
    return await queries.read_measure(ctx, measure_id)


@router.post("/{obstacle_id}/decisions", status_code=201, response_model=DecisionRead)
async def record_obstacle_decision(
    ctx: Annotated[Context, allow(Permission.OBSTACLE_DECIDE)],
    once: Idempotent,
    obstacle_id: UUID,
    body: DecisionRecord,
) -> JsonBytes:
    """Record what the steering group decided."""
    decision_id = await once.run(ctx.db, actions.record_decision(ctx, obstacle_id, body))
    return await queries.read_decision(ctx, decision_id, status=201)
