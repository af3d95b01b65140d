"""Inquiries that came to an end in a quarter: on which way they came, and what became of them.

An inquiry may be anonymous: then it is counted as a person and a household of its own. Nobody knows whether
two were of one person or family, so the higher threshold holds for every cell. An institution knows what
became of those whom it referred.
"""

from collections.abc import Mapping

import asyncpg

from app.protection import Codes, Units
from app.reporting.catalogue import Period, Table
from app.reporting.classes import Classes, Label, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.shaping import access_route, access_routes, flat, marker
from app.reporting.subjects.subject import PROTECTED, Columns, Further, Subject, named
from app.reporting.words import Words

_ENDED = """SELECT person_key::text, household_key::text, contributor_id::text, institution_id::text,
    access_route, result
FROM ended_inquiry_figures($1, $2)"""
_WHERE = {"inquiry": "ended"}

RESULTS = {
    "advised": Label("Ein Gespräch genügte", "One conversation"),
    "case": Label("Wurde ein Fall", "Became a case"),
    "passed_on": Label("Weitervermittelt", "Passed on"),
    "declined": Label("Abgelehnt", "Declined"),
    "removed": Label("Von der Warteliste genommen", "Taken from the waiting list"),
}

FROM_INQUIRIES = Label(
    "Anfragen an das Case Management der KIM-Kommune, ohne geschützte Personen",
    "Inquiries to the case management of the KIM municipality, without restricted persons",
)


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    return named(
        marker("inquiry", "ended", Label("Beendete Anfrage", "Ended inquiry")),
        flat("result", RESULTS, Label("Ergebnis", "Result")),
        access_routes(),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each inquiry that came to an end in a quarter."""
    return inquiries(await read_columns(driver, _ENDED, quarter.first_day, quarter.last_day), quarter)


def inquiries(found: Columns, quarter: Quarter) -> Further:
    """Return one unit for each: person or inquiry, household or inquiry, responsible, sender, way, result."""
    person, household, responsible, sender, route, result = found
    codes: Codes = {
        "inquiry": "ended", "access_route": route.mapped(access_route), "result": result,
        "quarter": str(quarter),
    }  # fmt: skip
    units = Units.from_columns(person, household, responsible, sender, codes)
    return Further(units, tuple(table.name for table in _TABLES) if units else ())


def _table(name: str, by: Label, levels: Mapping[str, int], scale: Scale = Scale.SMALL) -> Table:
    return Table(
        name,
        Label(f"Anfragen nach {by.de}", f"Inquiries by {by.en}"),
        Label(
            f"Anfragen, aus denen im Quartal etwas geworden ist, nach {by.de}. Was noch offen ist "
            "oder wartet, "
            "zählt, wenn es endet.",
            f"Inquiries of which something became in the quarter, by {by.en}. What is open or waits counts "
            "when it ends.",
        ),
        Period.QUARTER,
        levels,
        scale,
        where=_WHERE,
    )


_TABLES = (
    _table("inquiries_by_result", Label("Ergebnis", "result"), {"result": 1}),
    _table("inquiries_by_access_route", Label("Zugangsweg", "access route"), {"access_route": 1}),
    _table(
        "inquiries_by_result_and_access_route",
        Label("Ergebnis und Zugangsweg", "result and access route"),
        {"result": 1, "access_route": 1},
        Scale.LARGE,
    ),
)

INQUIRIES = Subject(
    "inquiries",
    "inquiry",
    Words(
        unit=Label("Im Quartal beendete Anfragen", "Inquiries that ended in the quarter"),
        source=FROM_INQUIRIES,
        method=Label(
            "Wer anonym fragt, ist keine bekannte Person und gehört zu keinem bekannten Haushalt: Darum gilt "
            f"für jede Zahl die höhere Schwelle. {PROTECTED.de}",
            "Who asks anonymously is no known person and of no known household, so the higher "
            "threshold holds "
            f"for every figure. {PROTECTED.en}",
        ),
        note=Label(
            "Wer zweimal anonym fragt, zählt zweimal.", "Who asks twice anonymously is counted twice."
        ),
    ),
    _classes,
    _TABLES,
    read,
    is_in_lines=True,
)
