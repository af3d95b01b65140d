"""What became of the life domains: goals at their evaluation, and how it stood at first and at last.

Two subjects: a goal and an assessment count other things, and no equation links them.
"""

from collections.abc import Mapping

import asyncpg

from app.protection import Codes, Dimension, Units, together
from app.reporting.catalogue import Period, Table
from app.reporting.classes import ALL, TOTAL, Classes, Label, labels_of, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.subject import PROTECTED, Further, Subject, named
from app.reporting.subjects.teams import who_knows_too
from app.reporting.words import Words

_GOALS = """SELECT person_key::text, household_key::text, contributor_id::text, team, life_domain,
    attainment
FROM goal_figures($1, $2)"""
_COURSES = """SELECT person_key::text, household_key::text, contributor_id::text, team, life_domain,
    at_first, at_last
FROM life_domain_figures($1, $2)"""

SENSITIVE = ("health", "protection", "school", "child_care")
"""Life domains with the higher threshold: health, protection from violence, and what is about minors."""

_ATTAINMENTS = {
    "reached": Label("erreicht", "reached"),
    "partly_reached": Label("teilweise erreicht", "partly reached"),
    "not_reached": Label("nicht erreicht", "not reached"),
    "dropped": Label("aufgegeben", "dropped"),
}
_STANDS = {
    "hard": Label("schwer (1-2)", "hard (1-2)"),
    "middling": Label("mittel (3)", "middling (3)"),
    "good": Label("gut (4-5)", "good (4-5)"),
}
_ORDER = tuple(_STANDS)
_WAYS = {
    "better": Label("besser", "better"),
    "same": Label("gleich", "the same"),
    "worse": Label("schlechter", "worse"),
}


def stand_code(scale: int) -> str:
    """Return the band of a scale from 1 (very hard) to 5 (good)."""
    return "hard" if scale <= 2 else "middling" if scale == 3 else "good"


def course_code(at_first: int, at_last: int) -> str:
    """Return the leaf for how it stood at first and at last."""
    return f"{stand_code(at_first)}_to_{stand_code(at_last)}"


def _way(first: str, last: str) -> str:
    difference = _ORDER.index(last) - _ORDER.index(first)
    return "better" if difference > 0 else "worse" if difference < 0 else "same"


def _domains() -> Classes:
    labels = labels_of("life_domain")
    tree = Dimension("life_domain", dict.fromkeys(labels, TOTAL), sensitive=SENSITIVE)
    return Classes(tree, Label("Lebensbereich", "Life domain"), {TOTAL: ALL, **labels})


def _marker(name: str, code: str, label: Label) -> Classes:
    return Classes(Dimension(name, {code: TOTAL}), label, {TOTAL: ALL, code: label})


def _goal_classes(quarter: Quarter) -> Mapping[str, Classes]:
    attainment = Dimension("attainment", dict.fromkeys(_ATTAINMENTS, TOTAL), personal=True)
    return named(
        _marker("goal", "evaluated", Label("Ziel ausgewertet", "Goal evaluated")),
        _domains(),
        Classes(attainment, Label("Zielerreichung", "Attainment"), {TOTAL: ALL, **_ATTAINMENTS}),
        period(quarter.year, quarter.number),
    )


def _course_classes(quarter: Quarter) -> Mapping[str, Classes]:
    """Return the way from first to last as one tree.

    As three dimensions (first, last, change) each would follow from the two others, which no equation of
    separate tables says: the proof would not see it.
    """
    parents = dict.fromkeys(_WAYS, TOTAL)
    labels = dict(_WAYS)
    for first, before in _STANDS.items():
        for last, after in _STANDS.items():
            code = f"{first}_to_{last}"
            parents[code] = _way(first, last)
            labels[code] = Label(f"von {before.de} zu {after.de}", f"from {before.en} to {after.en}")
    return named(
        _marker("assessed", "again", Label("Erneut eingeschätzt", "Assessed again")),
        _domains(),
        Classes(
            Dimension("course", parents, personal=True),
            Label("Verlauf", "Course"),
            {TOTAL: ALL, **labels},
        ),
        period(quarter.year, quarter.number),
    )


async def read_goals(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each person, life domain and attainment."""
    found = await read_columns(driver, _GOALS, quarter.first_day, quarter.last_day)
    person, household, lead, team, domain, attainment = found
    codes: Codes = {
        "goal": "evaluated", "life_domain": domain, "attainment": attainment, "quarter": str(quarter)
    }  # fmt: skip
    units = Units.from_columns(person, household, lead, who_knows_too(lead, team), codes)
    return Further(units, tuple(table.name for table in _GOAL_TABLES) if units else ())


async def read_courses(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each person and life domain that was assessed in a quarter and before."""
    found = await read_columns(driver, _COURSES, quarter.first_day, quarter.last_day)
    person, household, lead, team, domain, at_first, at_last = found
    codes: Codes = {
        "assessed": "again", "life_domain": domain, "course": together(course_code, at_first, at_last),
        "quarter": str(quarter),
    }  # fmt: skip
    units = Units.from_columns(person, household, lead, who_knows_too(lead, team), codes)
    return Further(units, tuple(table.name for table in _COURSE_TABLES) if units else ())


_GOALS_COUNTED = Label(
    "Personen, deren Ziele im Quartal ausgewertet wurden, je Lebensbereich und Ergebnis einmal.",
    "Persons whose goals were evaluated in the quarter, once for each life domain and result.",
)
_COURSES_COUNTED = Label(
    "Personen, deren Lebensbereich im Quartal erneut eingeschätzt wurde: die erste Einschätzung des Falls "
    "und die letzte, von 1 (sehr schwer) bis 5 (gut) in drei Stufen.",
    "Persons whose life domain was assessed again in the quarter: the first assessment of the case and the "
    "latest, from 1 (very hard) to 5 (good) in three bands.",
)


def _table(
    name: str, title: Label, counted: Label, levels: Mapping[str, int], scale: Scale = Scale.SMALL
) -> Table:
    where = {"goal": "evaluated"} if counted is _GOALS_COUNTED else {"assessed": "again"}
    return Table(name, title, counted, Period.QUARTER, levels, scale, where=where)


_GOAL_TABLES = (
    _table(
        "goals_life_domains",
        Label("Ausgewertete Ziele nach Lebensbereich", "Evaluated goals by life domain"),
        _GOALS_COUNTED,
        {"life_domain": 1},
    ),
    _table(
        "goals_attainment",
        Label("Zielerreichung", "Goal attainment"),
        _GOALS_COUNTED,
        {"attainment": 1},
    ),
    _table(
        "goals_attainment_by_life_domain",
        Label("Zielerreichung nach Lebensbereich", "Goal attainment by life domain"),
        _GOALS_COUNTED,
        {"life_domain": 1, "attainment": 1},
        Scale.LARGE,
    ),
)
_COURSE_TABLES = (
    _table(
        "courses_life_domains",
        Label("Erneut eingeschätzte Lebensbereiche", "Life domains assessed again"),
        _COURSES_COUNTED,
        {"life_domain": 1},
    ),
    _table(
        "courses_change",
        Label("Lebensbereiche: Veränderung", "Life domains: change"),
        _COURSES_COUNTED,
        {"course": 1},
    ),
    _table(
        "courses_first_and_last",
        Label("Lebensbereiche zu Beginn und zuletzt", "Life domains at first and at last"),
        _COURSES_COUNTED,
        {"course": 2},
        Scale.MEDIUM,
    ),
    _table(
        "courses_change_by_life_domain",
        Label("Veränderung nach Lebensbereich", "Change by life domain"),
        _COURSES_COUNTED,
        {"life_domain": 1, "course": 1},
        Scale.LARGE,
    ),
)
_SOURCE = Label(
    "Hilfepläne und Assessments der KIM-Kommune, ohne geschützte Personen",
    "Service plans and assessments of the KIM municipality, without restricted persons",
)
_METHOD = Label(
    "Eine Zahl wird nur gezeigt, wenn sie genug Personen, Haushalte und Fachkräfte umfasst; für Gesundheit, "
    f"Gewaltschutz, Schule und Kinderbetreuung gilt die höhere Schwelle. {PROTECTED.de}",
    "A figure is shown only if it covers enough persons, households and case managers; for health, "
    f"protection from violence, school and child care the higher threshold holds. {PROTECTED.en}",
)

GOALS = Subject(
    "goals",
    "goal",
    Words(
        unit=Label(
            "Personen mit ausgewerteten Zielen, je Lebensbereich und Ergebnis einmal",
            "Persons with evaluated goals, once for each life domain and result",
        ),
        source=_SOURCE,
        method=_METHOD,
        note=Label(
            "Ob ein Ziel erreicht ist, sagen Klient:in und Case Management gemeinsam.",
            "Whether a goal is reached is said by client and case manager together.",
        ),
    ),
    _goal_classes,
    _GOAL_TABLES,
    read_goals,
    is_strict=False,
)
LIFE_DOMAINS = Subject(
    "life_domains",
    "assessed",
    Words(
        unit=Label(
            "Personen mit einer erneuten Einschätzung, je Lebensbereich einmal",
            "Persons assessed again, once for each life domain",
        ),
        source=_SOURCE,
        method=_METHOD,
        note=Label(
            "Eine Veränderung ist keine Wirkung: Es fehlt der Vergleich mit Personen ohne Begleitung.",
            "A change is no effect: there is no comparison with persons without support.",
        ),
    ),
    _course_classes,
    _COURSE_TABLES,
    read_courses,
    is_strict=False,
    is_in_lines=True,
)
