"""Persons for whom somebody interpreted at contacts of a quarter: in which languages, who, how often.

A person counts once for each language, not once for each contact: thirty contacts of one person would be a
large figure about few, and known to one case manager.
"""

from collections.abc import Iterable, Mapping
from itertools import compress

import asyncpg
import numpy as np

from app.protection import Codes, Dimension, Units, column
from app.reporting.catalogue import Period, Table
from app.reporting.classes import ALL, NOT_STATED, TOTAL, Classes, Label, period
from app.reporting.reading import read_columns
from app.reporting.rules import Quarter, Scale
from app.reporting.subjects.subject import PROTECTED, Columns, Further, Subject, named
from app.reporting.subjects.teams import who_knows_too
from app.reporting.words import Words

_INTERPRETED = """SELECT person_key::text, household_key::text, contributor_id::text, team, language,
    array_to_string(interpreters, ' '), contacts
FROM interpreted_contact_figures($1, $2) ORDER BY person_key, language"""

MARKER, HELD = "interpreted", "contact"
OTHER = "other_language"
LANGUAGES: Mapping[str, tuple[Label, tuple[str, ...]]] = {
    "arabic": (Label("Arabisch", "Arabic"), ("ara", "arb", "apc", "ary")),
    "persian": (Label("Persisch, Dari, Paschtu", "Persian, Dari, Pashto"), ("fas", "prs", "pus")),
    "kurdish": (Label("Kurdische Sprachen", "Kurdish languages"), ("kmr", "ckb", "zza")),
    "turkish": (Label("Türkisch", "Turkish"), ("tur",)),
    "ukrainian_russian": (Label("Ukrainisch, Russisch", "Ukrainian, Russian"), ("ukr", "rus")),
    "romanian_bulgarian": (
        Label("Rumänisch, Bulgarisch, Romani", "Romanian, Bulgarian, Romani"),
        ("ron", "bul", "rom"),
    ),
    "western_balkans": (
        Label("Sprachen des Westbalkans", "Languages of the Western Balkans"),
        ("sqi", "srp", "hrv", "bos", "mkd"),
    ),
    "horn_of_africa": (
        Label("Sprachen des Horns von Afrika", "Languages of the Horn of Africa"),
        ("tir", "amh", "orm", "som"),
    ),
    "western_european": (
        Label("Englisch, Französisch und Spanisch", "English, French and Spanish"),
        ("eng", "fra", "spa"),
    ),
    OTHER: (Label("Übrige Sprachen", "Other languages"), ()),
}
"""Eighty languages would leave nothing to publish; what is in no group is among the others."""

_GROUP_OF = {code: group for group, (_, codes) in LANGUAGES.items() for code in codes}
_INTERPRETERS = {
    "relative": Label("auch Angehörige", "relatives too"),
    "volunteer": Label("auch Ehrenamtliche, keine Angehörigen", "volunteers too, no relatives"),
    "professional": Label("nur ausgebildete Sprachmittlung", "professionals only"),
}
_OFTEN = {
    "once": Label("einmal", "once"),
    "up_to_3": Label("zwei- oder dreimal", "two or three times"),
    "more": Label("öfter", "more often"),
}


def interpreter_code(interpreters: Iterable[str]) -> str:
    """Return the class of those who interpreted: relatives before volunteers before professionals."""
    return min(interpreters, key=list(_INTERPRETERS).index)


def often_code(contacts: int) -> str:
    """Return the class for so many contacts, at least one."""
    return "once" if contacts == 1 else "up_to_3" if contacts <= 3 else "more"


def _flat(name: str, title: Label, labels: Mapping[str, Label]) -> Classes:
    tree = Dimension(name, dict.fromkeys(labels, TOTAL), personal=True)
    return Classes(tree, title, {TOTAL: ALL, **labels})


def _classes(quarter: Quarter) -> Mapping[str, Classes]:
    title = Label("Mit Sprachmittlung", "Interpreted")
    languages = {group: label for group, (label, _) in LANGUAGES.items()}
    languages[NOT_STATED] = Label("Sprache nicht angegeben", "Language not stated")
    return named(
        Classes(Dimension(MARKER, {HELD: TOTAL}), title, {TOTAL: ALL, HELD: title}),
        _flat("language", Label("Sprache", "Language"), languages),
        _flat("interpreter", Label("Wer sprachmittelte", "Who interpreted"), _INTERPRETERS),
        _flat("often", Label("Kontakte", "Contacts"), _OFTEN),
        period(quarter.year, quarter.number),
    )


async def read(driver: asyncpg.Connection, quarter: Quarter) -> Further:
    """Return one unit for each person and group of languages."""
    found = await read_columns(driver, _INTERPRETED, quarter.first_day, quarter.last_day)
    units = interpreted_units(found, str(quarter))
    return Further(units, tuple(table.name for table in _TABLES) if units else ())


def interpreted_units(found: Columns, quarter: str) -> Units:
    """Return one unit for each person and group: what is of one group of languages is joined.

    Columns: person, household, lead, team, language, who interpreted, at how many contacts.
    """
    person, household, lead, team, language, who, contacts = found
    group = language.mapped(lambda code: NOT_STATED if code is None else _GROUP_OF.get(code, OTHER))
    place = person.numbers.astype(np.int64) * (len(group.words) or 1) + group.numbers
    _, first, joined = np.unique(place, return_index=True, return_inverse=True)
    helped = np.zeros((len(first), len(_INTERPRETERS)), dtype=bool)
    for words in who.used():
        for kind in words.split():
            helped[joined[who.among({words})], list(_INTERPRETERS).index(kind)] = True
    number = np.bincount(joined, contacts.numbered(int), minlength=len(first))
    codes: Codes = {
        MARKER: HELD,
        "language": group.taken(first),
        "interpreter": column(interpreter_code(compress(_INTERPRETERS, each)) for each in helped),
        "often": column(map(often_code, number.tolist())),
        "quarter": quarter,
    }
    person, household, lead, team = (each.taken(first) for each in (person, household, lead, team))
    return Units.from_columns(person, household, lead, who_knows_too(lead, team), codes)


def _table(name: str, what: Label, levels: Mapping[str, int], scale: Scale = Scale.SMALL) -> Table:
    return Table(
        name,
        Label(f"Sprachmittlung nach {what.de}", f"Interpreting by {what.en}"),
        Label(
            "Personen mit gesprachmittelten Kontakten im Quartal, je Gruppe von Sprachen einmal, "
            f"nach {what.de}.",
            "Persons with interpreted contacts in the quarter, once for each group of languages, "
            f"by {what.en}.",
        ),
        Period.QUARTER,
        levels,
        scale,
        where={MARKER: HELD},
    )


_TABLES = (
    _table("interpreting_languages", Label("Sprache", "language"), {"language": 1}),
    _table("interpreting_interpreters", Label("Art der Sprachmittlung", "interpreter"), {"interpreter": 1}),
    _table(
        "interpreting_by_interpreter",
        Label("Sprache und Art der Sprachmittlung", "language and interpreter"),
        {"language": 1, "interpreter": 1},
        Scale.LARGE,
    ),
    _table(
        "interpreting_by_contacts",
        Label("Sprache und Zahl der Kontakte", "language and number of contacts"),
        {"language": 1, "often": 1},
        Scale.LARGE,
    ),
)

INTERPRETING = Subject(
    "interpreting",
    MARKER,
    Words(
        unit=Label(
            "Personen mit gesprachmittelten Kontakten, je Gruppe von Sprachen einmal",
            "Persons with interpreted contacts, once for each group of languages",
        ),
        source=Label(
            "Kontakte im Case Management der KIM-Kommune, ohne geschützte Personen",
            "Contacts of the case management of the KIM municipality, without restricted persons",
        ),
        method=Label(
            "Eine Zahl wird nur gezeigt, wenn sie genug Personen, Haushalte und Fachkräfte umfasst. "
            f"{PROTECTED.de}",
            "A figure is shown only if it covers enough persons, households and case managers. "
            f"{PROTECTED.en}",
        ),
        note=Label(
            "Gezählt wird, was stattfand, nicht, was gebraucht worden wäre.",
            "Counted is what took place, not what would have been needed.",
        ),
    ),
    _classes,
    _TABLES,
    read,
    is_strict=False,
)
