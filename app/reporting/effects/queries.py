"""Reading effect checks: about nobody, so no journal. Who sees which is the policies' to say."""

from uuid import UUID

from sqlalchemy import bindparam, select

from app.access.context import Context
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.obstacles.effect_models import ObstacleEffectCheck
from app.obstacles.models import Obstacle

_CHECK = select(
    ObstacleEffectCheck.id,
    ObstacleEffectCheck.obstacle_id,
    ObstacleEffectCheck.made_on,
    ObstacleEffectCheck.made_by.is_(None).label("by_system"),
    ObstacleEffectCheck.before,
    ObstacleEffectCheck.after,
    ObstacleEffectCheck.conclusion,
    ObstacleEffectCheck.no_conclusion_reason,
)
ONE_CHECK = One(_CHECK.where(ObstacleEffectCheck.id == bindparam("id")))
CHECKS = Many(
    _CHECK.where(ObstacleEffectCheck.obstacle_id == bindparam("obstacle_id")), order=("id",), descending=True
)
_SEEN = One(select(Obstacle.id).where(Obstacle.id == bindparam("id")))


async def list_checks(ctx: Context, obstacle_id: UUID, page: PageRequest) -> JsonBytes:
    """Return the checks of an obstacle, newest first; 404 for an obstacle that the actor does not see."""
    await _SEEN.answer(ctx.db, id=obstacle_id)
    return await CHECKS.answer(ctx.db, page, obstacle_id=obstacle_id)


async def read_check(ctx: Context, check_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_CHECK.answer(ctx.db, status=status, id=check_id)
