"""How many cells are hidden, against the fewest possible on small tables."""

import random

import pytest

from app.protection import Dimension, Rules, TableSpec, Unit, draft
from app.protection.counting import Census
from app.protection.release import prepare

from .arrange import rare
from .exact import fewest_hidden


def small(seed):
    """One or two small tables, every second with a hierarchy, five case managers."""
    draw = random.Random(seed)
    wide, high = draw.randrange(3, 7), draw.randrange(3, 6)
    flat = Dimension("a", {f"a{at}": "total" for at in range(wide)})
    parts = {f"a{at}": "xy"[at % 2] for at in range(wide + 1)}
    dimensions = [
        flat if seed % 2 else Dimension("a", {"x": "total", "y": "total", **parts}),
        Dimension("b", {f"b{at}": "total" for at in range(high)}),
        Dimension("c", {f"c{at}": "total" for at in range(3)}),
    ]
    units = []
    for at in range(draw.randrange(60, 200)):
        codes = {"a": f"a{rare(draw, wide)}", "b": f"b{rare(draw, high)}", "c": f"c{draw.randrange(3)}"}
        units.append(Unit(f"p{at}", f"h{at}", f"m{draw.randrange(5)}", None, codes))
    tables = [TableSpec("ab", {"a": 1 + (seed + 1) % 2, "b": 1})]
    return units, dimensions, tables + ([TableSpec("ac", {"a": 1, "c": 1})] if seed % 3 == 0 else [])


def compare(seeds, rules):
    ours = best = 0
    for seed in seeds:
        units, dimensions, tables = small(seed)
        ours += draft(units, dimensions, tables, rules).proof.hidden
        census = Census(units, {dimension.name: dimension for dimension in dimensions})
        best += fewest_hidden(prepare(census, tables, rules)[0])
    return ours / best


@pytest.mark.slow
def test_at_most_a_tenth_more_cells_are_hidden_than_an_exact_programme_hides():
    assert 1 <= compare(range(16), Rules()) <= 1.1


@pytest.mark.slow
def test_the_comparison_notices_a_hasty_choice():
    assert compare(range(2, 9), Rules(effort=0)) > 1.1
