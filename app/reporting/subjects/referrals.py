"""Referrals that came to an end in a quarter: whether and how soon they were answered, and what they brought.

Each is told once, when it ends, with all that is known then: so acceptance, outcome and time to answer are
of the same referrals, and every table is linked with every other.
"""

from collections.abc import Mapping

import asyncpg

from app.protection import Codes, Dimension, Units, together
from app.reporting.catalogue import Median, Period, Table
from app.reporting.classes import (
    TOTAL,
    WITHOUT,
    WITHOUT_GROUP,
    Classes,
    Label,
    institution,
    labels_of,
    period,
)
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.shaping import band_of, marker, nested
from app.reporting.subjects.subject import FROM_CASES, PROTECTED, THRESHOLDS, Columns, Further, Subject, named
from app.reporting.words import Words

_ENDED = """SELECT person_key::text, household_key::text, contributor_id::text, institution_id::text,
    institution_type, state, is_answered, days, outcome
FROM ended_referral_figures($1, $2)"""
_WHERE = {"referral": "ended"}

ACCEPTED = "accepted"
WITHOUT_ANSWER = {
    "no_answer": Label("Keine Antwort in der Frist", "No answer in time"),
    "ended_before": Label("Vor einer Antwort beendet", "Ended before an answer"),
}
NO_OUTCOME = "no_outcome"
ANSWERED, UNANSWERED = "answered", "unanswered"
_ENDS = (3, 7, 14, 28)
_BANDS = {
    "up_to_3": Label("bis 3 Tage", "up to 3 days"),
    "up_to_7": Label("4 bis 7 Tage", "4 to 7 days"),
    "up_to_14": Label("8 bis 14 Tage", "8 to 14 days"),
    "up_to_28": Label("15 bis 28 Tage", "15 to 28 days"),
    "over_28": Label("mehr als 28 Tage", "more than 28 days"),
}


def outcomes() -> dict[str, Label]:
    """Return what can come of an accepted referral; silence is no outcome of one."""
    known = {code: label for code, label in labels_of("referral_outcome").items() if code != "no_answer"}
    return {**known, NO_OUTCOME: Label("Ohne Ergebnis beendet", "Ended without an outcome")}


def course_of(state: str, outcome: str | None, is_answered: bool) -> str:
    """Return the class of what became of a referral that ended in a state."""
    if state == "expired":
        return "no_answer"
    if not is_answered:
        return "ended_before"
    if state == "rejected":
        return state
    return outcome if outcome in outcomes() else NO_OUTCOME


def _institutions() -> Classes:
    """Return kinds of institutions in their groups; a referral always has one."""
    every = institution()
    none = {WITHOUT, WITHOUT_GROUP}
    parents = {code: parent for code, parent in every.dimension.parents.items() if code not in none}
    tree = Dimension("institution", parents, sensitive=every.dimension.sensitive)
    return Classes(tree, every.title, {code: every.labels[code] for code in (TOTAL, *parents)})


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    courses = {
        ACCEPTED: (Label("Angenommen", "Accepted"), outcomes()),
        "rejected": (Label("Abgelehnt", "Rejected"), {}),
        **{code: (label, {}) for code, label in WITHOUT_ANSWER.items()},
    }
    times = {
        ANSWERED: (Label("Beantwortet", "Answered"), _BANDS),
        UNANSWERED: (Label("Nicht beantwortet", "Not answered"), {}),
    }
    return named(
        marker("referral", "ended", Label("Beendete Vermittlung", "Ended referral")),
        nested("course", courses, Label("Annahme und Ergebnis", "Acceptance and outcome")),
        nested("answer_time", times, Label("Antwortdauer", "Time to answer")),
        _institutions(),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each referral that came to an end in a quarter."""
    return referrals(await read_columns(driver, _ENDED, quarter.first_day, quarter.last_day), quarter)


def referrals(found: Columns, quarter: Quarter) -> Further:
    """Return one unit for each.

    Columns: person, household, lead, institution, its kind, state, whether answered, days, outcome.
    """
    person, household, lead, asked, kind, state, is_answered, days, outcome = found
    codes: Codes = {
        "referral": "ended", "institution": kind,
        "course": together(course_of, state, outcome, is_answered),
        "answer_time": days.mapped(_answer_time), "quarter": str(quarter),
    }  # fmt: skip
    units = Units.from_columns(person, household, lead, asked, codes)
    return Further(units, tuple(table.name for table in _TABLES) if units else ())


def _answer_time(days: int | None) -> str:
    return UNANSWERED if days is None else band_of(days, _ENDS, tuple(_BANDS))


def _table(
    name: str, by: Label, levels: Mapping[str, int], scale: Scale = Scale.SMALL, more: Label | None = None
) -> Table:
    return Table(
        name,
        Label(f"Vermittlungen nach {by.de}", f"Referrals by {by.en}"),
        Label(
            f"Vermittlungen, die im Quartal endeten, nach {by.de}." + (f" {more.de}" if more else ""),
            f"Referrals that ended in the quarter, by {by.en}." + (f" {more.en}" if more else ""),
        ),
        Period.QUARTER,
        levels,
        scale,
        where=_WHERE,
        median=Median("answer_time", ANSWERED) if "answer_time" in levels else None,
    )


def _link(levels: Mapping[str, int], scale: Scale = Scale.SMALL) -> Table:
    nothing = Label("", "")
    return Table("link", nothing, nothing, Period.QUARTER, levels, scale, where=_WHERE)


_DAYS = Label(
    "Tage von der Anfrage bis zur Annahme oder Ablehnung; außerhalb der Plattform bis zum Tag, an "
    "dem die Antwort "
    "eingetragen wurde.",
    "Days from the request to acceptance or rejection; off the platform to the day on which the answer was "
    "written down.",
)  # fmt: skip
_GROUP = Label("Gruppe von Einrichtungen", "group of institutions")

_TABLES = (
    _table("referrals_by_outcome", Label("Annahme und Ergebnis", "acceptance and outcome"), {"course": 2}),
    _table("referrals_by_institution_group", _GROUP, {"institution": 1}),
    _table(
        "referrals_by_time_to_answer", Label("Antwortdauer", "time to answer"), {"answer_time": 2}, more=_DAYS
    ),
    _table(
        "referrals_by_institution_kind",
        Label("Art der Einrichtung", "kind of institution"),
        {"institution": 2},
        Scale.MEDIUM,
    ),
    _table(
        "referrals_by_outcome_and_institution_group",
        Label(f"Annahme, Ergebnis und {_GROUP.de}", f"acceptance, outcome and {_GROUP.en}"),
        {"course": 2, "institution": 1},
        Scale.LARGE,
    ),
    _table(
        "referrals_by_time_to_answer_and_institution_kind",
        Label("Antwortdauer und Art der Einrichtung", "time to answer and kind of institution"),
        {"answer_time": 2, "institution": 2},
        Scale.LARGE,
        _DAYS,
    ),
)

_LINKS = (
    _link({"answer_time": 1, "course": 1}),
    _link({"answer_time": 1, "course": 1, "institution": 1}, Scale.LARGE),
)
"""Who was answered is who was accepted or rejected: without these the proof would not know."""

REFERRALS = Subject(
    "referrals",
    "referral",
    Words(
        unit=Label("Im Quartal beendete Vermittlungen", "Referrals that ended in the quarter"),
        source=FROM_CASES,
        method=Label(
            f"{THRESHOLDS.de} {PROTECTED.de} Ein Median wird ab zehn Antworten und nur aus gezeigten Zahlen "
            "gebildet: Genannt wird die Klasse, bis zu deren Ende die Hälfte beantwortet war.",
            f"{THRESHOLDS.en} {PROTECTED.en} A median is made from ten answers on and of shown "
            "figures only: it "
            "names the band by whose end half had been answered.",
        ),
        note=Label(
            "Außerhalb der Plattform beweist Schweigen nichts. Was eine Einrichtung ohne "
            "Einwilligung erzählte, "
            "steht unter „Nicht mitgeteilt“.",
            "Off the platform silence proves nothing. What an institution told without consent "
            "counts as 'not "
            "disclosed'.",
        ),
    ),
    _classes,
    _TABLES,
    read,
    is_strict=False,
    links=_LINKS,
)
