"""Residents as official figures state them: the denominators beside what is reported."""

from collections import Counter
from collections.abc import Mapping

import asyncpg

from app.catalogues.check import vocabulary
from app.reporting.classes import NOT_STATED, Classes, Label, labels_of
from app.reporting.open_tables.shape import OPEN, TOWN, Amounts, Found, OpenTable, flat, table_of
from app.reporting.rules import Quarter
from app.reporting.subjects.subject import named
from app.reporting.words import Words

_LATEST = """SELECT stated_on, source, licence, figures FROM populations
WHERE stated_on <= $1 ORDER BY stated_on DESC LIMIT 1"""
_TOWN, _GROUP, _AGE, _PERSONS = range(4)
"""The places of a line in `populations.figures`."""


async def read_ages(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return residents by group of nationality and age band."""
    return await _read(driver, quarter, (_GROUP, _AGE))


async def read_towns(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return residents by town and group of nationality."""
    return await _read(driver, quarter, (_TOWN, _GROUP))


async def _read(driver: asyncpg.Connection, quarter: Quarter, along: tuple[int, int]) -> Found | None:
    row = await driver.fetchrow(_LATEST, quarter.last_day)
    if row is None:
        return None
    sums: Counter[tuple[str, ...]] = Counter()
    for line in row["figures"]:
        sums[tuple(line[place] or NOT_STATED for place in along)] += line[_PERSONS]
    return Found(sums, f"{row['source']} ({row['stated_on'].isoformat()}), {row['licence']}")


def _groups() -> Classes:
    return flat("nationality", _NATIONALITY, labels_of("nationality_group"))


def _by_age(_: Amounts) -> Mapping[str, Classes]:
    ages = {**labels_of("age_band"), NOT_STATED: Label("Nicht angegeben", "Not stated")}
    return named(_groups(), flat("age", Label("Alter", "Age"), ages))


def _by_town(amounts: Amounts) -> Mapping[str, Classes]:
    """Return the towns that the figures name; an area has its own."""
    names = vocabulary("municipality")
    towns = {
        code: Label(names[code].label_de, names[code].label_de) for code in sorted({k[0] for k in amounts})
    }
    return named(flat(TOWN, Label("Ort", "Town"), towns), _groups())


_NATIONALITY = Label("Staatsangehörigkeit", "Nationality")
_WORDS = Words(
    Label("Einwohnerinnen und Einwohner", "Residents"),
    Label("Amtliche Zahlen, eingetragen von der KIM-Kommune", "Official figures, as imported"),
    OPEN,
    Label(
        "Nenner zum Vergleich, aus einer anderen Quelle als die übrigen Tabellen.",
        "Denominators for comparison, from another source than the other tables.",
    ),
)

BY_AGE = OpenTable(
    table_of(
        "population_by_age",
        Label("Bevölkerung nach Staatsangehörigkeit und Alter", "Population by nationality and age"),
        Label(
            "Einwohnerinnen und Einwohner nach Gruppe der Staatsangehörigkeit und Altersgruppe, letzter "
            "Stand bis zum Ende des Quartals.",
            "Residents by nationality group and age band, the last figures until the end of the quarter.",
        ),
        "nationality",
        "age",
    ),
    _WORDS,
    _by_age,
    read_ages,
)
BY_TOWN = OpenTable(
    table_of(
        "population_by_town",
        Label("Bevölkerung nach Ort und Staatsangehörigkeit", "Population by town and nationality"),
        Label(
            "Einwohnerinnen und Einwohner nach Ort und Gruppe der Staatsangehörigkeit, letzter Stand bis zum "
            "Ende des Quartals.",
            "Residents by town and nationality group, the last figures until the end of the quarter.",
        ),
        TOWN,
        "nationality",
    ),
    _WORDS,
    _by_town,
    read_towns,
)
