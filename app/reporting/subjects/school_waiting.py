"""Children who wait for a place at school on the last day of a quarter.

The lead of a unit's team reads how many of the unit wait how long: where an area has several units, the unit
is one who knows.
"""

from collections.abc import Mapping

import asyncpg

from app.protection import Codes, Dimension, Units
from app.reporting.catalogue import Period, Table
from app.reporting.classes import ALL, TOTAL, Classes, Label, labels_of, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.subject import PROTECTED, Columns, Further, Subject, named
from app.reporting.subjects.teams import who_knows_too
from app.reporting.words import Words
from app.school_entries.rules import OVER, band_of

_WAITING = """SELECT person_key::text, household_key::text, contributor_id::text, unit_id::text, team, stage,
    days
FROM school_waiting_figures($1)"""

_BAND_LABELS = {
    "up_to_4": Label("bis 4 Wochen", "up to 4 weeks"),
    "up_to_8": Label("über 4 bis 8 Wochen", "over 4 to 8 weeks"),
    "up_to_12": Label("über 8 bis 12 Wochen", "over 8 to 12 weeks"),
    "up_to_26": Label("über 12 bis 26 Wochen", "over 12 to 26 weeks"),
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
    return school_waiting(await read_columns(driver, _WAITING, quarter.last_day), quarter)


def school_waiting(found: Columns, quarter: Quarter) -> Further:
    """Return one unit for each: child, household, lead, unit, team, stage, days."""
    person, household, lead, unit, team, stage, days = found
    band = days.mapped(band_of)
    codes: Codes = {"school": "waiting", "stage": stage, "band": band, "quarter": str(quarter)}
    units = Units.from_columns(person, household, lead, who_knows_too(lead, team, unit), codes)
    return Further(units, tuple(table.name for table in _TABLES) if units else ())


def _table(name: str, by: Label, levels: Mapping[str, int], scale: Scale = Scale.SMALL) -> Table:
    return Table(
        name,
        Label(f"Kinder ohne Schulplatz nach {by.de}", f"Children who wait for school by {by.en}"),
        Label(
            f"Kinder, die am letzten Tag des Quartals auf einen Schulplatz warten, nach {by.de}.",
            f"Children who wait for a place at school on the last day of the quarter, by {by.en}.",
        ),
        Period.QUARTER,
        levels,
        scale,
        where={"school": "waiting"},
    )


_TIME = Label("Wochen seit Beginn des Wartens", "weeks since the wait began")
_STAGE = Label("Schulstufe", "school stage")
_TABLES = (
    _table("school_waiting_by_time", _TIME, {"band": 1}),
    _table("school_waiting_by_stage", _STAGE, {"stage": 1}),
    _table(
        "school_waiting",
        Label(f"{_TIME.de} und {_STAGE.de}", f"{_TIME.en} and {_STAGE.en}"),
        {"band": 1, "stage": 1},
        Scale.LARGE,
    ),
)

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
    _TABLES,
    read,
)
