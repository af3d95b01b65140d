"""Reading obstacles: about nobody, so no journal. Who sees which is the policies' to say."""

from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    SQLColumnExpression,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute

from app.access.context import Context
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.obstacles.models import (
    Obstacle,
    ObstacleDecision,
    ObstacleLink,
    ObstacleMeasure,
    ObstacleMember,
    ObstacleStep,
)

_ITEM = select(
    Obstacle.id,
    Obstacle.title,
    Obstacle.barrier_types,
    Obstacle.institution_types,
    Obstacle.status,
    Obstacle.bundled_on,
    Obstacle.responsible_unit_id,
    Obstacle.due_on,
    Obstacle.merged_into_id,
    Obstacle.split_from_id,
    Obstacle.version,
)
_MEASURE = (
    ObstacleMeasure.id,
    ObstacleMeasure.obstacle_id,
    ObstacleMeasure.title,
    ObstacleMeasure.institution_id,
    ObstacleMeasure.unit_id,
    ObstacleMeasure.due_on,
    ObstacleMeasure.state,
    ObstacleMeasure.done_on,
    ObstacleMeasure.version,
)
DECISION = (
    ObstacleDecision.id,
    ObstacleDecision.obstacle_id,
    ObstacleDecision.decided_on,
    ObstacleDecision.minute,
    ObstacleDecision.text,
    ObstacleDecision.meeting_id,
)
_MEMBER = (
    ObstacleMember.id,
    ObstacleMember.obstacle_id,
    ObstacleMember.body,
    ObstacleMember.institution_id,
    ObstacleMember.unit_id,
    ObstacleMember.responsible,
    ObstacleMember.leads,
    ObstacleMember.joined_on,
    ObstacleMember.left_on,
    ObstacleMember.version,
)
_STEP = (
    ObstacleStep.obstacle_id,
    ObstacleStep.from_status,
    ObstacleStep.to_status,
    ObstacleStep.taken_on,
    ObstacleStep.reason,
)
_SIGNAL = (ObstacleLink.quarter, ObstacleLink.barrier_type, ObstacleLink.institution_group)

Part = (
    type[ObstacleDecision]
    | type[ObstacleLink]
    | type[ObstacleMeasure]
    | type[ObstacleMember]
    | type[ObstacleStep]
)


def as_object(columns: tuple[InstrumentedAttribute[Any], ...]) -> ColumnElement[Any]:
    named: list[tuple[ColumnElement[Any], SQLColumnExpression[Any]]] = [
        (literal_column(f"'{column.key}'"), column) for column in columns
    ]
    return func.json_build_object(*chain.from_iterable(named))


def _all(part: Part, value: SQLColumnExpression[Any], *conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Return the parts of one obstacle as a JSON list, in the order of their making.

    What was written of those merged into it is among them: it stays where it was written.
    """
    return (
        select(func.coalesce(func.json_agg(aggregate_order_by(value, part.id)), literal_column("'[]'::json")))
        .where(
            part.municipal_area_id == Obstacle.municipal_area_id,
            or_(part.obstacle_id == Obstacle.id, part.obstacle_id == func.any(Obstacle.absorbed_ids)),
            *conditions,
        )
        .correlate(Obstacle)
        .scalar_subquery()
    )


_OBSERVED = ObstacleLink.observation_id.is_not(None)
_FULL = _ITEM.add_columns(
    Obstacle.description,
    _all(ObstacleLink, ObstacleLink.observation_id, _OBSERVED).label("observation_ids"),
    _all(ObstacleLink, as_object(_SIGNAL), ~_OBSERVED).label("signals"),
    Obstacle.absorbed_ids.label("merged_ids"),
    _all(ObstacleMember, as_object(_MEMBER)).label("members"),
    _all(ObstacleMeasure, as_object(_MEASURE)).label("measures"),
    _all(ObstacleDecision, as_object(DECISION)).label("decisions"),
    _all(ObstacleStep, as_object(_STEP)).label("steps"),
)

ONE_OBSTACLE = One(_FULL.where(Obstacle.id == bindparam("id")))
OBSTACLES = Many(_ITEM, order=("id",), descending=True)
ONE_MEASURE = One(select(*_MEASURE).where(ObstacleMeasure.id == bindparam("id")))
ONE_DECISION = One(select(*DECISION).where(ObstacleDecision.id == bindparam("id")))
ONE_MEMBER = One(select(*_MEMBER).where(ObstacleMember.id == bindparam("id")))

_OUTCOME_MEASURE = (
    ObstacleMeasure.title,
    ObstacleMeasure.due_on,
    ObstacleMeasure.state,
    ObstacleMeasure.done_on,
)
_OUTCOME_DECISION = (ObstacleDecision.decided_on, ObstacleDecision.text)
_OUTCOME = select(
    Obstacle.id,
    Obstacle.title,
    Obstacle.barrier_types,
    Obstacle.institution_types,
    Obstacle.status,
    _all(ObstacleMeasure, as_object(_OUTCOME_MEASURE)).label("measures"),
    _all(ObstacleDecision, as_object(_OUTCOME_DECISION)).label("decisions"),
).where(Obstacle.merged_into_id.is_(None))
OUTCOMES = Many(_OUTCOME, order=("id",), descending=True)


async def read_obstacle(ctx: Context, obstacle_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_OBSTACLE.answer(ctx.db, status=status, id=obstacle_id)


async def list_obstacles(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return the obstacles that the actor may see, newest first."""
    return await OBSTACLES.answer(ctx.db, page)


async def read_measure(ctx: Context, measure_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_MEASURE.answer(ctx.db, status=status, id=measure_id)


async def read_decision(ctx: Context, decision_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_DECISION.answer(ctx.db, status=status, id=decision_id)


async def read_member(ctx: Context, member_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_MEMBER.answer(ctx.db, status=status, id=member_id)


async def list_outcomes(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return what became of what the actor reported, newest obstacle first."""
    return await OUTCOMES.answer(ctx.db, page)
