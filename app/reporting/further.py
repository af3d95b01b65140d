"""Reads what a release counts beside barriers, as the reporting role, and makes units of it.

An authority enters a sum, not persons: each of its persons is a unit that nobody but the person knows of, and
of no known household. What several authorities report is known to each by its own part.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import asyncpg

from app.protection import Unit
from app.reporting.rules import Quarter
from app.reporting.subjects import AUTHORITY_FIGURES, SCHOOL_WAITING
from app.school_entries.rules import band_of

AUTHORITIES = """SELECT institution_id::text AS authority, figure, groups FROM authority_figures
WHERE quarter = $1 AND superseded_at IS NULL ORDER BY figure, institution_id"""
WAITING = """SELECT person_key::text, household_key::text, contributor_id::text, stage, days
FROM school_waiting_figures($1) ORDER BY person_key"""


@dataclass(frozen=True, slots=True)
class Further:
    """The units of a subject, and which of its tables somebody has given figures for."""

    units: tuple[Unit, ...]
    tables: tuple[str, ...]


async def read_further(driver: asyncpg.Connection, quarter: Quarter) -> Mapping[str, Further]:
    """Return the units of every subject in a quarter."""
    entered = [
        (row["authority"], row["figure"], row["groups"])
        for row in await driver.fetch(AUTHORITIES, str(quarter))
    ]
    waiting = await driver.fetch(WAITING, quarter.last_day)
    return {
        AUTHORITY_FIGURES: authority_units(entered, str(quarter)),
        SCHOOL_WAITING: Further(
            tuple(
                Unit(row[0], row[1], row[2], None, {
                    "school": "waiting", "stage": row[3], "band": band_of(row[4]), "quarter": str(quarter),
                })
                for row in waiting
            ),
            ("school_waiting",) if waiting else (),
        ),
    }  # fmt: skip


def authority_units(entered: Iterable[tuple[str, str, Mapping[str, int]]], quarter: str) -> Further:
    """Return one unit for each person that an authority counted: authority, figure, persons by group."""
    by_figure: dict[str, list[tuple[str, Mapping[str, int]]]] = defaultdict(list)
    for authority, figure, groups in entered:
        by_figure[figure].append((authority, groups))
    units = [
        _unit(authority, figure, group, number, quarter, alone=len(reports) == 1)
        for figure, reports in by_figure.items()
        for authority, groups in reports
        for group, count in sorted(groups.items())
        for number in range(count)
    ]
    return Further(tuple(units), tuple(f"authority_{figure}" for figure in by_figure))


def _unit(authority: str, figure: str, group: str, number: int, quarter: str, *, alone: bool) -> Unit:
    person = f"{authority} {figure} {group} {number}"
    codes = {"figure": figure, "nationality": group, "quarter": quarter}
    return Unit(person, person, person if alone else authority, None, codes)
