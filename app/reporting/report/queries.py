"""What the report has of obstacles: what the steering group reads, with the names of who is responsible."""

from typing import Any
from uuid import UUID

import orjson

from app.access.context import Context
from app.kit.errors import NotFound

# Decisions and comments of what was merged into one are read with it.
_OBSTACLE = """
SELECT json_build_object(
    'title', o.title, 'description', o.description, 'status', o.status,
    'barrier_types', o.barrier_types, 'institution_types', o.institution_types, 'due_on', o.due_on,
    'responsible_unit', (SELECT u.name FROM units u
        WHERE u.municipal_area_id = o.municipal_area_id AND u.id = o.responsible_unit_id),
    'measures', coalesce((
        SELECT json_agg(json_build_object('title', m.title, 'due_on', m.due_on, 'state', m.state,
            'responsible', coalesce(i.name, u.name)) ORDER BY m.due_on, m.id)
        FROM obstacle_measures m
        LEFT JOIN institutions i ON i.municipal_area_id = m.municipal_area_id AND i.id = m.institution_id
        LEFT JOIN units u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.unit_id
        WHERE m.municipal_area_id = o.municipal_area_id AND m.obstacle_id = o.id), '[]'::json),
    'decisions', coalesce((
        SELECT json_agg(json_build_object('decided_on', d.decided_on, 'minute', d.minute, 'text', d.text)
            ORDER BY d.decided_on, d.id)
        FROM obstacle_decisions d
        WHERE d.municipal_area_id = o.municipal_area_id
            AND (d.obstacle_id = o.id OR d.obstacle_id = ANY (o.absorbed_ids))), '[]'::json),
    'comments', coalesce((
        SELECT json_agg(json_build_object('institution', i.name, 'quarter', h.quarter,
            'commented_on', h.commented_on, 'comment', h.comment) ORDER BY h.commented_on, h.id)
        FROM obstacle_hearings h
        JOIN institutions i ON i.municipal_area_id = h.municipal_area_id AND i.id = h.institution_id
        WHERE h.municipal_area_id = o.municipal_area_id AND h.comment IS NOT NULL
            AND (h.obstacle_id = o.id OR h.obstacle_id = ANY (o.absorbed_ids))), '[]'::json)
)::text
FROM obstacles o
WHERE o.municipal_area_id = ctx_area()"""

# Those that are decided over and done come last; drafts of the coordination are not for the steering group.
_OBSTACLES = (
    _OBSTACLE
    + """
AND o.bundled_on IS NOT NULL AND o.merged_into_id IS NULL
ORDER BY o.status IN ('implemented', 'effect_checked', 'rejected'), o.due_on, o.id
LIMIT 100
"""
)
_ONE = f"{_OBSTACLE} AND o.id = $1"


async def read_obstacles(ctx: Context) -> list[dict[str, Any]]:
    """Return the obstacles of the area that were ever bundled, open ones first."""
    driver = await ctx.db.driver()
    return [orjson.loads(row[0]) for row in await driver.fetch(_OBSTACLES)]


async def read_obstacle(ctx: Context, obstacle_id: UUID) -> dict[str, Any]:
    """Return one obstacle as its paper tells of it; 404 for one that cannot be seen."""
    driver = await ctx.db.driver()
    row = await driver.fetchval(_ONE, obstacle_id)
    if row is None:
        raise NotFound
    return dict(orjson.loads(row))
