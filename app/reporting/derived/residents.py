"""Active clients and barrier cases per 1,000 residents of the same group, by the classes that both have.

Not by region: a case counts where its unit works, a resident where they live.
"""

from collections.abc import Callable, Mapping

from app.protection import Dimension
from app.reporting.catalogue import Period, Quotient, Table
from app.reporting.classes import NOT_STATED, TOTAL, Classes, Label, barrier, fixed
from app.reporting.derived.quotients import LEAST
from app.reporting.derived.shape import METHOD, Derived, Finds, Place
from app.reporting.rules import Scale
from app.reporting.subjects.subject import named
from app.reporting.words import NOT_PREVALENCE, Words

PER = 1000
_LEAST_RESIDENTS = 100
_RESIDENTS = "population_by_age"

_OFFICIAL = Label(
    "Der Nenner kommt aus einer anderen Quelle und gilt für den Tag, den sie nennt; Insgesamt enthält alle "
    "Einwohnerinnen und Einwohner, auch Deutsche.",
    "The denominator is from another source and of the day that it states; all includes Germans.",
)
_NOT_NEED = Label(
    "Die Rate sagt, wie viele von einer Gruppe begleitet werden, nicht, wie viele es brauchen.",
    "The rate says how many of a group are supported, not how many need it.",
)


def _nationality() -> Mapping[str, Classes]:
    return named(fixed()["nationality"])


def _age() -> Mapping[str, Classes]:
    """Return the age bands alone: whose age is not known here has no residents to be compared with."""
    age = fixed()["age"]
    labels = {code: label for code, label in age.labels.items() if code != NOT_STATED}
    parents = {code: TOTAL for code in labels if code != TOTAL}
    return named(Classes(Dimension("age", parents, personal=True), age.title, labels))


def _category() -> Mapping[str, Classes]:
    return named(barrier())


def _of_group(place: Place, _: str) -> Place:
    return place[0], TOTAL


def _of_age(place: Place, _: str) -> Place:
    return TOTAL, place[0]


def _of_all(_: Place, __: str) -> Place:
    return TOTAL, TOTAL


def _same(place: Place, _: str) -> Place:
    return place


def _in_quarter(place: Place, quarter: str) -> Place:
    return *place, quarter


def _words(unit: Label, note: Label) -> Words:
    return Words(
        unit,
        Label("Berichtsstand und amtliche Zahlen", "Release and official figures"),
        METHOD,
        Label(f"{note.de} {_OFFICIAL.de}", f"{note.en} {_OFFICIAL.en}"),
    )


_CLIENTS = _words(
    Label("Aktive Klient:innen je 1.000 Einwohnerinnen und Einwohner", "Active clients per 1,000 residents"),
    _NOT_NEED,
)
_BARRIERS = _words(
    Label("Barrierefälle je 1.000 Einwohnerinnen und Einwohner", "Barrier cases per 1,000 residents"),
    NOT_PREVALENCE,
)


def _rate(
    name: str,
    words: Words,
    by: Label,
    definition: Label,
    period: Period,
    numerator: str,
    classes: Callable[[], Mapping[str, Classes]],
    part: Finds,
    base: Finds,
    scale: Scale = Scale.SMALL,
) -> Derived:
    title = Label(f"{words.unit.de} nach {by.de}", f"{words.unit.en} by {by.en}")
    divides = Quotient(numerator, _RESIDENTS, PER, LEAST, _LEAST_RESIDENTS)
    (dimension,) = classes()
    table = Table(
        name, title, definition, period, {dimension: 1}, scale, hundredths=True, quotient=divides
    )  # fmt: skip
    return Derived(table, words, classes, part, base)


_GROUP = Label("Staatsangehörigkeitsgruppe", "nationality group")
_BAND = Label("Altersgruppe", "age band")


def _of_clients(
    name: str, by: Label, numerator: str, classes: Callable[[], Mapping[str, Classes]], base: Finds
) -> Derived:
    definition = Label(
        f"Personen mit einem Fall, der im Quartal offen war, geteilt durch die Einwohnerinnen und Einwohner "
        f"derselben {by.de}.",
        f"Persons with a case that was open in the quarter, divided by the residents of the same {by.en}.",
    )
    return _rate(name, _CLIENTS, by, definition, Period.QUARTER, numerator, classes, _same, base)


def _of_barriers(
    name: str, by: Label, numerator: str, classes: Callable[[], Mapping[str, Classes]], base: Finds
) -> Derived:
    definition = Label(
        f"Barrierefälle des abgeschlossenen Jahres, geteilt durch die Einwohnerinnen und Einwohner derselben "
        f"{by.de}.",
        f"Barrier cases of the ended year, divided by the residents of the same {by.en}.",
    )
    return _rate(name, _BARRIERS, by, definition, Period.YEAR, numerator, classes, _same, base, Scale.MEDIUM)


RATES: tuple[Derived, ...] = (
    _of_clients("client_rate_by_nationality", _GROUP, "clients_nationality", _nationality, _of_group),
    _of_clients("client_rate_by_age", _BAND, "clients_age", _age, _of_age),
    _rate(
        "barrier_rate_by_category",
        _BARRIERS,
        Label("Kategorie", "category"),
        Label(
            "Barrierefälle des Quartals nach Kategorie, geteilt durch alle Einwohnerinnen und Einwohner.",
            "Barrier cases of the quarter by category, divided by all residents.",
        ),
        Period.QUARTER,
        "categories_by_quarter",
        _category,
        _in_quarter,
        _of_all,
    ),
    _of_barriers("barrier_rate_by_nationality", _GROUP, "nationality_groups", _nationality, _of_group),
    _of_barriers("barrier_rate_by_age", _BAND, "age_bands", _age, _of_age),
)
