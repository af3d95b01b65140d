"""What the coordination did in a quarter: obstacles, measures, decisions."""

from collections.abc import Mapping

import asyncpg

from app.reporting.classes import Classes, Label
from app.reporting.open_tables.shape import OPEN, Amounts, Found, OpenTable, flat, found, table_of
from app.reporting.rules import Quarter
from app.reporting.subjects.subject import named
from app.reporting.words import Words

_DONE = """SELECT activity, number::integer FROM (
    SELECT 'obstacle_recorded' AS activity, count(*) AS number FROM obstacle_steps
    WHERE to_status = 'reported' AND taken_on BETWEEN $1 AND $2
    UNION ALL SELECT 'obstacle_implemented', count(*) FROM obstacle_steps
    WHERE to_status = 'implemented' AND taken_on BETWEEN $1 AND $2
    UNION ALL SELECT 'measure_planned', count(*) FROM obstacle_measures
    WHERE (created_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN $1 AND $2
    UNION ALL SELECT 'measure_done', count(*) FROM obstacle_measures
    WHERE state = 'done' AND done_on BETWEEN $1 AND $2
    UNION ALL SELECT 'decision', count(*) FROM obstacle_decisions WHERE decided_on BETWEEN $1 AND $2
) AS done WHERE number > 0 ORDER BY activity"""

ACTIVITIES: Mapping[str, Label] = {
    "obstacle_recorded": Label("Hindernis aufgenommen", "Obstacle recorded"),
    "measure_planned": Label("Maßnahme geplant", "Measure planned"),
    "measure_done": Label("Maßnahme abgeschlossen", "Measure done"),
    "decision": Label("Beschluss der Lenkungsgruppe", "Decision of the steering group"),
    "obstacle_implemented": Label("Lösung umgesetzt", "Solution implemented"),
}


async def read_done(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return how often each thing was done in a quarter."""
    rows = await driver.fetch(_DONE, quarter.first_day, quarter.last_day)
    return found({(row["activity"],): row["number"] for row in rows})


def _classes(_: Amounts) -> Mapping[str, Classes]:
    return named(flat("activity", Label("Tätigkeit", "Activity"), ACTIVITIES))


DONE = OpenTable(
    table_of(
        "coordination_activities",
        Label("Tätigkeiten der Koordination", "Activities of the coordination"),
        Label(
            "Was im Quartal an Hindernissen, Maßnahmen und Beschlüssen hinzukam oder abgeschlossen wurde.",
            "What of obstacles, measures and decisions was added or finished in the quarter.",
        ),
        "activity",
    ),
    Words(
        Label("Tätigkeiten", "Activities"),
        Label("Hindernisse und Maßnahmen der Koordination", "Obstacles and measures of the coordination"),
        OPEN,
        Label(
            "Gezählt nach dem Tag, der eingetragen ist.",
            "Counted by the day that is recorded.",
        ),
    ),
    _classes,
    read_done,
)
