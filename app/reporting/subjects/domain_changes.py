"""Changes of what a person lives on, and the days between the end of the one and the start of the other."""

from collections.abc import Mapping

import asyncpg
import numpy as np

from app.protection import Codes, Units, together
from app.reporting.catalogue import Period, Table
from app.reporting.classes import Classes, Label, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.shaping import band_of, marker, nested
from app.reporting.subjects.subject import FROM_CASES, PROTECTED, THRESHOLDS, Columns, Further, Subject, named
from app.reporting.subjects.teams import who_knows_too
from app.reporting.words import Words

_CHANGES = """SELECT person_key::text, household_key::text, contributor_id::text, team, before, after,
    days
FROM domain_change_figures($1, $2) WITH ORDINALITY ORDER BY ordinality"""
_WHERE = {"domain_change": "changed"}

WITHOUT_GAP = "no_day"
_GAP_ENDS = (0, 7, 14, 30)
_GAPS = {
    "up_to_7": Label("1 bis 7 Tage", "1 to 7 days"),
    "up_to_14": Label("8 bis 14 Tage", "8 to 14 days"),
    "up_to_30": Label("15 bis 30 Tage", "15 to 30 days"),
    "over_30": Label("mehr als 30 Tage", "more than 30 days"),
}

_OTHER_BENEFITS = "other_benefits"
_SOURCES = {
    "asylum_benefits": Label("AsylbLG und Unterbringung", "Asylum benefits, accommodation"),
    "jobseekers": Label("Arbeitsuche (SGB II, SGB III)", "Jobseekers"),
    _OTHER_BENEFITS: Label("Andere Leistungen", "Other benefits"),
    "earnings": Label("Erwerbseinkommen", "Earnings"),
    "nothing": Label("Keine Leistungen oder in Klärung", "No benefits or in clarification"),
}
_GROUPS = {
    "ASYLBLG": "asylum_benefits", "FLUEAG_NRW": "asylum_benefits", "SGB_II": "jobseekers",
    "SGB_III": "jobseekers", "work": "earnings", "no_benefits": "nothing", "in_clarification": "nothing",
}  # fmt: skip


def way(before: str, after: str) -> str:
    """Return the class of a change between two legal domains or livelihoods."""
    return f"{_GROUPS.get(before, _OTHER_BENEFITS)}_to_{_GROUPS.get(after, _OTHER_BENEFITS)}"


def _ways() -> dict[str, tuple[Label, dict[str, Label]]]:
    return {
        f"from_{source}": (
            Label(f"Von: {left.de}", f"From: {left.en}"),
            {
                f"{source}_to_{target}": Label(f"{left.de} → {entered.de}", f"{left.en} → {entered.en}")
                for target, entered in _SOURCES.items()
            },
        )
        for source, left in _SOURCES.items()
    }


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    gaps = {
        WITHOUT_GAP: (Label("Kein Tag ohne Leistung", "No day without benefit"), {}),
        "some_days": (Label("Tage ohne Leistung", "Days without benefit"), _GAPS),
    }
    return named(
        marker("domain_change", "changed", Label("Rechtskreiswechsel", "Change of legal domain")),
        nested("way", _ways(), Label("Von und zu Rechtskreis", "Legal domain left and entered")),
        nested("gap", gaps, Label("Tage ohne Leistung", "Days without benefit")),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each person and way of a change in a quarter."""
    return domain_changes(await read_columns(driver, _CHANGES, quarter.first_day, quarter.last_day), quarter)


def domain_changes(found: Columns, quarter: Quarter) -> Further:
    """Return one unit for each person and class of ways: of several changes the one that was written last.

    Columns: person, household, lead, team, what was left and entered, days between; the last one first.
    """
    person, *_, before, after, _ = found
    ways = together(way, before, after)
    place = person.numbers.astype(np.int64) * (len(ways.words) or 1) + ways.numbers
    _, last = np.unique(place, return_index=True)
    person, household, lead, team, _, _, days = (each.taken(last) for each in found)
    codes: Codes = {
        "domain_change": "changed", "way": ways.taken(last),
        "gap": days.mapped(lambda number: band_of(number, _GAP_ENDS, (WITHOUT_GAP, *_GAPS))),
        "quarter": str(quarter),
    }  # fmt: skip
    units = Units.from_columns(person, household, lead, who_knows_too(lead, team), codes)
    return Further(units, tuple(table.name for table in _TABLES) if units else ())


_DEFINITION = Label(
    "Wechsel dessen, wovon eine Person lebt, im Quartal des neuen Eintrags; je Person und Weg einmal "
    "im Quartal. "
    "Tage ohne Leistung liegen zwischen dem Ende des alten und dem Beginn des neuen Eintrags.",
    "Changes of what a person lives on, in the quarter of the new entry; once a quarter for each "
    "person and way. "
    "Days without benefit lie between the end of the old entry and the start of the new one.",
)


def _table(name: str, title: Label, levels: Mapping[str, int], scale: Scale) -> Table:
    return Table(name, title, _DEFINITION, Period.QUARTER, levels, scale, where=_WHERE)


_TABLES = (
    _table(
        "days_without_benefit",
        Label(
            "Rechtskreiswechsel nach Tagen ohne Leistung",
            "Changes of legal domain by days without benefit",
        ),
        {"gap": 2},
        Scale.SMALL,
    ),
    _table(
        "domain_changes_by_domain_left",
        Label("Rechtskreiswechsel nach verlassenem Rechtskreis", "Changes of legal domain by domain left"),
        {"way": 1},
        Scale.SMALL,
    ),
    _table(
        "domain_changes_by_way",
        Label("Rechtskreiswechsel nach Weg", "Changes of legal domain by way"),
        {"way": 2},
        Scale.MEDIUM,
    ),
    _table(
        "days_without_benefit_by_way",
        Label(
            "Tage ohne Leistung nach Weg des Rechtskreiswechsels",
            "Days without benefit by way of the change",
        ),
        {"gap": 2, "way": 2},
        Scale.LARGE,
    ),
)  # fmt: skip

DOMAIN_CHANGES = Subject(
    "domain_changes",
    "domain_change",
    Words(
        unit=Label(
            "Rechtskreiswechsel im Quartal (eine Person, ein Weg)",
            "Changes of legal domain in the quarter (one person, one way)",
        ),
        source=FROM_CASES,
        method=Label(f"{THRESHOLDS.de} {PROTECTED.de}", f"{THRESHOLDS.en} {PROTECTED.en}"),
        note=Label(
            "Gezählt wird, was in den Fällen eingetragen ist. Ein Eintrag „in Klärung“ gilt als das, "
            "wovon jemand "
            "lebt: Die Tage davor und danach sind die zwischen den Einträgen.",
            "Counted is what is entered in the cases. An entry 'in clarification' counts as what "
            "somebody lives "
            "on: the days before and after it are those between the entries.",
        ),
    ),
    _classes,
    _TABLES,
    read,
    is_strict=False,
    is_in_lines=True,
)
