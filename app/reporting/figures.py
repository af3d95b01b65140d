"""Reads barrier cases and the size of an area, as the reporting role: the only reader of the figures.

A barrier case is the first report of the year with one person, type, kind of institution and interface.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any

import asyncpg

from app.kit.database import Database, System
from app.protection import Codes, Column, Units
from app.reporting.classes import AREA_WIDE, NOT_STATED, OTHER_SEX, SEXES, WITHOUT
from app.reporting.open_tables.every import read_open
from app.reporting.parts import Barriers, Figures, OfSubject, Opened, Part
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Size, coverage, merge_towns
from app.reporting.subjects.every import SUBJECTS
from app.reporting.subjects.subject import Subject
from app.reporting.towns import case_managers_by_town

Reader = Callable[[asyncpg.Connection, Quarter], Awaitable[Figures | Part]]

# Everything that is selected decides between two reports of one day, so the choice never depends on the
# order of rows. All columns are in the index of the period: the rows themselves are not read. OFFSET keeps it
# so, since the order of persons would be had from another index, row for row. Keys become words after the
# choice, and codes that go together one word: words take longer to sort, and many of them longer to read.
_CASES = """
SELECT person_key::text, household_key::text, contributor_id::text, institution_id::text,
    concat_ws('|', quarter, barrier_type, coalesce(institution_type, ''), coalesce(interface_from, ''),
        coalesce(interface_to, '')),
    concat_ws('|', effect, coalesce(level, ''), coalesce(municipality, '')),
    concat_ws('|', residence_group, nationality_group, coalesce(age_band, ''), coalesce(sex, ''))
FROM (
    SELECT DISTINCT ON (person_key, barrier_type, institution_type, interface_from, interface_to) *
    FROM (
        SELECT person_key, household_key, contributor_id, institution_id, quarter, reported_on,
            barrier_type, institution_type, interface_from, interface_to, effect, level,
            residence_group, nationality_group, age_band, sex, municipality
        FROM barrier_figures WHERE reported_on BETWEEN $1 AND $2 OFFSET 0
    ) reports
    ORDER BY person_key, barrier_type, institution_type, interface_from, interface_to, reported_on,
        household_key, contributor_id, institution_id, effect, level, residence_group, nationality_group,
        age_band, sex, municipality
) first_reports
"""

# Every report has one contributor, so both are counted by one pass.
_REPORTS = """
SELECT coalesce(sum(number), 0)::bigint AS reports, count(*) AS contributors
FROM (
    SELECT contributor_id, count(*) AS number
    FROM (
        SELECT DISTINCT contributor_id, report_id FROM barrier_figures WHERE reported_on BETWEEN $1 AND $2
    ) reports
    GROUP BY contributor_id
) contributors
"""

_SUPPORT = """
SELECT count(DISTINCT client_id) FILTER (WHERE NOT is_restricted AND NOT is_held) AS clients,
    count(DISTINCT user_id) AS case_managers
FROM assignments WHERE kind = 'lead' AND active_from < ($2::date + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
    AND (active_until IS NULL OR active_until > $1::date::timestamp AT TIME ZONE 'Europe/Berlin')
"""

_TOWNS = "SELECT DISTINCT coalesce(municipality, $3) FROM barrier_figures WHERE reported_on BETWEEN $1 AND $2"


async def read_figures(
    reporting: Database, area: str, quarter: Quarter, disclosed: Collection[str] = ()
) -> AsyncGenerator[Figures | Part]:
    """Read the size of an area, and then part by part what is told of it.

    `disclosed` are the persons of whom a state-wide database was given lines.

    Each in a transaction of its own: the database ends those that say nothing while a part is computed.
    """
    every: list[Reader] = [
        _outline,
        _opened,
        _barriers,
        *(partial(_of_subject, each, disclosed) for each in SUBJECTS),
    ]
    for read in every:
        async with reporting.transaction(System(area)) as db:
            found = await read(await db.driver(), quarter)
        yield found


async def _outline(driver: asyncpg.Connection, quarter: Quarter) -> Figures:
    """Return what decides which tables there are: no figure of them."""
    first, last = Quarter(quarter.year, 1).first_day, quarter.last_day
    counted = await driver.fetchrow(_REPORTS, quarter.first_day, last)
    support = await driver.fetchrow(_SUPPORT, quarter.first_day, last)
    staff = await case_managers_by_town(driver, first, last)
    seen = await driver.fetch(_TOWNS, first, last, AREA_WIDE)
    regions = tuple(merge_towns({**{row[0]: 0 for row in seen}, **staff}))
    return Figures(
        cases=(),
        size=Size(support["clients"], counted["reports"], len(regions)),
        regions=regions,
        coverage=coverage(counted["contributors"], support["case_managers"]),
    )


async def _opened(driver: asyncpg.Connection, quarter: Quarter) -> Part:
    return Opened(await read_open(driver, quarter))


async def _barriers(driver: asyncpg.Connection, quarter: Quarter) -> Part:
    first = Quarter(quarter.year, 1).first_day
    *keys, place, outcome, person = await read_columns(driver, _CASES, first, quarter.last_day)
    cases = barrier_cases([*keys, *place.parted(5), *outcome.parted(3), *person.parted(4)])
    return Barriers(cases.nameless())


async def _of_subject(
    subject: Subject, disclosed: Collection[str], driver: asyncpg.Connection, quarter: Quarter
) -> Part:
    found = await subject.read(driver, quarter)
    if subject.is_in_lines and disclosed:
        found = found.told_to(disclosed)
    return OfSubject(subject.name, found.nameless())


def barrier_cases(found: Sequence[Column[Any]]) -> Units:
    """Return one unit for each barrier case.

    Columns: person, household, contributor, institution, quarter, type, kind of institution, interface from
    and to, effect, level, municipality, residence group, nationality group, age band, sex.
    """
    person, household, contributor, institution, quarter, barrier, kind, left, entered, *rest = found
    effect, level, town, residence, nationality, age, sex = rest
    codes: Codes = {
        "quarter": quarter,
        "barrier": barrier,
        "institution": kind.filled(WITHOUT),
        "interface_from": left.filled(WITHOUT),
        "interface_to": entered.filled(WITHOUT),
        "effect": effect,
        "level": level.filled(NOT_STATED),
        "residence": residence,
        "nationality": nationality,
        "age": age.filled(NOT_STATED),
        "sex": sex.mapped(lambda code: code if code in SEXES else OTHER_SEX),
        "region": town.filled(AREA_WIDE),
    }
    return Units.from_columns(person, household, contributor, institution, codes)
