"""Cases that were closed in a quarter, by how long they lasted and why they ended.

By nothing that open cases are told by, see `open_cases`. As there the unit is one who knows.
"""

from collections.abc import Mapping
from datetime import date

import asyncpg

from app.kit.clock import months_later
from app.protection import Codes, Units, together
from app.reporting.catalogue import Period, Table
from app.reporting.classes import Classes, Label, labels_of, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.shaping import OTHER, flat, marker
from app.reporting.subjects.subject import FROM_CASES, PROTECTED, THRESHOLDS, Columns, Further, Subject, named
from app.reporting.subjects.teams import who_knows_too
from app.reporting.words import Words

_CLOSED = """SELECT person_key::text, household_key::text, contributor_id::text, unit_id::text, team,
    opened_on, closed_on, reason
FROM closed_case_figures($1, $2)"""
_WHERE = {"closed_case": "closed"}

DURATIONS = {
    "up_to_3_months": (3, Label("bis 3 Monate", "up to 3 months")),
    "up_to_6_months": (6, Label("über 3 bis 6 Monate", "over 3 to 6 months")),
    "up_to_12_months": (12, Label("über 6 bis 12 Monate", "over 6 to 12 months")),
    "up_to_24_months": (24, Label("über 12 bis 24 Monate", "over 12 to 24 months")),
}
OVER = "over_24_months"

_TOGETHER = {
    "moved_away": "left_area", "left_country": "left_area", "deported": "left_area",
    "handed_to_other_area": "handed_over", "transferred": "handed_over",
    "other_case_management": "handed_over", "consent_withdrawn": "client_ended", "deceased": OTHER,
}  # fmt: skip
"""Reasons that are published as one: for rule 9, or because one of them alone is about one known person."""


def reasons() -> dict[str, Label]:
    """Return the classes of closing reasons."""
    own = {
        "left_area": Label("Wegzug, Ausreise oder Abschiebung", "Moved away, left the country or deported"),
        "handed_over": Label("Übergabe an andere Stelle oder Kommune", "Handed over to another unit or area"),
        "client_ended": Label(
            "Auf Wunsch beendet oder Einwilligung widerrufen", "Ended by the client or consent withdrawn"
        ),
        OTHER: Label("Sonstiges", "Other"),
    }
    alone = {code: each for code, each in labels_of("closing_reason").items() if code not in _TOGETHER}
    return {**{code: each for code, each in alone.items() if code not in own}, **own}


def reason_class(code: str | None) -> str:
    """Return the class of a closing reason; none where nobody wrote it down."""
    return _TOGETHER.get(code, code) if code else OTHER


def duration_of(opened_on: date, closed_on: date) -> str:
    """Return the band of months between two days."""
    return next(
        (code for code, (months, _) in DURATIONS.items() if closed_on <= months_later(opened_on, months)),
        OVER,
    )


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    bands = {code: label for code, (_, label) in DURATIONS.items()}
    bands[OVER] = Label("über 24 Monate", "over 24 months")
    return named(
        marker("closed_case", "closed", Label("Abgeschlossener Fall", "Closed case")),
        flat("closing_reason", reasons(), Label("Abschlussgrund", "Closing reason"), personal=True),
        flat("duration", bands, Label("Dauer", "Duration")),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each case that was closed in a quarter."""
    return closed_cases(await read_columns(driver, _CLOSED, quarter.first_day, quarter.last_day), quarter)


def closed_cases(found: Columns, quarter: Quarter) -> Further:
    """Return one unit for each.

    Columns: person, household, lead, unit, team, day of opening, day of closing, reason.
    """
    person, household, lead, unit, team, opened_on, closed_on, reason = found
    codes: Codes = {
        "closed_case": "closed", "closing_reason": reason.mapped(reason_class),
        "duration": together(duration_of, opened_on, closed_on), "quarter": str(quarter),
    }  # fmt: skip
    units = Units.from_columns(person, household, lead, who_knows_too(lead, team, unit), codes)
    return Further(units, tuple(table.name for table in _TABLES) if units else ())


def _table(name: str, by: Label, levels: Mapping[str, int], scale: Scale = Scale.SMALL) -> Table:
    return Table(
        name,
        Label(f"Abgeschlossene Fälle nach {by.de}", f"Closed cases by {by.en}"),
        Label(
            "Fälle, die im Quartal abgeschlossen wurden und an seinem Ende abgeschlossen sind, nach "
            f"{by.de}.",
            f"Cases that were closed in the quarter and are closed at its end, by {by.en}.",
        ),
        Period.QUARTER,
        levels,
        scale,
        where=_WHERE,
    )


_TABLES = (
    _table("closed_cases_by_reason", Label("Abschlussgrund", "closing reason"), {"closing_reason": 1}),
    _table("closed_cases_by_duration", Label("Dauer", "duration"), {"duration": 1}),
    _table(
        "closed_cases_by_reason_and_duration",
        Label("Abschlussgrund und Dauer", "closing reason and duration"),
        {"closing_reason": 1, "duration": 1},
        Scale.LARGE,
    ),
)

CLOSED_CASES = Subject(
    "closed_cases",
    "closed_case",
    Words(
        unit=Label("Im Quartal abgeschlossene Fälle", "Cases closed in the quarter"),
        source=FROM_CASES,
        method=Label(f"{THRESHOLDS.de} {PROTECTED.de}", f"{THRESHOLDS.en} {PROTECTED.en}"),
        note=Label(
            "Wegzug, Ausreise und Abschiebung sind eine Klasse. Wessen Daten nach einem Widerruf nur noch "
            "aufbewahrt werden, fehlt.",
            "Moving away, leaving the country and deportation are one class. Those whose data are only kept "
            "after a withdrawal of consent are missing.",
        ),
    ),
    _classes,
    _TABLES,
    read,
    is_strict=False,
    is_in_lines=True,
)
