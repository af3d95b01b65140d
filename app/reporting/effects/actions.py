"""Checking the effect of an obstacle's measures, by the quarters that the rule names."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import WrongState
from app.kit.ids import new_id
from app.obstacles.effect_models import ObstacleEffectCheck
from app.obstacles.models import Obstacle
from app.obstacles.rules import CARRIED_OUT, following
from app.reporting.effects.comparing import About, as_json, change_of, compare, published_quarters
from app.reporting.effects.rules import pairs_for_check


async def check_effect(ctx: Context, obstacle_id: UUID) -> UUID:
    """Compare the published rates before and after the measures and keep it; 409 until they are done."""
    obstacle = await locked(ctx.db, Obstacle, obstacle_id)
    change = await change_of(ctx.db, obstacle_id)
    if obstacle.status not in CARRIED_OUT or change is None:
        raise WrongState(
            "An effect is checked once the measures are carried out.",
            state=obstacle.status,
            allowed=following(obstacle.status),
        )
    about = About(obstacle_id, obstacle.barrier_types, obstacle.institution_types)
    pairs = pairs_for_check(await published_quarters(ctx.db), change)
    found = await compare(ctx.db, about, pairs)
    check = ObstacleEffectCheck(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        obstacle_id=obstacle_id,
        made_on=local_date(ctx.now),
        made_by=ctx.actor.user_id,
        before=as_json(found.before),
        after=as_json(found.after),
        conclusion=found.verdict.conclusion,
        no_conclusion_reason=found.verdict.reason,
    )
    ctx.db.add(check)
    await journal.record(ctx.db, "obstacle.check_effect", "obstacle", obstacle_id)
    return check.id
