"""When the figures of a table are of, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.reporting.catalogue import TABLES, Period
from app.reporting.classes import Label
from app.reporting.derived.every import DERIVED_TABLES
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.subjects.every import SUBJECTS

_OF_A_QUARTER = {
    table.name
    for table in (
        *TABLES,
        *(table for subject in SUBJECTS for table in subject.tables),
        *(each.table for each in DERIVED_TABLES),
    )
    if table.period is Period.QUARTER
} | {each.table.name for each in OPEN_TABLES}


def is_of_a_quarter(name: str) -> bool:
    """Return whether a table tells of the quarter of its release alone."""
    return name in _OF_A_QUARTER


def quarter_label(release: Mapping[str, Any], language: str) -> str:
    """Return what a quarter is called: `2026Q3` is the third one of 2026."""
    year, number = release["quarter"].split("Q")
    return Label(f"{number}. Quartal {year}", f"Quarter {number} of {year}").text(language)


def when_of(table: Mapping[str, Any], language: str) -> str:
    """Return of when a table tells: its quarter, or the days of the year so far."""
    if is_of_a_quarter(table["name"]):
        return quarter_label(table, language)
    return " / ".join(day_text(table["period"][end], language) for end in ("from", "to"))


def day_text(day: str, language: str) -> str:
    """Return a day as it is written in one of the two languages."""
    when = date.fromisoformat(day)
    return f"{when.day}.{when.month}.{when.year}" if language == "de" else day
