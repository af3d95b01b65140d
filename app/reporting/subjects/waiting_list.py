"""Inquiries that wait on the last day of a quarter, by weeks.

A unit's case managers read its whole waiting list, so who knows of a unit is the unit and not one of them. Of
one unit in an area nobody inside learns anything new; of two each would read the other's by subtraction. How
many there are follows from who works there: were it told by who waits, a unit would read of the others from
the rule itself.
"""

from collections.abc import Mapping

import asyncpg

from app.protection import Codes, Units
from app.reporting.catalogue import Period, Table
from app.reporting.classes import Classes, Label, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter
from app.reporting.subjects.inquiries import FROM_INQUIRIES
from app.reporting.subjects.shaping import band_of, flat, marker
from app.reporting.subjects.subject import PROTECTED, Columns, Further, Subject, named
from app.reporting.words import Words

_WAITING = """SELECT person_key::text, household_key::text, contributor_id::text, institution_id::text, days
FROM waiting_inquiry_figures($1)"""

WEEKS = (4, 12, 26)
"""Ends of the bands. None lies a quarter after another: no band holds those of one earlier band alone."""

_BANDS = {
    "up_to_4": Label("bis 4 Wochen", "up to 4 weeks"),
    "up_to_12": Label("über 4 bis 12 Wochen", "over 4 to 12 weeks"),
    "up_to_26": Label("über 12 bis 26 Wochen", "over 12 to 26 weeks"),
    "over_26": Label("mehr als 26 Wochen", "more than 26 weeks"),
}
_ENDS = tuple(7 * weeks for weeks in WEEKS)


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    return named(
        marker("waiting_inquiry", "waiting", Label("Wartende Anfrage", "Waiting inquiry")),
        flat("waiting_time", _BANDS, Label("Wartezeit", "Waiting time")),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each inquiry that waits on the last day of a quarter."""
    return waiting(await read_columns(driver, _WAITING, quarter.last_day), quarter)


def waiting(found: Columns, quarter: Quarter) -> Further:
    """Return one unit for each: person or inquiry, household or inquiry, unit of the list, sender, days.

    No unit is named where one alone has case managers.
    """
    person, household, unit, sender, days = found
    codes: Codes = {
        "waiting_inquiry": "waiting", "quarter": str(quarter),
        "waiting_time": days.mapped(lambda number: band_of(number, _ENDS, tuple(_BANDS))),
    }  # fmt: skip
    knows = person.nameless().mapped("alone {}".format) if None in unit.used() else unit
    units = Units.from_columns(person, household, knows, sender, codes)
    return Further(units, ("inquiries_waiting",) if units else ())


WAITING_LIST = Subject(
    "waiting_list",
    "waiting_inquiry",
    Words(
        unit=Label(
            "Anfragen, die am letzten Tag des Quartals warten",
            "Inquiries that wait on the last day of the quarter",
        ),
        source=FROM_INQUIRIES,
        method=Label(
            "Es gilt die höhere Schwelle, weil anonyme Anfragen keiner Person gehören. Haben mehrere Stellen "
            "Fachkräfte, braucht jede Zahl die Wartelisten von dreien; hat nur eine Stelle welche, zählt "
            f"allein ihre Liste. {PROTECTED.de}",
            "The higher threshold holds, since anonymous inquiries belong to no person. Where several units "
            "have case managers, each figure takes the waiting lists of three; where one alone has, only its "
            f"list counts. {PROTECTED.en}",
        ),
        note=Label(
            "Es wartet, wer auf die Warteliste kam und noch keine Antwort hat, auch wenn jemand "
            "schon zuständig "
            "ist.",
            "Who was put on the waiting list waits until something becomes of it, also when somebody "
            "has taken "
            "it on.",
        ),
    ),
    _classes,
    (
        Table(
            "inquiries_waiting",
            Label("Wartende Anfragen nach Wartezeit", "Waiting inquiries by waiting time"),
            Label(
                "Anfragen, die am letzten Tag des Quartals warten, nach Wochen seit der Aufnahme in die "
                "Warteliste.",
                "Inquiries that wait on the last day of the quarter, by weeks since they were put on "
                "the list.",
            ),
            Period.QUARTER,
            {"waiting_time": 1},
            where={"waiting_inquiry": "waiting"},
        ),
    ),
    read,
)
