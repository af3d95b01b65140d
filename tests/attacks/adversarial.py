"""Data sets made to break the protection, over the dimensions of the made-up releases. Pure; seeded."""

import random
from collections.abc import Callable, Iterator

from app.protection import Unit
from tests.protection.arrange import rare

Codes = dict[str, str]
TYPES, GROUPS, TOWNS, QUARTERS = 9, 4, 4, 4
AGES = ("young", "middle", "old")


def codes(draw: random.Random, **fixed: str) -> Codes:
    """Return codes by chance, with some of them given."""
    chosen = {
        "type": f"type{rare(draw, TYPES)}",
        "group": f"group{rare(draw, GROUPS)}",
        "quarter": f"q{draw.randrange(1, QUARTERS + 1)}",
        "town": f"town{rare(draw, TOWNS)}",
        "age": draw.choice(AGES),
    }
    return {**chosen, **fixed}


def unit(number: int, what: Codes, manager: int, home: int | None = None, person: int | None = None) -> Unit:
    """Return a unit of a person of their own, in a home of their own, unless told otherwise."""
    who = number if person is None else person
    office = f"office {what['group']} {number % 2}"
    return Unit(f"p{who}", f"h{who if home is None else home}", f"manager {manager}", office, what)


def one_manager_has_nearly_all(draw: random.Random) -> Iterator[Unit]:
    for at in range(140):
        yield unit(at, codes(draw), 0 if at % 12 else draw.randrange(1, 6))


def two_managers_have_all(draw: random.Random) -> Iterator[Unit]:
    for at in range(120):
        yield unit(at, codes(draw), at % 2)


def large_families(draw: random.Random) -> Iterator[Unit]:
    for at in range(140):
        yield unit(at, codes(draw), at // 9 % 6, home=at // 9)


def families_of_several_managers(draw: random.Random) -> Iterator[Unit]:
    for at in range(140):
        what = codes(draw, group=f"group{at // 5 % GROUPS}") if at % 5 else codes(draw)
        yield unit(at, what, at % 6, home=at // 5)


def every_cell_holds_one_or_two(draw: random.Random) -> Iterator[Unit]:
    for at in range(70):
        spread = codes(
            draw, type=f"type{at % TYPES}", group=f"group{at // TYPES % GROUPS}", town=f"town{at % TOWNS}"
        )
        yield unit(at, spread, at % 7)


def cells_about_the_threshold(draw: random.Random) -> Iterator[Unit]:
    number = 0
    for at in range(TYPES):
        for group in range(GROUPS):
            for _ in range(draw.choice((0, 4, 5, 6))):
                yield unit(number, codes(draw, type=f"type{at}", group=f"group{group}"), number % 5)
                number += 1


def a_board_of_small_and_large(draw: random.Random) -> Iterator[Unit]:
    number = 0
    for at in range(TYPES):
        for group in range(GROUPS):
            for _ in range(2 if (at + group) % 2 else 7):
                yield unit(number, codes(draw, type=f"type{at}", group=f"group{group}"), number % 6)
                number += 1


def one_office_knows_nearly_all(draw: random.Random) -> Iterator[Unit]:
    for at in range(140):
        what = codes(draw, group="group0" if at % 9 else "group1")
        plain = unit(at, what, at % 6)
        yield Unit(plain.person, plain.household, plain.contributor, "the office", what)


def an_office_leaves_one_or_two_of_every_kind(draw: random.Random) -> Iterator[Unit]:
    for at in range(180):
        plain = unit(at, codes(draw), at % 6)
        office = f"{plain.codes['group']} {'rest' if at % 12 == 0 else 'office'}"
        yield Unit(plain.person, plain.household, plain.contributor, office, plain.codes)


def few_persons_with_all_barriers(draw: random.Random) -> Iterator[Unit]:
    seen: set[tuple[int, str, str]] = set()
    for at in range(200):
        person = draw.randrange(14)
        what = codes(draw, town=f"town{person % TOWNS}", age=AGES[person % 3])
        key = (person, what["type"], what["group"])
        if key not in seen:
            seen.add(key)
            yield unit(at, what, person % 5, home=person, person=person)


def one_town_alone_has_cases(draw: random.Random) -> Iterator[Unit]:
    for at in range(110):
        yield unit(at, codes(draw, town="town3"), at % 4)


def a_sensitive_kind_makes_most(draw: random.Random) -> Iterator[Unit]:
    for at in range(140):
        yield unit(at, codes(draw, **({"type": "type2"} if at % 3 else {})), at % 6)


def everybody_in_one_cell(draw: random.Random) -> Iterator[Unit]:
    only = codes(draw, type="type1", group="group1", quarter="q2", town="town1", age="old")
    for at in range(draw.randrange(3, 60)):
        yield unit(at, dict(only), at % 5)


def a_group_of_one_age(draw: random.Random) -> Iterator[Unit]:
    for at in range(140):
        group = f"group{rare(draw, GROUPS)}"
        yield unit(
            at, codes(draw, group=group, age="old" if group != "group0" else draw.choice(AGES)), at % 6
        )


def one_giant_among_dwarfs(draw: random.Random) -> Iterator[Unit]:
    for at in range(260):
        giant = {"type": "type0", "group": "group0", "town": "town0"} if at < 200 else {}
        yield unit(at, codes(draw, **giant), at % 7)


def nothing_but_one_quarter(draw: random.Random) -> Iterator[Unit]:
    for at in range(120):
        yield unit(at, codes(draw, quarter="q4" if at % 40 else "q1"), at % 5)


def nobody_at_all(_draw: random.Random) -> Iterator[Unit]:
    yield from ()


KINDS: dict[str, Callable[[random.Random], Iterator[Unit]]] = {
    make.__name__: make
    for make in (
        one_manager_has_nearly_all,
        two_managers_have_all,
        large_families,
        families_of_several_managers,
        every_cell_holds_one_or_two,
        cells_about_the_threshold,
        a_board_of_small_and_large,
        one_office_knows_nearly_all,
        an_office_leaves_one_or_two_of_every_kind,
        few_persons_with_all_barriers,
        one_town_alone_has_cases,
        a_sensitive_kind_makes_most,
        everybody_in_one_cell,
        a_group_of_one_age,
        one_giant_among_dwarfs,
        nothing_but_one_quarter,
        nobody_at_all,
    )
}


def data_set(kind: str, seed: int) -> list[Unit]:
    """Return one data set of a kind."""
    return list(KINDS[kind](random.Random(f"{kind} {seed}")))
