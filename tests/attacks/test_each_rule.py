"""Each rule is needed: with all of them nobody learns anything, and without any single one somebody does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from app.protection import Dimension, ProtectedTable, Rule, Rules, TableSpec, Unit, attack, draft
from tests.attacks.readers import READERS
from tests.protection.arrange import DIMENSIONS, ONCE, TABLES, city, crowd, insiders, published

TOPIC = Dimension(
    "topic", {"rent": "total", "health": "total", "work": "total", "school": "total"}, sensitive={"health"}
)
AGE = Dimension("age", {"young": "total", "old": "total"}, personal=True)
QUARTER = Dimension("quarter", {"q1": "total", "q2": "total"})
BY_TOPIC = (TableSpec("topics", {"topic": 1}),)
OTHERS = [
    each
    for topic in ("work", "school")
    for each in crowd(40, {"topic": topic, "age": "old", "quarter": "q1"}, f"other {topic}")
]


@dataclass(frozen=True)
class World:
    """What is counted, and what is released of it, one release after the other."""

    units: Sequence[Unit]
    dimensions: Sequence[Dimension] = (TOPIC,)
    releases: Sequence[Sequence[TableSpec]] = (BY_TOPIC,)
    once: Sequence[str] = field(default=())


def rent(count: int, **more: int) -> World:
    return World([*OTHERS, *crowd(count, {"topic": "rent"}, **more)])


def one_manager_and_a_few() -> World:
    few = [Unit(f"x{at}", f"x{at}", f"m{at + 5}", None, {"topic": "rent"}) for at in range(2)]
    return World([*OTHERS, *crowd(10, {"topic": "rent"}, managers=1), *few])


def one_office_and_a_few() -> World:
    theirs = [replace(each, institution="office") for each in crowd(10, {"topic": "rent"})]
    return World([*OTHERS, *theirs, *crowd(2, {"topic": "rent"}, "few")])


def a_group_of_one_age() -> World:
    young = crowd(40, {"topic": "work", "age": "young"}, "young")
    old = crowd(40, {"topic": "rent", "age": "old"}, "rent")
    return World([*OTHERS, *young, *old], (TOPIC, AGE), ((TableSpec("ages", {"topic": 1, "age": 1}),),))


def persons_with_two_topics() -> World:
    units = [
        Unit(f"p{at}", f"h{at}", f"m{at % 5}", None, {"topic": topic})
        for at in range(6)
        for topic in ("health", "rent")
    ]
    topic = Dimension("topic", {"health": "total", "rent": "total"}, sensitive={"health"})
    return World(units, (topic,), ((TableSpec("topics", {"topic": 1}, persons={}),),), ("topic",))


def a_quarter_and_then_the_year() -> World:
    numbers = {"q1": {"rent": 20, "work": 20, "school": 20}, "q2": {"rent": 2, "work": 9, "school": 30}}
    units = [
        each
        for quarter, topics in numbers.items()
        for topic, count in topics.items()
        for each in crowd(count, {"topic": topic, "quarter": quarter}, quarter)
    ]
    first = TableSpec("first", {"topic": 1}, where={"quarter": "q1"})
    second = TableSpec("second", {"topic": 1}, where={"quarter": "q2"})
    return World(units, (TOPIC, QUARTER), ((first,), (TableSpec("year", {"topic": 1}),), (second,)))


def cities(first: int) -> Iterator[World]:
    """Of linked tables and insiders it takes more to get caught: some city out of ten is enough."""
    for seed in range(first, first + 10):
        yield World(city(seed), DIMENSIONS, (TABLES,), ONCE)


WORLDS: dict[Rule, Callable[[], Iterator[World]]] = {
    Rule.PERSONS: lambda: iter([rent(4, managers=4)]),
    Rule.SENSITIVE: lambda: iter([World([*OTHERS, *crowd(9, {"topic": "health"})])]),
    Rule.HOUSEHOLDS: lambda: iter([rent(12, homes=2)]),
    Rule.CONTRIBUTORS: lambda: iter([rent(12, managers=2)]),
    Rule.REMAINDER: lambda: iter([one_manager_and_a_few()]),
    Rule.INSTITUTIONS: lambda: iter([one_office_and_a_few()]),
    Rule.ZEROS: lambda: iter([a_group_of_one_age()]),
    Rule.COMPLEMENTARY: lambda: iter([rent(3)]),
    Rule.LINKED: lambda: cities(100),
    Rule.INSIDERS: lambda: cities(100),
    Rule.LEDGER: lambda: iter([a_quarter_and_then_the_year()]),
    Rule.PERSON_TOTALS: lambda: iter([persons_with_two_topics()]),
}


def learned(world: World, rules: Rules) -> list[object]:
    """Return what all attackers together learn from all releases; a contradiction is a find as well."""
    ledger, tables = [], []
    for specs in world.releases:
        release = draft(world.units, world.dimensions, specs, rules, ledger)
        tables += release.tables
        ledger += published(release)
    return [*_inferred(world, tables, rules), *_read(world, tables, rules)]


def _inferred(world: World, tables: Sequence[ProtectedTable], rules: Rules) -> list[object]:
    try:
        return list(
            attack(
                tables, world.dimensions, k=rules.k, k_sensitive=rules.k_sensitive,
                k_insider=rules.k_insider, own=insiders(world.units), once=world.once,
            )
        )  # fmt: skip
    except ValueError as contradiction:
        return [contradiction]


def _read(world: World, tables: Sequence[ProtectedTable], rules: Rules) -> list[object]:
    tree = {each.name: each for each in world.dimensions}
    return [(name, key) for name, read in READERS.items() for key in read(tables, world.units, tree, rules)]


def test_every_rule_has_its_world():
    assert set(WORLDS) == set(Rule)


@pytest.mark.slow
@pytest.mark.parametrize("rule", [each for each in Rule if each is not Rule.INSIDERS])
def test_nobody_learns_anything_with_all_rules(rule):
    # The cities of linked tables are those of the insiders.
    assert [found for world in WORLDS[rule]() for found in learned(world, Rules(effort=50))] == []


@pytest.mark.slow
@pytest.mark.parametrize("rule", Rule)
def test_somebody_learns_something_without_a_rule(rule):
    without = Rules(effort=0, off=frozenset({rule}))
    assert any(learned(world, without) for world in WORLDS[rule]())
