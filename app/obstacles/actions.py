"""Bundling, describing and moving obstacles on; their measures and decisions."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import flag_modified

from app.access.context import Context
from app.audit import journal
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Conflict, Incomplete, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.obstacles.effect_models import ObstacleEffectCheck
from app.obstacles.events import ObstacleMoved
from app.obstacles.links import link_observations, link_signals
from app.obstacles.meetings.decided import require_on_agenda
from app.obstacles.models import Obstacle, ObstacleDecision, ObstacleMeasure, ObstacleStep
from app.obstacles.rules import (
    CARRIED_OUT,
    IN_WORDS,
    OUTCOMES,
    TOO_FEW_QUARTERS,
    Facts,
    following,
    leading_to,
    missing_for,
    step_between,
)
from app.obstacles.schemas import (
    DecisionRecord,
    ObstacleChange,
    ObstacleCreate,
    ObstacleMeasureChange,
    ObstacleMeasureCreate,
    StepTake,
)
from app.obstacles.wording import require_impersonal
from app.obstacles.writing import add_step, check_codes, require_not_merged, require_one_place

_DEADLINE = "The deadline"
_MEASURE_STATES = select(ObstacleMeasure.state).where(ObstacleMeasure.obstacle_id == bindparam("id"))
_LAST_STEP = (
    select(ObstacleStep.id)
    .where(ObstacleStep.obstacle_id == bindparam("id"))
    .order_by(ObstacleStep.id.desc())
    .limit(1)
    .scalar_subquery()
)
_DECIDED_SINCE_LAST_STEP = select(
    select(ObstacleDecision.id)
    .where(ObstacleDecision.obstacle_id == bindparam("id"), ObstacleDecision.id > _LAST_STEP)
    .exists()
)
_CHECKED_SINCE_LAST_STEP = select(
    select(ObstacleEffectCheck.id)
    .where(
        ObstacleEffectCheck.obstacle_id == bindparam("id"),
        ObstacleEffectCheck.id > _LAST_STEP,
        ObstacleEffectCheck.no_conclusion_reason.is_distinct_from(TOO_FEW_QUARTERS),
    )
    .exists()
)


async def create_obstacle(ctx: Context, body: ObstacleCreate) -> UUID:
    """Bundle observations and signals into an obstacle; 422 for what cannot be seen or is not over."""
    check_codes(body.barrier_types, body.institution_types)
    require_impersonal({"title": body.title, "description": body.description})
    obstacle = Obstacle(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        created_by=ctx.actor.user_id,
        **body.model_dump(exclude={"observation_ids", "signals"}),
    )
    ctx.db.add(obstacle)
    await ctx.db.flush()
    await link_observations(ctx, obstacle.id, body.observation_ids)
    await link_signals(ctx, obstacle.id, body.signals)
    add_step(ctx, obstacle.id, None, "reported", None)
    await journal.record(ctx.db, "obstacle.create", "obstacle", obstacle.id)
    return obstacle.id


async def change_obstacle(ctx: Context, obstacle_id: UUID, body: ObstacleChange, expected: Expected) -> None:
    """Change an obstacle and what it rests on."""
    obstacle = await locked(ctx.db, Obstacle, obstacle_id, expected)
    require_not_merged(obstacle)
    check_codes(body.barrier_types or (), body.institution_types or ())
    require_impersonal({"title": body.title, "description": body.description})
    require_not_past(body.due_on, local_date(ctx.now), "body.due_on", before=obstacle.due_on, what=_DEADLINE)
    changes = body.model_dump(exclude_unset=True)
    required = ("title", "description", "barrier_types", "institution_types")
    links = {name: changes.pop(name) for name in ("observation_ids", "signals") if name in changes}
    if None in links.values():
        raise Invalid.at("body", "missing", "A list cannot be null.")
    changed = apply(obstacle, changes, required=required) if changes or not links else []
    if links:
        flag_modified(obstacle, "title")  # other links make another version of the obstacle
    if body.observation_ids is not None:
        await link_observations(ctx, obstacle_id, body.observation_ids)
    if body.signals is not None:
        await link_signals(ctx, obstacle_id, body.signals)
    await journal.record(ctx.db, "obstacle.change", "obstacle", obstacle_id, changed=[*changed, *links])


async def take_step(ctx: Context, obstacle_id: UUID, body: StepTake, expected: Expected) -> UUID:
    """Move an obstacle on; 409 for a step that does not exist, or naming what it needs."""
    obstacle = await locked(ctx.db, Obstacle, obstacle_id, expected)
    step = step_between(obstacle.status, body.to)
    if step is None:
        detail = f"An obstacle gets there only from: {', '.join(leading_to(body.to))}."
        raise WrongState(detail, state=obstacle.status, allowed=following(obstacle.status))
    require_impersonal({"reason": body.reason}, decisions={"minute": body.minute, "decision": body.decision})
    today = local_date(ctx.now)
    decided = body.decided_on is not None and body.minute is not None
    if body.decided_on is not None and body.decided_on > today:
        raise Invalid.at("body.decided_on", "in_the_future", "A decision is recorded after it was taken.")
    require_not_past(body.due_on, today, "body.due_on", before=obstacle.due_on, what=_DEADLINE)
    if body.responsible_unit_id is not None:
        obstacle.responsible_unit_id = body.responsible_unit_id
    obstacle.due_on = body.due_on or obstacle.due_on
    facts = Facts(
        responsible_unit=obstacle.responsible_unit_id is not None,
        due_on=obstacle.due_on,
        reason=body.reason is not None,
        measure_states=tuple(await ctx.db.scalars(_MEASURE_STATES.params(id=obstacle_id))),
        decided=decided or await ctx.db.scalar(_DECIDED_SINCE_LAST_STEP.params(id=obstacle_id)),
        effect_check=await ctx.db.scalar(_CHECKED_SINCE_LAST_STEP.params(id=obstacle_id)),
    )
    missing = missing_for(step, facts)
    if missing:
        words = ", ".join(IN_WORDS[each] for each in missing)
        raise Incomplete(f"This step needs more: {words}.", missing=missing)
    if decided and body.to == "decided":
        text = body.decision or body.minute
        await require_on_agenda(ctx, body.meeting_id, obstacle, body.decided_on)
        values = {"decided_on": body.decided_on, "minute": body.minute, "meeting_id": body.meeting_id}
        ctx.db.add(_decision(ctx, obstacle_id, {**values, "text": text}))
    add_step(ctx, obstacle_id, obstacle.status, body.to, body.reason)
    obstacle.status = body.to
    if body.to == "bundled" and obstacle.bundled_on is None:
        obstacle.bundled_on = today
    await journal.record(ctx.db, "obstacle.step", "obstacle", obstacle_id, changed=["status"])
    if body.to in OUTCOMES:
        await ctx.publish(ObstacleMoved(obstacle_id=obstacle_id))
    return obstacle_id


async def add_measure(ctx: Context, obstacle_id: UUID, body: ObstacleMeasureCreate) -> UUID:
    """Add a measure; 422 unless exactly one institution or unit is responsible."""
    require_not_merged(await locked(ctx.db, Obstacle, obstacle_id))
    require_one_place(body.institution_id, body.unit_id)
    require_impersonal({"title": body.title})
    require_not_past(body.due_on, local_date(ctx.now), "body.due_on", what=_DEADLINE)
    measure = ObstacleMeasure(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        obstacle_id=obstacle_id,
        **body.model_dump(),
    )
    ctx.db.add(measure)
    await journal.record(ctx.db, "obstacle_measure.add", "obstacle_measure", measure.id)
    return measure.id


async def change_measure(
    ctx: Context, obstacle_id: UUID, measure_id: UUID, body: ObstacleMeasureChange, expected: Expected
) -> None:
    """Change a measure; a finished one carries the day.

    What was carried out stays so: 409 for another state until the obstacle is sent back.
    """
    obstacle = await locked(ctx.db, Obstacle, obstacle_id)
    measure = await locked(ctx.db, ObstacleMeasure, measure_id, expected)
    if measure.obstacle_id != obstacle_id:
        raise NotFound
    require_impersonal({"title": body.title})
    require_not_past(body.due_on, local_date(ctx.now), "body.due_on", before=measure.due_on, what=_DEADLINE)
    changed = apply(measure, body.model_dump(exclude_unset=True), required=("title", "state"))
    if "state" in changed and obstacle.status in CARRIED_OUT:
        raise WrongState(
            "What was carried out stays so: send the obstacle back, with the reason.",
            state=obstacle.status,
            allowed=following(obstacle.status),
        )
    require_one_place(measure.institution_id, measure.unit_id)
    if "state" in changed:
        measure.done_on = local_date(ctx.now) if measure.state == "done" else None
    await journal.record(ctx.db, "obstacle_measure.change", "obstacle_measure", measure_id, changed=changed)


async def record_decision(ctx: Context, obstacle_id: UUID, body: DecisionRecord) -> UUID:
    """Record what the steering group decided; the status moves by its own step."""
    obstacle = await locked(ctx.db, Obstacle, obstacle_id)
    require_not_merged(obstacle)
    require_impersonal({}, decisions={"minute": body.minute, "text": body.text})
    if obstacle.bundled_on is None:
        raise Conflict("The steering group reads an obstacle once it is bundled.", code="not_bundled")
    if body.decided_on > local_date(ctx.now):
        raise Invalid.at("body.decided_on", "in_the_future", "A decision is recorded after it was taken.")
    await require_on_agenda(ctx, body.meeting_id, obstacle, body.decided_on)
    decision = _decision(ctx, obstacle_id, body.model_dump())
    ctx.db.add(decision)
    await journal.record(ctx.db, "obstacle_decision.record", "obstacle_decision", decision.id)
    return decision.id


def _decision(ctx: Context, obstacle_id: UUID, values: dict[str, Any]) -> ObstacleDecision:
    return ObstacleDecision(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        obstacle_id=obstacle_id,
        recorded_by=ctx.actor.user_id,
        **values,
    )
