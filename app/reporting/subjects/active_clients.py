"""Clients with a case that was open in a quarter: who they are, and how far their German is.

All tables are about the same persons, so they are one linked system; German is a table of it and no subject
of its own, because its total is the same.
"""

from collections.abc import Mapping

import asyncpg

from app.catalogues.check import vocabulary
from app.clients.rules import NOT_STATED as RESIDENCE_NOT_STATED
from app.clients.rules import band_of_age, reporting_nationality
from app.protection import Codes, Dimension, Key, Units, key_of, together
from app.reporting.catalogue import Period, Table
from app.reporting.classes import (
    ALL,
    NOT_STATED,
    OTHER_SEX,
    SEXES,
    TOTAL,
    Classes,
    Label,
    fixed,
    period,
)
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.german import german_classes, german_code
from app.reporting.subjects.subject import PROTECTED, Further, Subject, named
from app.reporting.subjects.teams import who_knows_too
from app.reporting.words import Words

_ACTIVE = """SELECT person_key::text, household_key::text, contributor_id::text, team, residence_status,
    array_to_string(nationalities, ' '), age, sex, german_at_first, german
FROM active_client_figures($1, $2)"""

CLIENTS_BY_SEX = "clients_sex"
MARKER, ACTIVE = "clients", "active"
_ATTRIBUTES = ("residence", "nationality", "age", "sex")
_CLIENTS = Label("Aktive Klient:innen", "Active clients")


def active_total(quarter: Quarter) -> Key:
    """Return the cell of all active clients of a quarter: the denominator of rates."""
    return key_of({MARKER: ACTIVE, "quarter": str(quarter)}, _trees(quarter))


def _trees(quarter: Quarter) -> list[Dimension]:
    return [each.dimension for each in _classes(quarter).values()]


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    clients = Dimension(MARKER, {ACTIVE: TOTAL})
    return named(
        Classes(clients, _CLIENTS, {TOTAL: ALL, ACTIVE: _CLIENTS}),
        *(fixed()[name] for name in _ATTRIBUTES),
        german_classes(),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each active client, as they were on the last day of a quarter."""
    found = await read_columns(driver, _ACTIVE, quarter.first_day, quarter.last_day)
    person, household, lead, team, status, nations, age, sex, at_first, latest = found
    codes: Codes = {
        MARKER: ACTIVE,
        "residence": status.mapped(_residence),
        "nationality": nations.mapped(_nationality),
        "age": age.mapped(lambda years: NOT_STATED if years is None else band_of_age(years)),
        "sex": sex.mapped(lambda code: code if code in SEXES else OTHER_SEX),
        "german": together(german_code, at_first, latest),
        "quarter": str(quarter),
    }
    units = Units.from_columns(person, household, lead, who_knows_too(lead, team), codes)
    return Further(units, tuple(table.name for table in _TABLES) if units else ())


def _residence(status: str | None) -> str:
    known = vocabulary("residence_status")
    return RESIDENCE_NOT_STATED if status is None else known[status].parent or ""


def _nationality(nations: str) -> str:
    known = vocabulary("nationality")
    return reporting_nationality([known[code].parent or "" for code in nations.split()])


def _table(
    name: str, what: Label, more: Label, levels: Mapping[str, int], scale: Scale = Scale.SMALL
) -> Table:
    return Table(
        name,
        Label(f"Aktive Klient:innen nach {what.de}", f"Active clients by {what.en}"),
        Label(
            f"Personen mit einem Fall, der im Quartal offen war, nach {what.de} {more.de}.",
            f"Persons with a case that was open in the quarter, by {what.en} {more.en}.",
        ),
        Period.QUARTER,
        levels,
        scale,
        where={MARKER: ACTIVE},
    )


_LAST_DAY = Label("am letzten Tag des Quartals", "on the last day of the quarter")
_LATEST = Label("nach der letzten Einstufung", "by the latest assessment")
_RISEN = Label(
    "nach der letzten Einstufung; darunter, wer seit der ersten eine Stufe aufgestiegen ist",
    "by the latest assessment; below it, who has risen since the first",
)
_GERMAN = Label("Deutschniveau", "level of German")
_TABLES = (
    _table("clients_residence", Label("Aufenthaltsgruppe", "residence group"), _LAST_DAY, {"residence": 1}),
    _table(
        "clients_nationality",
        Label("Staatsangehörigkeitsgruppe", "nationality group"),
        _LAST_DAY,
        {"nationality": 1},
    ),
    _table("clients_age", Label("Altersgruppe", "age band"), _LAST_DAY, {"age": 1}),
    _table(CLIENTS_BY_SEX, Label("Geschlecht", "sex"), _LAST_DAY, {"sex": 1}),
    _table("clients_german", _GERMAN, _LATEST, {"german": 1}),
    _table(
        "clients_german_progress",
        Label("Deutschniveau und Aufstieg", "level of German and progress"),
        _RISEN,
        {"german": 2},
        Scale.MEDIUM,
    ),
)

ACTIVE_CLIENTS = Subject(
    "active_clients",
    MARKER,
    Words(
        unit=Label(
            "Personen mit einem Fall, der an einem Tag des Quartals offen war",
            "Persons with a case that was open on a day of the quarter",
        ),
        source=Label(
            "Fallakten der KIM-Kommune, ohne geschützte Personen",
            "Case records of the KIM municipality, without restricted persons",
        ),
        method=Label(
            "Eine Zahl wird nur gezeigt, wenn sie genug Personen, Haushalte und Fachkräfte umfasst; für "
            f"Minderjährige gilt die höhere Schwelle. {PROTECTED.de}",
            "A figure is shown only if it covers enough persons, households and case managers; for minors "
            f"the higher threshold holds. {PROTECTED.en}",
        ),
        note=Label(
            "Case Management und Beratung zusammen; jede Person einmal, auch mit mehreren Fällen.",
            "Case management and counselling together; each person once, also with several cases.",
        ),
    ),
    _classes,
    _TABLES,
    read,
    is_strict=False,
    is_in_lines=True,
)
