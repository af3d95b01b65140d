"""Asking the institutions concerned, and commenting in the name of one."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.deadlines import require_not_past
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.versions import Expected
from app.obstacles.events import HearingCommented, HearingOpened
from app.obstacles.hearings.models import ObstacleHearing
from app.obstacles.hearings.rules import NOT_HEARD
from app.obstacles.hearings.schemas import HearingComment, HearingOpen
from app.obstacles.models import Obstacle
from app.obstacles.rules import following
from app.obstacles.wording import require_impersonal

_OPEN = "SELECT open_hearings($1, $2, $3)"
_STATE = "SELECT state FROM releases WHERE municipal_area_id = ctx_area() AND id = $1"
_UNTIL = "SELECT comment_until FROM obstacle_hearings WHERE municipal_area_id = ctx_area() AND id = $1"


async def open_hearings(ctx: Context, obstacle_id: UUID, body: HearingOpen) -> UUID:
    """Show the institutions concerned what a release says about their group, and ask them for comments.

    Asked is who has people here: of the kinds of the obstacle, or responsible for one of its measures.
    Whoever was asked about this release already is not asked again. Raises 409 for a draft and for what is
    over, `nobody_to_hear` where no institution has people here, 422 for a release that is not computed.
    """
    obstacle = await locked(ctx.db, Obstacle, obstacle_id)
    if obstacle.status in NOT_HEARD:
        raise WrongState(
            "Institutions are heard on what is bundled and not over.",
            state=obstacle.status,
            allowed=following(obstacle.status),
        )
    require_not_past(body.comment_until, local_date(ctx.now), "body.comment_until", what="The last day")
    driver = await ctx.db.driver()
    if await driver.fetchval(_STATE, body.release_id) not in ("computed", "published"):
        raise Invalid.at("body.release_id", "not_computed", "Nothing of this release can be shown.")
    if not await driver.fetchval(_OPEN, obstacle_id, body.release_id, body.comment_until):
        raise Conflict("No institution that it concerns has people here.", code="nobody_to_hear")
    await journal.record(ctx.db, "obstacle_hearing.open", "obstacle", obstacle_id)
    await ctx.publish(HearingOpened(obstacle_id=obstacle_id, release_id=body.release_id))
    return obstacle_id


async def comment_on_hearing(
    ctx: Context, hearing_id: UUID, body: HearingComment, expected: Expected
) -> UUID:
    """Say something in the name of the institution; 409 `hearing_over` after the last day."""
    driver = await ctx.db.driver()
    until = await driver.fetchval(_UNTIL, hearing_id)
    if until is None:
        raise NotFound
    if until < local_date(ctx.now):
        raise Conflict("The last day for comments has passed.", code="hearing_over")
    require_impersonal({"comment": body.comment})
    hearing = await locked(ctx.db, ObstacleHearing, hearing_id, expected)
    hearing.comment, hearing.commented_on = body.comment, local_date(ctx.now)
    hearing.commented_by = ctx.actor.user_id
    await journal.record(ctx.db, "obstacle_hearing.comment", "obstacle_hearing", hearing_id)
    await ctx.publish(HearingCommented(hearing_id=hearing_id))
    return hearing_id
