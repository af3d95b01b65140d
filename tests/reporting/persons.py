"""Units of the subjects about persons, by chance: the same for a seed. Pure."""

import random
from collections.abc import Callable

from app.catalogues.check import vocabulary
from app.protection import Unit
from app.reporting.subjects.active_clients import ACTIVE_CLIENTS
from app.reporting.subjects.german import german_code
from app.reporting.subjects.interpreting import INTERPRETING, LANGUAGES, interpreter_code, often_code
from app.reporting.subjects.life_domains import GOALS, LIFE_DOMAINS, course_code
from app.reporting.subjects.needs import NEEDS
from app.reporting.subjects.subject import Further, Subject

QUARTER = "2025Q3"
LEVELS = (None, "none", "A1", "A2", "B1", "B2", "C1")
SUBJECTS: tuple[Subject, ...] = (ACTIVE_CLIENTS, INTERPRETING, GOALS, LIFE_DOMAINS, NEEDS)
REGIONS = (("05170024",), ("05170044",), ("05170008", "05170048"))


def falling(chance: random.Random, codes: list[str], steepness: float = 0.9) -> str:
    """Return a code, the first ones more often."""
    return chance.choices(codes, [1 / (place + 1) ** steepness for place in range(len(codes))])[0]


def _client(chance: random.Random) -> dict[str, str]:
    first = chance.choice(LEVELS)
    return {
        "clients": "active",
        "residence": falling(chance, list(vocabulary("residence_group"))),
        "nationality": falling(chance, list(vocabulary("nationality_group"))),
        "age": falling(chance, ["27-39", "18-26", "40-54", "6-9", "10-15", "0-5", "55-64", "16-17", "65+"]),
        "sex": falling(chance, ["w", "m", "other"], 0.4),
        "german": german_code(first, first and chance.choice(LEVELS[1:])),
    }


def _interpreted(chance: random.Random) -> dict[str, str]:
    return {
        "interpreted": "contact",
        "language": falling(chance, list(LANGUAGES)),
        "interpreter": interpreter_code([chance.choice(["relative", "volunteer", "professional"])]),
        "often": often_code(chance.randrange(1, 7)),
    }


def _goal(chance: random.Random) -> dict[str, str]:
    return {
        "goal": "evaluated",
        "life_domain": falling(chance, list(vocabulary("life_domain"))),
        "attainment": falling(chance, ["reached", "partly_reached", "not_reached", "dropped"]),
    }


def _course(chance: random.Random) -> dict[str, str]:
    return {
        "assessed": "again",
        "life_domain": falling(chance, list(vocabulary("life_domain"))),
        "course": course_code(chance.randrange(1, 6), chance.randrange(1, 6)),
    }


def _need(chance: random.Random) -> dict[str, str]:
    return {
        "need": "told",
        "life_domain": falling(chance, list(vocabulary("life_domain"))),
        "region": falling(chance, [town for group in REGIONS for town in group]),
    }


MAKERS: dict[str, Callable[[random.Random], dict[str, str]]] = {
    "active_clients": _client, "interpreting": _interpreted, "goals": _goal, "life_domains": _course,
    "needs": _need,
}  # fmt: skip


def units_of(subject: Subject, number: int, seed: int = 1, staff: int = 8) -> Further:
    """Return so many units of persons in households, led by some case managers.

    Where a person counts more than once, every third unit is of a person who is there already. Of every
    fourth need an institution knows.
    """
    chance = random.Random(seed)
    once = subject is ACTIVE_CLIENTS
    units = []
    for place in range(number):
        person = place if once or place % 3 else max(0, place - 1)
        codes = {**MAKERS[subject.name](chance), "quarter": QUARTER}
        asked = f"i{place % 3}" if subject is NEEDS and place % 4 == 0 else None
        units.append(Unit(f"p{person}", f"h{person // 2}", f"cm{person % staff}", asked, codes))
    tables = tuple(table.name for table in subject.tables)
    return Further(tuple(units), tables, REGIONS if subject is NEEDS else ())
