"""The obstacle pipeline: how many, in which status, how old, and what is overdue on a quarter's last day."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

import asyncpg

from app.obstacles.rules import FINISHED_MEASURES, REJECTED, STATUSES, asks_steering_group
from app.reporting.classes import Classes, Label, labels_of
from app.reporting.open_tables.shape import OPEN, Amounts, Found, OpenTable, flat, found, table_of
from app.reporting.rules import Quarter
from app.reporting.subjects.subject import named
from app.reporting.words import Words

# The status of a day is what the last step until then led to, so a release made later says the same.
_STANDING = """SELECT DISTINCT ON (s.obstacle_id) s.obstacle_id, s.to_status AS status, o.due_on,
    $1::date - (SELECT min(f.taken_on) FROM obstacle_steps f
        WHERE f.municipal_area_id = s.municipal_area_id AND f.obstacle_id = s.obstacle_id) AS days
FROM obstacle_steps s
JOIN obstacles o ON o.municipal_area_id = s.municipal_area_id AND o.id = s.obstacle_id
WHERE s.taken_on <= $1 ORDER BY s.obstacle_id, s.taken_on DESC, s.id DESC"""
_MEASURES = """SELECT obstacle_id, due_on, state, done_on FROM obstacle_measures
WHERE (created_at AT TIME ZONE 'Europe/Berlin')::date <= $1"""

_AGES: Mapping[str, tuple[int, Label]] = {
    "to_3_months": (91, Label("bis 3 Monate", "up to 3 months")),
    "to_6_months": (182, Label("über 3 bis 6 Monate", "over 3 to 6 months")),
    "to_12_months": (365, Label("über 6 bis 12 Monate", "over 6 to 12 months")),
}
_OLDER = "over_12_months"
_DELAYS: Mapping[str, tuple[int, Label]] = {
    "not_due": (0, Label("Termin noch nicht vorbei", "not yet due")),
    "to_30_days": (30, Label("bis 30 Tage überfällig", "up to 30 days overdue")),
    "to_90_days": (90, Label("31 bis 90 Tage überfällig", "31 to 90 days overdue")),
}
_LONGER, _UNDATED = "over_90_days", "undated"
DECISION, MEASURE = "decision", "measure"

_SOURCE = Label("Hindernisse und Maßnahmen der Koordination", "Obstacles and measures of the coordination")
_NOTE = Label(
    "Stand am letzten Tag des Quartals, nach den bis dahin eingetragenen Schritten.",
    "As on the last day of the quarter, by the steps recorded until then.",
)


def band(days: int, bands: Mapping[str, tuple[int, Label]], beyond: str) -> str:
    """Return the first band that reaches so many days."""
    return next((name for name, (most, _) in bands.items() if days <= most), beyond)


def delay_of(due_on: date | None, day: date) -> str:
    """Return how long something is overdue on a day."""
    return _UNDATED if due_on is None else band((day - due_on).days, _DELAYS, _LONGER)


async def read_pipeline(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return how many obstacles there were by status and age."""
    rows = await driver.fetch(_STANDING, quarter.last_day)
    return found(Counter((row["status"], band(row["days"], _AGES, _OLDER)) for row in rows))


async def read_overdue(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return how many decisions and measures were outstanding, by how long they are overdue.

    What was planned for an obstacle that was rejected is not waited for.
    """
    day = quarter.last_day
    standing = await driver.fetch(_STANDING, day)
    asked = [row for row in standing if asks_steering_group(row["status"])]
    rejected = {row["obstacle_id"] for row in standing if row["status"] == REJECTED}
    open_ = [
        row
        for row in await driver.fetch(_MEASURES, day)
        if row["obstacle_id"] not in rejected and _is_open(row["state"], row["done_on"], day)
    ]
    both = [*((DECISION, row["due_on"]) for row in asked), *((MEASURE, row["due_on"]) for row in open_)]
    return found(Counter((kind, delay_of(due_on, day)) for kind, due_on in both))


def _is_open(state: str, done_on: date | None, day: date) -> bool:
    return done_on > day if done_on else state not in FINISHED_MEASURES


def _pipeline_classes(_: Amounts) -> Mapping[str, Classes]:
    words = labels_of("obstacle_status")
    ages = {name: label for name, (_, label) in _AGES.items()}
    ages[_OLDER] = Label("über 12 Monate", "over 12 months")
    return named(
        flat("obstacle_status", Label("Stand", "Status"), {code: words[code] for code in STATUSES}),
        flat("age", Label("Alter seit der ersten Aufnahme", "Age since first recorded"), ages),
    )


def _overdue_classes(_: Amounts) -> Mapping[str, Classes]:
    kinds = {
        DECISION: Label("Beschluss der Lenkungsgruppe", "Decision of the steering group"),
        MEASURE: Label("Maßnahme", "Measure"),
    }
    delays = {name: label for name, (_, label) in _DELAYS.items()}
    delays[_LONGER] = Label("über 90 Tage überfällig", "over 90 days overdue")
    delays[_UNDATED] = Label("ohne Termin", "without a term")
    return named(
        flat("kind", Label("Aussteht", "Outstanding"), kinds),
        flat("delay", Label("Termin", "Term"), delays),
    )


PIPELINE = OpenTable(
    table_of(
        "obstacle_pipeline",
        Label("Hindernisse nach Stand und Alter", "Obstacles by status and age"),
        Label(
            "Strukturelle Hindernisse der Kommune nach Stand und nach Tagen seit ihrer Aufnahme.",
            "Structural obstacles of the municipality by status and by days since they were recorded.",
        ),
        "obstacle_status",
        "age",
    ),
    Words(Label("Strukturelle Hindernisse", "Structural obstacles"), _SOURCE, OPEN, _NOTE),
    _pipeline_classes,
    read_pipeline,
)
OVERDUE = OpenTable(
    table_of(
        "outstanding_by_term",
        Label(
            "Ausstehende Beschlüsse und Maßnahmen nach Termin", "Outstanding decisions and measures by term"
        ),
        Label(
            "Hindernisse, die auf einen Beschluss warten, und Maßnahmen, die nicht abgeschlossen sind, ohne "
            "die abgelehnter Hindernisse.",
            "Obstacles that wait for a decision, and measures that are not finished, without those of "
            "rejected obstacles.",
        ),
        "kind",
        "delay",
    ),
    Words(Label("Beschlüsse und Maßnahmen", "Decisions and measures"), _SOURCE, OPEN, _NOTE),
    _overdue_classes,
    read_overdue,
)
