"""Data sets of needs made to break their protection. Pure; seeded."""

import random
from collections.abc import Callable, Iterator

from app.catalogues.check import vocabulary
from app.protection import Unit
from app.reporting.rules import Quarter
from app.reporting.subjects.needs import TABLES
from app.reporting.subjects.subject import Further
from tests.protection.arrange import rare

QUARTER = Quarter.parse("2025Q3")
TOPICS = list(vocabulary("life_domain"))
REGIONS = (("05170024",), ("05170044",), ("05170008", "05170048"))
TOWNS = [town for group in REGIONS for town in group]


def need(person: int, topic: str, town: str, manager: int, **more: str | int | None) -> Unit:
    """Return a need of a person, in a home of their own unless told otherwise."""
    codes = {
        "need": "told", "life_domain": topic, "region": town, "quarter": str(more.get("quarter", QUARTER)),
    }  # fmt: skip
    asked = more.get("asked")
    return Unit(
        f"p{person}",
        f"h{more.get('home', person)}",
        f"cm{manager}",
        None if asked is None else f"i{asked}",
        codes,
    )


def topic_of(draw: random.Random) -> str:
    return TOPICS[rare(draw, len(TOPICS))]


def one_manager_has_nearly_all(draw: random.Random) -> Iterator[Unit]:
    for at in range(150):
        yield need(at, topic_of(draw), draw.choice(TOWNS), 0 if at % 12 else draw.randrange(1, 6))


def large_families(draw: random.Random) -> Iterator[Unit]:
    for at in range(150):
        yield need(at, topic_of(draw), draw.choice(TOWNS), at // 9 % 6, home=at // 9)


def few_persons_need_everything(draw: random.Random) -> Iterator[Unit]:
    for person in range(14):
        for topic in draw.sample(TOPICS, 12):
            yield need(person, topic, TOWNS[person % len(TOWNS)], person % 5)


def a_region_where_everybody_needs_the_same(draw: random.Random) -> Iterator[Unit]:
    for at in range(60):
        yield need(at, topic_of(draw), TOWNS[0], at % 5)
    for at in range(60, 90):
        yield need(at, "debts", TOWNS[1], at % 5)


def violence_is_the_rest_of_every_region(draw: random.Random) -> Iterator[Unit]:
    for at in range(120):
        topic = "protection" if at % 10 == 0 else draw.choice(["housing", "work"])
        yield need(at, topic, draw.choice(TOWNS), at % 7)


def one_institution_knows_of_nearly_all(draw: random.Random) -> Iterator[Unit]:
    for at in range(150):
        yield need(at, topic_of(draw), draw.choice(TOWNS), at % 6, asked=0 if at % 9 else 1)


def two_homes_need_the_same(draw: random.Random) -> Iterator[Unit]:
    for at in range(100):
        yield need(at, draw.choice(["work", "housing", "debts"]), draw.choice(TOWNS), at % 6)
    for at in range(100, 112):
        yield need(at, "training", TOWNS[0], at % 5, home=at % 2)


def cells_about_the_threshold(draw: random.Random) -> Iterator[Unit]:
    at = 0
    for topic in TOPICS:
        for town in TOWNS:
            for _ in range(draw.choice((0, 4, 5, 6))):
                yield need(at, topic, town, at % 5)
                at += 1


def one_town_alone(draw: random.Random) -> Iterator[Unit]:
    for at in range(110):
        yield need(at, topic_of(draw), TOWNS[3], at % 4)


KINDS: dict[str, Callable[[random.Random], Iterator[Unit]]] = {
    make.__name__: make
    for make in (
        one_manager_has_nearly_all,
        large_families,
        few_persons_need_everything,
        a_region_where_everybody_needs_the_same,
        violence_is_the_rest_of_every_region,
        one_institution_knows_of_nearly_all,
        two_homes_need_the_same,
        cells_about_the_threshold,
        one_town_alone,
    )
}


def data_set(kind: str, seed: int) -> Further:
    units = tuple(KINDS[kind](random.Random(f"{kind} {seed}")))
    return Further(units, tuple(table.name for table in TABLES), REGIONS)
