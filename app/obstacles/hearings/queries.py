"""Reading hearings: protected figures and what institutions say, so no journal."""

from uuid import UUID

from sqlalchemy import bindparam, case, func, literal_column, or_, select

from app.access.context import Context
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.obstacles.hearings.models import ObstacleHearing
from app.obstacles.models import Obstacle

_ABOUT = (
    ObstacleHearing.id,
    ObstacleHearing.obstacle_id,
    ObstacleHearing.release_id,
    ObstacleHearing.institution_id,
    ObstacleHearing.title,
    ObstacleHearing.description,
    ObstacleHearing.barrier_types,
    ObstacleHearing.institution_group,
    ObstacleHearing.quarter,
)
_SAID = (
    ObstacleHearing.comment_until,
    ObstacleHearing.comment,
    ObstacleHearing.commented_on,
    ObstacleHearing.version,
)
_HEARING = select(*_ABOUT, ObstacleHearing.figures, *_SAID)
# Cells of the signals, perhaps of a release that nobody publishes: the steering group reads comments alone.
_FIGURES = case((func.ctx_is("coordinator"), ObstacleHearing.figures), else_=literal_column("'[]'::jsonb"))
_SEEN = "SELECT EXISTS (SELECT FROM obstacles WHERE municipal_area_id = ctx_area() AND id = $1)"
ONE_HEARING = One(_HEARING.where(ObstacleHearing.id == bindparam("id")))
HEARINGS = Many(_HEARING, order=("id",), descending=True)
_ABSORBED = (
    select(Obstacle.id)
    .where(
        Obstacle.id == bindparam("obstacle_id"), ObstacleHearing.obstacle_id == Obstacle.absorbed_ids.any_()
    )
    .correlate(ObstacleHearing)
    .exists()
)
OF_OBSTACLE = Many(
    select(*_ABOUT, _FIGURES.label("figures"), *_SAID).where(
        or_(ObstacleHearing.obstacle_id == bindparam("obstacle_id"), _ABSORBED)
    ),
    order=("id",),
    descending=True,
)


async def read_hearing(ctx: Context, hearing_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_HEARING.answer(ctx.db, status=status, id=hearing_id)


async def list_hearings(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return what the actor's institutions were asked, newest first."""
    return await HEARINGS.answer(ctx.db, page)


async def list_obstacle_hearings(ctx: Context, obstacle_id: UUID, page: PageRequest) -> JsonBytes:
    """Return who was asked about an obstacle, and what they said, newest first; 404 for one out of sight."""
    driver = await ctx.db.driver()
    if not await driver.fetchval(_SEEN, obstacle_id):
        raise NotFound
    return await OF_OBSTACLE.answer(ctx.db, page, obstacle_id=obstacle_id)
