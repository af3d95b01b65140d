"""Data sets made to break the protection: neither by computing nor by reading does anybody learn too much.

With the fifty cities of `tests/protection` these are two hundred and twenty.
"""

from collections import defaultdict

import pytest

from app.protection import Rule, Rules, attack, draft, protect
from tests.attacks.adversarial import KINDS, data_set
from tests.attacks.readers import READERS
from tests.protection.arrange import DIMENSIONS, ONCE, QUICK, TABLES, insiders

TREE = {each.name: each for each in DIMENSIONS}
SEEDS = range(10)
TELLS_NOTHING_ANYHOW = {"nobody_at_all", "everybody_in_one_cell", "two_managers_have_all"}
"""Of these nothing is inferred without complementary suppression either: they have, or show, nothing."""


def families(units, most=3):
    """What the households know that know most, from three units on."""
    known = defaultdict(list)
    for unit in units:
        known[f"household {unit.household}"].append(unit)
    largest = sorted(known, key=lambda name: (-len(known[name]), name))[:most]
    return {name: known[name] for name in largest if len(known[name]) >= 3}


def inferred(tables, units, rules=QUICK):
    return attack(
        tables,
        DIMENSIONS,
        k=rules.k,
        k_sensitive=rules.k_sensitive,
        k_insider=rules.k_insider,
        own=insiders(units) | families(units),
        once=ONCE,
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_infers_or_reads_too_much(kind, seed):
    units = data_set(kind, seed)
    protected = protect(units, DIMENSIONS, TABLES, QUICK)
    assert inferred(protected.tables, units) == []
    assert {name: read(protected.tables, units, TREE, QUICK) for name, read in READERS.items()} == {
        name: [] for name in READERS
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(set(KINDS) - TELLS_NOTHING_ANYHOW))
def test_much_is_inferred_without_complementary_suppression(kind):
    units = data_set(kind, 0)
    rules = Rules(effort=0, off=frozenset({Rule.COMPLEMENTARY}))
    assert inferred(draft(units, DIMENSIONS, TABLES, rules).tables, units)
