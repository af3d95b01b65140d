"""Cases that are open on the last day of a quarter: phase, access route, counselling against case management.

By nothing that closed cases are told by: what opens in a quarter is not told, and so nothing but the totals
of two quarters and of what was closed between them hang together. The lead of a unit's team lists all of its
cases: where an area has several units, the unit is one who knows.
"""

from collections.abc import Mapping

import asyncpg

from app.protection import Codes, Units
from app.reporting.catalogue import Period, Table
from app.reporting.classes import Classes, Label, labels_of, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.shaping import access_route, access_routes, flat, marker
from app.reporting.subjects.subject import FROM_CASES, PROTECTED, THRESHOLDS, Columns, Further, Subject, named
from app.reporting.subjects.teams import who_knows_too
from app.reporting.words import Words

_OPEN = """SELECT person_key::text, household_key::text, contributor_id::text, unit_id::text, team,
    phase, access_route, kind
FROM open_case_figures($1)"""
_WHERE = {"open_case": "open"}
_CLOSED = "closed"

KINDS = {
    "case_management": Label("Case Management", "Case management"),
    "counselling": Label("Beratung", "Counselling"),
}


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    phases = {code: label for code, label in labels_of("case_phase").items() if code != _CLOSED}
    return named(
        marker("open_case", "open", Label("Offener Fall", "Open case")),
        flat("phase", phases, Label("Phase", "Phase")),
        access_routes(),
        flat("kind", KINDS, Label("Art", "Kind")),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each case that is open on the last day of a quarter."""
    return open_cases(await read_columns(driver, _OPEN, quarter.last_day), quarter)


def open_cases(found: Columns, quarter: Quarter) -> Further:
    """Return one unit for each: person, household, lead, unit, team, phase, access route, kind."""
    person, household, lead, unit, team, phase, route, kind = found
    codes: Codes = {
        "open_case": "open", "phase": phase, "access_route": route.mapped(access_route), "kind": kind,
        "quarter": str(quarter),
    }  # fmt: skip
    units = Units.from_columns(person, household, lead, who_knows_too(lead, team, unit), codes)
    return Further(units, tuple(table.name for table in _TABLES) if units else ())


def _table(name: str, by: Label, levels: Mapping[str, int], scale: Scale = Scale.SMALL) -> Table:
    return Table(
        name,
        Label(f"Offene Fälle nach {by.de}", f"Open cases by {by.en}"),
        Label(
            f"Fälle, die am letzten Tag des Quartals offen sind, nach {by.de} an diesem Tag.",
            f"Cases that are open on the last day of the quarter, by {by.en} on that day.",
        ),
        Period.QUARTER,
        levels,
        scale,
        where=_WHERE,
    )


_TABLES = (
    _table("open_cases_by_phase", Label("Phase", "phase"), {"phase": 1}),
    _table(
        "open_cases_by_kind", Label("Beratung und Case Management", "counselling and case management"),
        {"kind": 1},
    ),
    _table("open_cases_by_access_route", Label("Zugangsweg", "access route"), {"access_route": 1}),
    _table(
        "open_cases_by_phase_and_kind",
        Label("Phase sowie Beratung und Case Management", "phase, counselling and case management"),
        {"phase": 1, "kind": 1},
        Scale.LARGE,
    ),
    _table(
        "open_cases_by_access_route_and_kind",
        Label(
            "Zugangsweg sowie Beratung und Case Management",
            "access route, counselling and case management",
        ),
        {"access_route": 1, "kind": 1},
        Scale.LARGE,
    ),
)  # fmt: skip

OPEN_CASES = Subject(
    "open_cases",
    "open_case",
    Words(
        unit=Label(
            "Fälle, die am letzten Tag des Quartals offen sind (eine Person kann mehrere haben)",
            "Cases that are open on the last day of the quarter (a person can have several)",
        ),
        source=FROM_CASES,
        method=Label(f"{THRESHOLDS.de} {PROTECTED.de}", f"{THRESHOLDS.en} {PROTECTED.en}"),
        note=Label(
            "Gezählt wird, wer im Case Management oder in der Beratung ist, nicht der Bedarf der Kommune.",
            "Counted are those in case management or counselling, not the need of the municipality.",
        ),
    ),
    _classes,
    _TABLES,
    read,
    is_strict=False,
    is_in_lines=True,
)
