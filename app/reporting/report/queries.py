"""What the report has of obstacles: what the steering group reads, with the names of who is responsible."""

from typing import Any

import orjson

from app.access.context import Context

# Those that are decided over and done come last; drafts of the coordination are not for the steering group.
_OBSTACLES = """
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
        WHERE d.municipal_area_id = o.municipal_area_id AND d.obstacle_id = o.id), '[]'::json)
)::text
FROM obstacles o
WHERE o.municipal_area_id = ctx_area() AND o.bundled_on IS NOT NULL
ORDER BY o.status IN ('implemented', 'effect_checked', 'rejected'), o.due_on, o.id
LIMIT 100
"""


async def read_obstacles(ctx: Context) -> list[dict[str, Any]]:
    """Return the obstacles of the area that were ever bundled, open ones first."""
    driver = await ctx.db.driver()
    return [orjson.loads(row[0]) for row in await driver.fetch(_OBSTACLES)]
