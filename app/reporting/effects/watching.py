"""The worker's look at checked obstacles when a release is published: what rises again is reopened."""

from typing import Any
from uuid import UUID

import orjson

from app.access.context import SystemContext
from app.audit import journal
from app.kit.clock import local_date
from app.kit.ids import new_id
from app.obstacles.events import ObstacleReopened
from app.obstacles.rules import ROSE, system_may
from app.reporting.effects.comparing import (
    About,
    Compared,
    as_json,
    change_of,
    compare,
    published_quarters,
)
from app.reporting.effects.rules import Side, interval, pairs_for_watch

FROM, TO = "effect_checked", "under_review"
_WATCHED = """SELECT o.id, o.barrier_types, o.institution_types,
    (SELECT array(SELECT jsonb_array_elements_text(e.after -> 'quarters')) FROM obstacle_effect_checks e
        WHERE e.municipal_area_id = o.municipal_area_id AND e.obstacle_id = o.id ORDER BY e.id DESC LIMIT 1)
        AS checked
FROM obstacles o WHERE o.status = 'effect_checked' ORDER BY o.id"""
_REOPEN = (
    "UPDATE obstacles SET status = 'under_review' WHERE id = $1 AND status = 'effect_checked' RETURNING id"
)
_STEP = """INSERT INTO obstacle_steps
(municipal_area_id, id, obstacle_id, from_status, to_status, taken_on, reason)
VALUES (ctx_area(), $1, $2, $3, $4, $5, $6)"""
_KEEP = """INSERT INTO obstacle_effect_checks
(municipal_area_id, id, obstacle_id, made_on, before, after, conclusion)
VALUES (ctx_area(), $1, $2, $3, $4, $5, 'rose')"""


async def watch_effects(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Reopen each checked obstacle whose rate rose in the newest quarters; a repeat finds nothing to do."""
    del payload  # which release it was does not matter: everything published is looked at
    driver = await ctx.db.driver()
    quarters = await published_quarters(ctx.db)
    for row in await driver.fetch(_WATCHED):
        change = await change_of(ctx.db, row["id"])
        if change is None:
            continue
        about = About(row["id"], row["barrier_types"], row["institution_types"])
        found = await compare(ctx.db, about, pairs_for_watch(quarters, change, row["checked"] or ()))
        if found.verdict.conclusion == ROSE:
            await _reopen(ctx, about.obstacle_id, found)


async def _reopen(ctx: SystemContext, obstacle_id: UUID, found: Compared) -> None:
    driver = await ctx.db.driver()
    if not system_may(FROM, TO) or not await driver.fetchval(_REOPEN, obstacle_id):
        return
    day = local_date(ctx.now)
    sides = (orjson.dumps(as_json(side)).decode() for side in (found.before, found.after))
    await driver.execute(_KEEP, new_id(), obstacle_id, day, *sides)
    await driver.execute(_STEP, new_id(), obstacle_id, FROM, TO, day, reason(found))
    await journal.record(ctx.db, "obstacle.reopen", "obstacle", obstacle_id, changed=["status"])
    await ctx.publish(ObstacleReopened(obstacle_id))


def reason(found: Compared) -> str:
    """Return why an obstacle is reopened, in the language of the offices."""
    return (
        "Die Rate ist wieder gestiegen: "
        f"{_told(found.after)}, vorher {_told(found.before)} "
        "Barrierefälle je 100 aktive Klient:innen und Quartal."
    )


def _told(side: Side) -> str:
    low, high = interval(side)
    return f"{', '.join(side.quarters)}: {_number(low)} bis {_number(high)}"


def _number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
