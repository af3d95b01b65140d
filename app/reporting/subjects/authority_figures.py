"""Figures of component 3, which authorities enter as sums.

An authority enters a sum, not persons: each of its persons is a unit that nobody but the person knows of, and
of no known household. What several authorities report is known to each by its own part.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import asyncpg

from app.catalogues.check import vocabulary
from app.protection import Dimension, Unit, Units
from app.reporting.catalogue import Period, Table
from app.reporting.classes import ALL, TOTAL, Classes, Label, fixed, labels_of, period
from app.reporting.rules import Quarter
from app.reporting.subjects.subject import PROTECTED, Further, Subject, named
from app.reporting.words import Words

_ENTERED = """SELECT institution_id::text AS authority, figure, groups FROM authority_figures
WHERE quarter = $1 AND superseded_at IS NULL ORDER BY figure, institution_id"""
GERMAN = "german"


def foreign_groups() -> dict[str, Label]:
    """Return the groups by which authorities count.

    Nobody counted is German: every reader knows it, so that cell could not hide another.
    """
    return {code: label for code, label in labels_of("nationality_group").items() if code != GERMAN}


def _figure_classes(quarter: Quarter) -> Mapping[str, Classes]:
    groups = foreign_groups()
    nationality = Classes(
        Dimension("nationality", dict.fromkeys(groups, TOTAL), personal=True),
        fixed()["nationality"].title,
        {TOTAL: ALL, **groups},
    )
    figures = labels_of("authority_figure")
    figure = Classes(
        Dimension("figure", dict.fromkeys(figures, TOTAL)),
        Label("Zahl", "Figure"),
        {TOTAL: ALL, **figures},
    )
    return named(figure, nationality, period(quarter.year, quarter.number))


def _figure_tables() -> tuple[Table, ...]:
    return tuple(
        Table(
            f"authority_{code}",
            Label(
                f"{entry.label_de} nach Staatsangehörigkeitsgruppe", f"{entry.label_en} by nationality group"
            ),
            Label(
                f"{entry.label_de}: von den Behörden als Summe für das Quartal gemeldet.",
                f"{entry.label_en}: entered by the authorities as a sum for the quarter.",
            ),
            Period.QUARTER,
            {"nationality": 1},
            where={"figure": code},
        )
        for code, entry in vocabulary("authority_figure").items()
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each person that an authority counted in a quarter."""
    entered = await driver.fetch(_ENTERED, str(quarter))
    return authority_units(
        [(row["authority"], row["figure"], row["groups"]) for row in entered], str(quarter)
    )


def authority_units(entered: Iterable[tuple[str, str, Mapping[str, int]]], quarter: str) -> Further:
    """Return one unit for each person that an authority counted: authority, figure, persons by group."""
    by_figure: dict[str, list[tuple[str, Mapping[str, int]]]] = defaultdict(list)
    for authority, figure, groups in entered:
        by_figure[figure].append((authority, groups))
    units = Units.of(
        _unit(authority, figure, group, number, quarter, alone=len(reports) == 1)
        for figure, reports in by_figure.items()
        for authority, groups in reports
        for group, count in sorted(groups.items())
        for number in range(count)
    )
    return Further(units, tuple(f"authority_{figure}" for figure in by_figure))


def _unit(authority: str, figure: str, group: str, number: int, quarter: str, *, alone: bool) -> Unit:
    person = f"{authority} {figure} {group} {number}"
    codes = {"figure": figure, "nationality": group, "quarter": quarter}
    return Unit(person, person, person if alone else authority, None, codes)


AUTHORITY_FIGURES = Subject(
    "authority_figures",
    "figure",
    Words(
        unit=Label("Personen", "Persons"),
        source=Label(
            "Einbürgerungs- und Ausländerbehörden, von ihnen als Summen eingetragen",
            "Naturalisation and foreigners authorities, entered by them as sums",
        ),
        method=Label(
            "Eine Summe sagt nicht, wer zu einer Familie gehört: Darum gilt für jede Zahl die höhere "
            f"Schwelle. Melden mehrere Behörden, braucht sie drei. {PROTECTED.de}",
            "A sum does not say who is of one family, so the higher threshold holds for every figure. "
            f"Where several authorities report, it takes three. {PROTECTED.en}",
        ),
        note=Label(
            "Entscheidungen eines Quartals gehören nicht zu den Anträgen desselben Quartals.",
            "Decisions of a quarter do not belong to the applications of that quarter.",
        ),
    ),
    _figure_classes,
    _figure_tables(),
    read,
)
