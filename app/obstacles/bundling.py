"""Merging two obstacles into one, and splitting a part off: links move, history stays as it was written."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm.attributes import flag_modified

from app.access.context import Context
from app.audit import journal
from app.kit.changes import locked
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, NotFound, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.obstacles.events import ObstacleMoved
from app.obstacles.models import Obstacle, ObstacleLink, ObstacleMeasure, ObstacleMember
from app.obstacles.rules import MERGED, OUTCOMES, can_merge, following, start_of_part
from app.obstacles.schemas import ObstacleMerge, ObstacleSplit
from app.obstacles.wording import require_impersonal
from app.obstacles.writing import add_step, check_codes

Key = tuple[UUID | None, str | None, str | None, str | None]


async def merge_obstacles(ctx: Context, obstacle_id: UUID, body: ObstacleMerge, expected: Expected) -> UUID:
    """Merge another obstacle into this one.

    Links, measures and members move; decisions and steps stay as they were written, and are read with it.
    Raises 409 `wrong_state` with the allowed steps where one of both is past merging, and 409 `not_bundled`
    where the steering group would lose sight of what it has read.
    """
    require_impersonal({"reason": body.reason})
    remaining, other = await _both(ctx, obstacle_id, body.obstacle_id, expected)
    for one in (remaining, other):
        if not can_merge(one.status):
            raise WrongState(
                "Solved, rejected and merged obstacles stay as they are.",
                state=one.status,
                allowed=following(one.status),
            )
    if other.bundled_on is not None and remaining.bundled_on is None:
        raise Conflict("What the steering group reads is merged into what it reads.", code="not_bundled")
    await _move_links(ctx, other.id, remaining.id)
    for part in (ObstacleMeasure, ObstacleMember):
        moving = update(part).where(part.obstacle_id == other.id).values(obstacle_id=remaining.id)
        await ctx.db.execute(moving.execution_options(synchronize_session=False))
    remaining.barrier_types = list(dict.fromkeys([*remaining.barrier_types, *other.barrier_types]))
    kinds = [*remaining.institution_types, *other.institution_types]
    remaining.institution_types = list(dict.fromkeys(kinds))
    remaining.absorbed_ids = [*remaining.absorbed_ids, other.id, *other.absorbed_ids]
    add_step(ctx, other.id, other.status, MERGED, body.reason)
    other.status, other.merged_into_id = MERGED, remaining.id
    await journal.record(ctx.db, "obstacle.merge", "obstacle", remaining.id, changed=["absorbed_ids"])
    await journal.record(ctx.db, "obstacle.step", "obstacle", other.id, changed=["status"])
    return remaining.id


async def split_obstacle(ctx: Context, obstacle_id: UUID, body: ObstacleSplit, expected: Expected) -> UUID:
    """Move chosen observations and signals to a new obstacle and return its id.

    Raises 409 with the allowed steps once it is decided upon, and 422 for what this one does not rest on.
    """
    whole = await locked(ctx.db, Obstacle, obstacle_id, expected)
    start = start_of_part(whole.status)
    if start is None:
        raise WrongState(
            "Send it back first: what is decided upon is not split.",
            state=whole.status,
            allowed=following(whole.status),
        )
    check_codes(body.barrier_types, body.institution_types)
    require_impersonal({"title": body.title, "description": body.description, "reason": body.reason})
    chosen = await _chosen(ctx, obstacle_id, body)
    part = Obstacle(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        status=start,
        bundled_on=local_date(ctx.now) if whole.bundled_on is not None else None,
        split_from_id=obstacle_id,
        created_by=ctx.actor.user_id,
        **body.model_dump(include={"title", "description", "barrier_types", "institution_types"}),
    )
    ctx.db.add(part)
    await ctx.db.flush()
    moved = [_copy(link, part.id) for link in chosen]
    gone = delete(ObstacleLink).where(ObstacleLink.id.in_([link.id for link in chosen]))
    await ctx.db.execute(gone.execution_options(synchronize_session=False))
    ctx.db.add_all(moved)
    add_step(ctx, part.id, None, start, body.reason)
    flag_modified(whole, "title")  # other links make another version of the obstacle
    await journal.record(ctx.db, "obstacle.split", "obstacle", obstacle_id, changed=["links"])
    await journal.record(ctx.db, "obstacle.create", "obstacle", part.id)
    if start in OUTCOMES:
        await ctx.publish(ObstacleMoved(obstacle_id=part.id))
    return part.id


async def _both(
    ctx: Context, remaining_id: UUID, other_id: UUID, expected: Expected
) -> tuple[Obstacle, Obstacle]:
    """Return both locked, always in the same order, so that two merges never wait for each other."""
    if remaining_id == other_id:
        raise Invalid.at("body.obstacle_id", "itself", "An obstacle is merged into another one.")
    found: dict[UUID, Obstacle] = {}
    for each in sorted((remaining_id, other_id)):
        try:
            found[each] = await locked(ctx.db, Obstacle, each, expected if each == remaining_id else None)
        except NotFound:
            if each == remaining_id:
                raise
    if remaining_id in found and other_id not in found:
        raise Invalid.at("body.obstacle_id", "unknown_reference", "The obstacle is not known.")
    return found[remaining_id], found[other_id]


async def _move_links(ctx: Context, source: UUID, target: UUID) -> None:
    rows = list(
        await ctx.db.scalars(select(ObstacleLink).where(ObstacleLink.obstacle_id.in_((source, target))))
    )
    there = {_key(link) for link in rows if link.obstacle_id == target}
    moved = [_copy(link, target) for link in rows if link.obstacle_id == source and _key(link) not in there]
    gone = delete(ObstacleLink).where(ObstacleLink.obstacle_id == source)
    await ctx.db.execute(gone.execution_options(synchronize_session=False))
    ctx.db.add_all(moved)


async def _chosen(ctx: Context, obstacle_id: UUID, body: ObstacleSplit) -> list[ObstacleLink]:
    """Return the links that were chosen; 422 for one that is not there, or for none."""
    if not body.observation_ids and not body.signals:
        raise Invalid.at("body.observation_ids", "missing", "Choose what moves to the new obstacle.")
    rows = await ctx.db.scalars(select(ObstacleLink).where(ObstacleLink.obstacle_id == obstacle_id))
    there = {_key(link): link for link in rows}
    observed: list[Key] = [(each, None, None, None) for each in dict.fromkeys(body.observation_ids)]
    signals: list[Key] = list(
        dict.fromkeys(
            (None, each.quarter, each.barrier_type, each.institution_group) for each in body.signals
        )
    )
    for place, keys in (("body.observation_ids", observed), ("body.signals", signals)):
        if any(key not in there for key in keys):
            raise Invalid.at(place, "not_linked", "The obstacle does not rest on this.")
    return [there[key] for key in (*observed, *signals)]


def _key(link: ObstacleLink) -> Key:
    return link.observation_id, link.quarter, link.barrier_type, link.institution_group


def _copy(link: ObstacleLink, obstacle_id: UUID) -> ObstacleLink:
    return ObstacleLink(
        municipal_area_id=link.municipal_area_id,
        id=new_id(),
        obstacle_id=obstacle_id,
        observation_id=link.observation_id,
        quarter=link.quarter,
        barrier_type=link.barrier_type,
        institution_group=link.institution_group,
    )
