"""From the frozen tables of a release to the view of gaps: one line for each topic and region. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.reporting.classes import ALL, AREA_WIDE, TOTAL, Label
from app.reporting.gaps.rules import (
    NOT_COLLECTED,
    SAID,
    Figure,
    Gap,
    Offered,
    added,
    gap_of,
    places_per_person,
)
from app.reporting.open_tables.offers import (
    FREE,
    FREE_IN_TOWNS,
    FREE_PLACES,
    FULL,
    OFFERS,
    OFFERS_IN_TOWNS,
    SEVERAL_TOWNS,
)
from app.reporting.rules import Quarter
from app.reporting.subjects.needs import BY_BOTH, BY_REGION, BY_TOPIC

Frozen = Mapping[str, Any]

TITLE = Label("Bedarf und Angebot", "Needs and offers")
_DEFINITION = Label(
    "Personen, deren Bedarf im Quartal erstmals im Jahr genannt wurde, neben den Angeboten und freien "
    "Plätzen am letzten Tag des Quartals, nach Thema und Region.",
    "Persons whose need was first told of the year in the quarter, beside offers and free places on the "
    "last day of the quarter, by topic and region.",
)
_NOTE = Label(
    "Nur veröffentlichte Zahlen werden verglichen; gesperrt heißt nicht null. Freie Plätze stehen allen "
    "offen, auch Menschen ohne Case Management, und in einem Quartal kann ein Platz mehrmals vergeben "
    "werden. Zu einer Region zählen auch Angebote an mehreren Orten oder ohne festen Ort.",
    "Published figures alone are compared; suppressed does not mean zero. Free places are open to "
    "everybody, also to people without case management, and a place can be given several times in a "
    "quarter. Offers in several towns or without a single town count for every region.",
)
_STATED = ("unit", "source", "method", "note")
_REGION = "region:"


@dataclass(frozen=True)
class _Tables:
    """The cells of a release by table and codes, with the labels of the codes."""

    cells: Mapping[str, Mapping[tuple[str, ...], Figure]]
    labels: Mapping[str, Mapping[str, str]]
    """By name of a dimension, in the order of the tables."""

    def figure(self, table: str, *codes: str) -> Figure:
        """Return what a table tells of a place; not collected where the release does not have it."""
        return self.cells.get(table, {}).get(codes, NOT_COLLECTED)

    def sum(self, table: str, topic: str, towns: Sequence[str]) -> int:
        """Return the sum of an open table over towns; one where nothing is offered adds nothing."""
        return sum(self.figure(table, topic, town).value or 0 for town in towns)

    def free(self, topic: str, towns: Sequence[str]) -> int | None:
        """Return the free places of towns; None where there are offers and none of them told."""
        offered = [town for town in towns if self.figure(OFFERS_IN_TOWNS.table.name, topic, town).value]
        figures = [self.figure(FREE_IN_TOWNS.table.name, topic, town).value for town in offered]
        told = [value for value in figures if value is not None]
        return sum(told) if told or not offered else None


def gaps(release: Frozen, earlier: Mapping[str, Frozen | None] | None = None) -> dict[str, Any]:
    """Return the view of a release as `read_whole` returns it, in the language of its tables.

    `earlier` are the needs by topic as earlier quarters of the year told them, none where a quarter has none.
    """
    language, named = release["language"], {each["name"]: each for each in release["tables"]}
    tables = _read(named)
    before = {quarter: _read({BY_TOPIC: each} if each else {}) for quarter, each in (earlier or {}).items()}
    needs, offers = named.get(BY_TOPIC), named.get(OFFERS.table.name)
    return {
        "area": release["content"]["area"],
        "quarter": release["quarter"],
        "sha256": release["sha256"],
        "title": TITLE.text(language),
        "definition": _DEFINITION.text(language),
        "note": _NOTE.text(language),
        "thresholds": needs and needs["thresholds"],
        "needs": needs and {name: needs[name] for name in _STATED},
        "offers": offers and {name: offers[name] for name in _STATED},
        "lines": [
            _line(tables, before, Quarter.parse(release["quarter"]), place, language)
            for place in _places(tables)
        ],
    }


def _read(named: Mapping[str, Frozen]) -> _Tables:
    cells: dict[str, dict[tuple[str, ...], Figure]] = {}
    labels: dict[str, dict[str, str]] = {}
    for name in (BY_TOPIC, BY_REGION, BY_BOTH, *(each.table.name for each in _OPEN)):
        table = named.get(name)
        if table is not None:
            cells[name] = {
                tuple(each["codes"]): Figure(each["status"], each["value"]) for each in table["cells"]
            }
            for dimension in table["dimensions"]:
                known = labels.setdefault(dimension["name"], {})
                known.update({each["code"]: each["label"] for each in dimension["codes"]})
    return _Tables(cells, labels)


_OPEN = (OFFERS, FREE_PLACES, OFFERS_IN_TOWNS, FREE_IN_TOWNS)


def _places(tables: _Tables) -> Iterator[tuple[str, str]]:
    """Yield topic and region of every line: all topics of the area, then what its regions are told."""
    topics, regions = tables.labels.get("life_domain", {}), tables.labels.get("region", {})
    for topic in topics:
        yield topic, TOTAL
    for region in regions:
        if region.startswith(_REGION):
            for topic in topics if BY_BOTH in tables.cells else (TOTAL,):
                yield topic, region


def _line(
    tables: _Tables,
    before: Mapping[str, _Tables],
    quarter: Quarter,
    place: tuple[str, str],
    language: str,
) -> dict[str, Any]:
    topic, region = place
    persons, offered = _persons(tables, topic, region), _offered(tables, topic, region)
    gap = Gap.NOT_COMPARED if topic == TOTAL else gap_of(persons, offered)
    of_year = NOT_COLLECTED if region != TOTAL else _of_year(persons, before, quarter, topic)
    return {
        "topic": topic,
        "topic_label": tables.labels["life_domain"].get(topic, ALL.text(language)),
        "region": region,
        "region_label": ALL.text(language) if region == TOTAL else tables.labels["region"][region],
        "persons": {"status": persons.status, "value": persons.value},
        "persons_of_year": {"status": of_year.status, "value": of_year.value},
        "offers": offered and offered.offers,
        "offers_in_region": offered and offered.in_region,
        "offers_with_known_places": offered and offered.told,
        "free_places": offered and offered.free,
        "places_per_person": None if gap is Gap.NOT_COMPARED else places_per_person(persons, offered),
        "gap": gap,
        "gap_label": SAID[gap].text(language),
    }


def _persons(tables: _Tables, topic: str, region: str) -> Figure:
    if region == TOTAL:
        return tables.figure(BY_TOPIC, topic)
    return tables.figure(BY_REGION, region) if topic == TOTAL else tables.figure(BY_BOTH, topic, region)


def _of_year(persons: Figure, before: Mapping[str, _Tables], quarter: Quarter, topic: str) -> Figure:
    """Return the persons of the year so far, whom every quarter told: each counts in one alone."""
    quarters = [str(Quarter(quarter.year, number)) for number in range(1, quarter.number)]
    parts = [before[each].figure(BY_TOPIC, topic) if each in before else NOT_COLLECTED for each in quarters]
    return added([*parts, persons])


def _offered(tables: _Tables, topic: str, region: str) -> Offered | None:
    """Return what is at hand for a topic, in a region and without a single town."""
    offers = OFFERS.table.name
    every = tables.figure(offers, topic, TOTAL).value
    if every is None:
        return None
    told = sum(tables.figure(offers, topic, room).value or 0 for room in (FREE, FULL))
    is_known = told >= every
    towns = [] if region == TOTAL else region.removeprefix(_REGION).split("+")
    if region == TOTAL or towns == [AREA_WIDE]:
        free = tables.figure(FREE_PLACES.table.name, topic).value if every else 0
        return Offered(every, free, is_known, told)
    own = [town for town in towns if town != AREA_WIDE]
    near = [*own, AREA_WIDE, SEVERAL_TOWNS]
    return Offered(
        offers=tables.sum(OFFERS_IN_TOWNS.table.name, topic, near),
        free=tables.free(topic, near),
        is_known=is_known,
        in_region=tables.sum(OFFERS_IN_TOWNS.table.name, topic, own),
    )
