"""Children who wait for a place at school on the last day of a quarter."""

from collections.abc import Mapping

import asyncpg

from app.protection import Dimension, Unit
from app.reporting.catalogue import Period, Table
from app.reporting.classes import ALL, TOTAL, Classes, Label, labels_of, period
from app.reporting.rules import Quarter
from app.reporting.subjects.subject import PROTECTED, Further, Subject, named
from app.reporting.words import Words
from app.school_entries.rules import BANDS, OVER, band_of

_WAITING = """SELECT person_key::text, household_key::text, contributor_id::text, stage, days
FROM school_waiting_figures($1) ORDER BY person_key"""

_BAND_LABELS = {
    **{
        name: Label(f"bis {name.rpartition('_')[2]} Wochen", f"up to {name.rpartition('_')[2]} weeks")
        for name in BANDS
    },
    OVER: Label("mehr als 26 Wochen", "more than 26 weeks"),
}


def _waiting_classes(quarter: Quarter) -> Mapping[str, Classes]:
    stages = labels_of("school_stage")
    school = Dimension("school", {"waiting": TOTAL})
    band = Dimension("band", dict.fromkeys(_BAND_LABELS, TOTAL))
    stage = Dimension("stage", dict.fromkeys(stages, TOTAL), personal=True)
    waits = Label("Wartet auf einen Schulplatz", "Waits for a place at school")
    return named(
        Classes(school, waits, {TOTAL: ALL, "waiting": waits}),
        Classes(band, Label("Wartezeit", "Waiting time"), {TOTAL: ALL, **_BAND_LABELS}),
        Classes(stage, Label("Schulstufe", "School stage"), {TOTAL: ALL, **stages}),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each child that waits on the last day of a quarter."""
    waiting = await driver.fetch(_WAITING, quarter.last_day)
    units = tuple(
        Unit(row[0], row[1], row[2], None, {
            "school": "waiting", "stage": row[3], "band": band_of(row[4]), "quarter": str(quarter),
        })
        for row in waiting
    )  # fmt: skip
    return Further(units, ("school_waiting",) if waiting else ())


SCHOOL_WAITING = Subject(
    "school_waiting",
    "school",
    Words(
        unit=Label(
            "Kinder, die am letzten Tag des Quartals auf einen Schulplatz warten",
            "Children who wait for a place at school on the last day of the quarter",
        ),
        source=Label(
            "Case Management der KIM-Kommune, ohne geschützte Personen",
            "Case management of the KIM municipality, without restricted persons",
        ),
        method=Label(
            "Eine Zahl wird nur gezeigt, wenn sie genug Kinder (höhere Schwelle für Minderjährige), "
            f"Haushalte und Fachkräfte umfasst. {PROTECTED.de}",
            "A figure is shown only if it covers enough children (the higher threshold for minors), "
            f"households and case managers. {PROTECTED.en}",
        ),
        note=Label(
            "Gezählt wird, wer im Case Management ist, nicht jedes Kind der Kommune.",
            "Counted are those in case management, not every child of the municipality.",
        ),
    ),
    _waiting_classes,
    (
        Table(
            "school_waiting",
            Label("Wartezeit auf einen Schulplatz nach Schulstufe", "Waiting for school by school stage"),
            Label(
                "Kinder, die am letzten Tag des Quartals warten, nach Wochen seit Beginn des Wartens.",
                "Children who wait on the last day of the quarter, by weeks since the wait began.",
            ),
            Period.QUARTER,
            {"band": 1, "stage": 1},
            where={"school": "waiting"},
        ),
    ),
    read,
)
