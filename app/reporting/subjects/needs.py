"""Needs: of how many persons which topic was asked for, and where.

A need is told by an assessment, or by a referral that came to nothing. A person counts once a year for each
topic, in the quarter in which the need was told first, so quarters, topics and regions add up. Whether it was
an assessment or a referral is told by no table: what became of referrals is a subject of its own, and classes
that mean the same in two subjects would link them without the proof's knowing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import asyncpg

from app.protection import Codes, Dimension, Units
from app.reporting.catalogue import Period, Table
from app.reporting.classes import ALL, AREA_WIDE, TOTAL, Classes, Label, labels_of, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale, merge_towns
from app.reporting.subjects.life_domains import SENSITIVE
from app.reporting.subjects.shaping import marker
from app.reporting.subjects.subject import PROTECTED, REGION, Columns, Further, Subject, named
from app.reporting.towns import case_managers_by_town
from app.reporting.words import Words

_NEEDS = """SELECT person_key::text, household_key::text, contributor_id::text, topic, municipality,
    array_to_string(institution_ids, ' ')
FROM need_figures($1, $2, $3)"""

MARKER, TOLD, TOPIC = "need", "told", "life_domain"
BY_TOPIC, BY_REGION, BY_BOTH = "needs_by_topic", "needs_by_region", "needs_by_topic_and_region"
TOPIC_TITLE = Label("Thema (Lebensbereich)", "Topic (life domain)")


def _topics() -> Classes:
    """Return topics as attributes of persons: that nobody of a region has a need tells of them all."""
    labels = labels_of("life_domain")
    tree = Dimension(TOPIC, dict.fromkeys(labels, TOTAL), personal=True, sensitive=SENSITIVE)
    return Classes(tree, TOPIC_TITLE, {TOTAL: ALL, **labels})


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    return named(
        marker(MARKER, TOLD, Label("Bedarf genannt", "Need told")),
        _topics(),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each person and topic that was told for the first time of the year."""
    first = Quarter(quarter.year, 1).first_day
    found = await read_columns(driver, _NEEDS, first, quarter.first_day, quarter.last_day)
    staff = await case_managers_by_town(driver, first, quarter.last_day)
    return needs(found, staff, quarter)


def needs(found: Columns, staff: Mapping[str, int], quarter: Quarter) -> Further:
    """Return units and tables; regions are made of the towns by how many case managers work there.

    Columns: person, household, lead, topic, town of the unit, institutions that know of the need.
    """
    person, household, lead, topic, town, asked = found
    town = town.filled(AREA_WIDE)
    regions = tuple(merge_towns({**dict.fromkeys(town.used(), 0), **staff})) if len(person) else ()
    several = len(regions) > 1
    busy: Counter[str] = Counter()
    for institutions, number in zip(asked.words, asked.counts().tolist(), strict=True):
        busy.update(dict.fromkeys((institutions or "").split(), number))
    best = asked.mapped(lambda institutions: _best_informed((institutions or "").split(), busy))
    regional = {REGION: town} if several else {}
    codes: Codes = {MARKER: TOLD, TOPIC: topic, "quarter": str(quarter), **regional}
    units = Units.from_columns(person, household, lead, best, codes)
    tables = tuple(table.name for table in TABLES if several or not table.needs_regions) if units else ()
    return Further(units, tables, regions if several else ())


def _best_informed(asked: Sequence[str], busy: Counter[str]) -> str | None:
    """Return of the institutions that know of a need the one that knows of most: it is the one to fear."""
    return min(asked, key=lambda each: (-busy[each], each), default=None)


def _table(name: str, by: Label, more: Label, levels: Mapping[str, int], scale: Scale) -> Table:
    return Table(
        name,
        Label(f"Bedarfe nach {by.de}", f"Needs by {by.en}"),
        Label(
            f"Personen, deren Bedarf im Quartal erstmals im Jahr genannt wurde, nach {by.de}{more.de}.",
            f"Persons whose need was first told of the year in the quarter, by {by.en}{more.en}.",
        ),
        Period.QUARTER,
        levels,
        scale,
        where={MARKER: TOLD},
        needs_regions=REGION in levels,
    )


_PLAIN = Label("", "")
_OF_THE_UNIT = Label(
    " der Stelle (Orte mit zusammen mindestens drei Case Managements)",
    " of the unit (towns with together at least three case managers)",
)
TABLES = (
    _table(BY_TOPIC, Label("Thema", "topic"), _PLAIN, {TOPIC: 1}, Scale.SMALL),
    _table(BY_REGION, Label("Region", "region"), _OF_THE_UNIT, {REGION: 1}, Scale.MEDIUM),
    _table(
        BY_BOTH,
        Label("Thema und Region", "topic and region"),
        _OF_THE_UNIT,
        {TOPIC: 1, REGION: 1},
        Scale.LARGE,
    ),
)

NEEDS = Subject(
    "needs",
    MARKER,
    Words(
        unit=Label(
            "Personen mit einem Bedarf, je Thema einmal im Jahr",
            "Persons with a need, once a year for each topic",
        ),
        source=Label(
            "Assessments und Vermittlungen ohne Erfolg (keine Kapazität, abgelehnt, nicht zuständig, keine "
            "Antwort) der KIM-Kommune, ohne geschützte Personen",
            "Assessments and referrals without success (no capacity, rejected, not responsible, no answer) "
            "of the KIM municipality, without restricted persons",
        ),
        method=Label(
            "Eine Zahl wird nur gezeigt, wenn sie genug Personen, Haushalte und Fachkräfte umfasst; für "
            "Gesundheit, Gewaltschutz, Schule und Kinderbetreuung gilt die höhere Schwelle, und dass niemand "
            f"einen Bedarf hat, wird von keiner Gruppe gesagt. {PROTECTED.de}",
            "A figure is shown only if it covers enough persons, households and case managers; for health, "
            "protection from violence, school and child care the higher threshold holds, and of no group it "
            f"is told that nobody has a need. {PROTECTED.en}",
        ),
        note=Label(
            "Themen sind die Lebensbereiche. Eine Vermittlung zählt bei jedem Thema ihres Angebots; "
            "ohne Angebot nur, wo ihr Anliegen verschlüsselt ist. Ob der Bedarf noch besteht, sagt die Zahl "
            "nicht; was im Jahr schon genannt war, zählt in späteren Quartalen nicht noch einmal.",
            "Topics are the life domains. A referral counts for each topic of its offer; without an offer "
            "only where its concern is coded. Whether the need still exists is not told; what was told "
            "before in the year is not counted again in later quarters.",
        ),
    ),
    _classes,
    TABLES,
    read,
    is_strict=False,
    is_in_lines=True,
)
