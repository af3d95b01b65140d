"""Offers at hand on a quarter's last day, by the topics of needs and by town: offers, and free places.

An offer counts at each of its topics, as a person counts at each of theirs. No institution is named, and of
women's shelters nothing is counted: where one is, and whether it has room, is told to nobody. Where an offer
is found that protects, among other topics, is not told either; and how many places are taken never is: that
counts persons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import asyncpg

from app.catalogues.check import vocabulary
from app.reporting.classes import AREA_WIDE, Classes, Label, labels_of
from app.reporting.open_tables.shape import OPEN, TOWN, Amounts, Found, OpenTable, flat, plus, table_of
from app.reporting.rules import Quarter
from app.reporting.subjects.needs import TOPIC, TOPIC_TITLE
from app.reporting.subjects.subject import named
from app.reporting.words import Words

_OFFERS = "SELECT topic, municipalities, free_places FROM offer_figures($1) ORDER BY offer_id, topic"

SEVERAL_TOWNS = "several_towns"
"""Of an offer that is found in more than one town: it counts once, so towns add up."""

FREE, FULL, NOT_TOLD = "free", "full", "not_told"
_ROOM: Mapping[str, Label] = {
    FREE: Label("mit freien Plätzen", "with free places"),
    FULL: Label("ohne freie Plätze", "without free places"),
    NOT_TOLD: Label("freie Plätze nicht genannt", "free places not told"),
}
_BEYOND: Mapping[str, Label] = {
    SEVERAL_TOWNS: Label("an mehreren Orten", "in several towns"),
    AREA_WIDE: Label("ohne festen oder genannten Ort", "without a single town, or one that is told"),
}


@dataclass(frozen=True, slots=True)
class AtHand:
    """One topic of an offer; free places are those that were told last, None where nobody told."""

    topic: str
    towns: Sequence[str]
    free: int | None

    @property
    def town(self) -> str:
        """The town, or that there are several or none, or that it is not told."""
        return SEVERAL_TOWNS if len(self.towns) > 1 else self.towns[0] if self.towns else AREA_WIDE

    @property
    def room(self) -> str:
        """Whether there are free places."""
        return NOT_TOLD if self.free is None else FREE if self.free else FULL


async def _at_hand(driver: asyncpg.Connection, quarter: Quarter) -> list[AtHand]:
    rows = await driver.fetch(_OFFERS, quarter.last_day)
    return [AtHand(row[0], row[1] or (), row[2]) for row in rows]


def _found(amounts: Iterable[tuple[tuple[str, ...], int | None]]) -> Found | None:
    """Return sums of what was told: zero is an offer without a free place, None that nobody told any."""
    sums: dict[tuple[str, ...], int | None] = {}
    for place, amount in amounts:
        sums[place] = plus(sums.get(place), amount)
    return Found(sums) if sums else None


async def read_rooms(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return offers by topic, and by whether they have free places."""
    return _found(((each.topic, each.room), 1) for each in await _at_hand(driver, quarter))


async def read_places(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return free places by topic; None where there are offers and none of them told."""
    return _found(((each.topic,), each.free) for each in await _at_hand(driver, quarter))


async def read_towns(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return offers by topic and town."""
    return _found(((each.topic, each.town), 1) for each in await _at_hand(driver, quarter))


async def read_free_in_towns(driver: asyncpg.Connection, quarter: Quarter) -> Found | None:
    """Return free places by topic and town; None where there are offers and none of them told."""
    return _found(((each.topic, each.town), each.free) for each in await _at_hand(driver, quarter))


def _topics() -> Classes:
    return flat(TOPIC, TOPIC_TITLE, labels_of("life_domain"))


def _by_room(_: Amounts) -> Mapping[str, Classes]:
    return named(_topics(), flat("room", Label("Freie Plätze", "Free places"), _ROOM))


def _by_topic(_: Amounts) -> Mapping[str, Classes]:
    return named(_topics())


def _by_town(amounts: Amounts) -> Mapping[str, Classes]:
    """Return the towns in which something is offered, then what is found in no single one."""
    names = vocabulary("municipality")
    seen = {town for _, town in amounts}
    towns = {town: Label(names[town].label_de, names[town].label_de) for town in sorted(seen - {*_BEYOND})}
    beyond = {code: label for code, label in _BEYOND.items() if code in seen}
    return named(_topics(), flat(TOWN, Label("Ort", "Town"), {**towns, **beyond}))


_SOURCE = Label(
    "Verzeichnis der Angebote der KIM-Kommune, ohne Frauenhäuser",
    "Directory of offers of the KIM municipality, without women's shelters",
)
_NOTE = Label(
    "Angebote, in die am letzten Tag des Quartals vermittelt werden konnte, wie sie bei der Berechnung im "
    "Verzeichnis standen; freie Plätze nach der letzten Angabe. Ein Angebot mit mehreren Themen zählt bei "
    "jedem.",
    "Offers to which one could refer on the last day of the quarter, as the directory had them when this was "
    "computed; free places as told last. An offer with several topics counts at each of them.",
)
_OFFERED = Words(Label("Angebote, je Thema", "Offers, at each topic"), _SOURCE, OPEN, _NOTE)
_TOLD = Label(
    "Eine Zahl ist die Summe der Angebote, die freie Plätze nennen; andere Angebote können weitere haben. Wo "
    "es Angebote gibt und keines freie Plätze nennt, liegt keine Zahl vor.",
    "A figure is the sum over offers that tell of free places; other offers may have more. Where there are "
    "offers and none of them tells of free places, there is no figure.",
)
_PLACED = Words(
    Label("Plätze, je Thema", "Places, at each topic"),
    _SOURCE,
    OPEN,
    Label(f"{_NOTE.de} {_TOLD.de}", f"{_NOTE.en} {_TOLD.en}"),
)

OFFERS = OpenTable(
    table_of(
        "offers_by_topic",
        Label("Angebote nach Thema und freien Plätzen", "Offers by topic and free places"),
        Label(
            "Angebote im Verzeichnis nach Thema, und ob sie freie Plätze haben.",
            "Offers of the directory by topic, and whether they have free places.",
        ),
        TOPIC,
        "room",
    ),
    _OFFERED,
    _by_room,
    read_rooms,
)
FREE_PLACES = OpenTable(
    table_of(
        "free_places_by_topic",
        Label("Freie Plätze nach Thema", "Free places by topic"),
        Label("Freie Plätze der Angebote, die welche nennen.", "Free places of offers that tell of them."),
        TOPIC,
    ),
    _PLACED,
    _by_topic,
    read_places,
)
OFFERS_IN_TOWNS = OpenTable(
    table_of(
        "offers_by_topic_and_town",
        Label("Angebote nach Thema und Ort", "Offers by topic and town"),
        Label(
            "Angebote im Verzeichnis nach Thema und dem Ort, an dem sie zu finden sind.",
            "Offers of the directory by topic and the town where they are found.",
        ),
        TOPIC,
        TOWN,
    ),
    _OFFERED,
    _by_town,
    read_towns,
)
FREE_IN_TOWNS = OpenTable(
    table_of(
        "free_places_by_topic_and_town",
        Label("Freie Plätze nach Thema und Ort", "Free places by topic and town"),
        Label(
            "Freie Plätze der Angebote, die welche nennen, nach Thema und Ort.",
            "Free places of offers that tell of them, by topic and town.",
        ),
        TOPIC,
        TOWN,
    ),
    _PLACED,
    _by_town,
    read_free_in_towns,
)
