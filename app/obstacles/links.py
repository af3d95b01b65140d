"""What an obstacle rests on: observations that the coordinator can see, keys of signals of past quarters."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select

from app.access.context import Context
from app.barriers.models import Observation
from app.catalogues.check import require_code
from app.kit.clock import local_date
from app.kit.errors import Invalid
from app.kit.ids import new_id
from app.obstacles.models import ObstacleLink
from app.obstacles.rules import quarter_has_ended
from app.obstacles.schemas import Signal

_SEEN = select(func.count()).where(Observation.id.in_(bindparam("ids", expanding=True)))


async def link_observations(ctx: Context, obstacle_id: UUID, ids: Sequence[UUID]) -> None:
    """Let an obstacle rest on exactly these observations; 422 for one that cannot be seen yet."""
    seen = (await ctx.db.execute(_SEEN, {"ids": list(ids)})).scalar_one()
    if seen < len(set(ids)):
        raise Invalid.at("body.observation_ids", "unknown_reference", "An observation is not known.")
    await ctx.db.execute(
        delete(ObstacleLink).where(
            ObstacleLink.obstacle_id == obstacle_id, ObstacleLink.observation_id.is_not(None)
        )
    )
    ctx.db.add_all(_link(ctx, obstacle_id, observation_id=each) for each in sorted(set(ids)))


async def link_signals(ctx: Context, obstacle_id: UUID, signals: Sequence[Signal]) -> None:
    """Let an obstacle rest on exactly these signals; 422 for a code or quarter that has none."""
    today = local_date(ctx.now)
    for place, signal in enumerate(signals):
        require_code("barrier_type", signal.barrier_type, f"body.signals.{place}.barrier_type")
        group = f"body.signals.{place}.institution_group"
        require_code("institution_group", signal.institution_group, group)
        if not quarter_has_ended(signal.quarter, today):
            place_of = f"body.signals.{place}.quarter"
            raise Invalid.at(place_of, "quarter_running", "Signals exist once their quarter has ended.")
    await ctx.db.execute(
        delete(ObstacleLink).where(
            ObstacleLink.obstacle_id == obstacle_id, ObstacleLink.observation_id.is_(None)
        )
    )
    keys = {(each.quarter, each.barrier_type, each.institution_group) for each in signals}
    ctx.db.add_all(
        _link(ctx, obstacle_id, quarter=quarter, barrier_type=kind, institution_group=group)
        for quarter, kind, group in sorted(keys, key=lambda key: (*key[:2], key[2] or ""))
    )


def _link(ctx: Context, obstacle_id: UUID, **what: object) -> ObstacleLink:
    return ObstacleLink(
        municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), obstacle_id=obstacle_id, **what
    )
