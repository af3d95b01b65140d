"""Two worlds that differ in what is hidden alone look the same, in every byte of all tables and the seal.

Pictures, workbook and report are made of these tables and of nothing else, and so is every answer over HTTP.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, islice
from pathlib import Path

import pytest

from app.protection import Status, Unit
from app.reporting.classes import institution
from app.reporting.material import Computed
from tests.attacks.area import Area, cases_of, shown, with_barrier
from tests.reporting.whole import compute_whole

QUARTER = "2025Q3"
MADE_OF_TABLES = ("pictures", "report", "derived")
FORMS = [each for name in MADE_OF_TABLES for each in Path("app/reporting", name).glob("*.py")]
FIGURES = {
    "app.reporting.figures", "app.reporting.parts", "app.reporting.barriers", "app.reporting.computation",
    "app.reporting.material", "asyncpg",
}  # fmt: skip


def swapped(units: list[Unit], one: Unit, other: Unit) -> list[Unit]:
    """Return the units with the barriers of two exchanged."""
    codes = (one.codes["barrier"], other.codes["barrier"])
    exchanged = {id(one): with_barrier(one, codes[1]), id(other): with_barrier(other, codes[0])}
    return [exchanged.get(id(each), each) for each in units]


def place_of(unit: Unit) -> tuple[str, ...]:
    """Return the cell of the signals that counts a unit."""
    return (unit.codes["barrier"], institution().dimension.parents[unit.codes["institution"]])


def twins(area: Area, hidden: set[tuple[str, ...]]) -> Iterator[list[Unit]]:
    """Yield worlds in which two persons have exchanged barriers, all four cells hidden and not empty."""
    counts = Counter(place_of(each) for each in area.units)
    few = [each for each in area.units if place_of(each) in hidden and counts[place_of(each)] > 1]
    for one, other in combinations(few, 2):
        crossed = {(one.codes["barrier"], place_of(other)[1]), (other.codes["barrier"], place_of(one)[1])}
        alike = one.codes["barrier"][0] == other.codes["barrier"][0]
        if (
            alike
            and len({place_of(one), place_of(other), *crossed}) == 4
            and crossed <= hidden & counts.keys()
        ):
            yield swapped(area.units, one, other)


def hidden_signals(computed: Computed) -> set[tuple[str, ...]]:
    return {
        cell.codes for table, _, _, cell in computed.cells
        if table == "signals" and cell.units.status is Status.SUPPRESSED
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2])
def test_nothing_that_is_shown_tells_two_worlds_apart_that_differ_in_hidden_cells(seed: int) -> None:
    area = Area(seed, reports=300)
    area.report(QUARTER)
    truth = compute_whole(area.material(QUARTER))
    assert isinstance(truth, Computed)
    for world in islice(twins(area, hidden_signals(truth)), 20):
        other = compute_whole(area.material(QUARTER, world))
        assert isinstance(other, Computed)
        if [each[3] for each in other.cells] == [each[3] for each in truth.cells]:
            assert shown(other) == shown(truth)
            return
    pytest.fail("no world found that shows the same cells")


def test_world_that_differs_in_what_is_shown_looks_different() -> None:
    area = Area(0)
    area.report(QUARTER)
    truth = compute_whole(area.material(QUARTER))
    largest = max(
        area.units, key=lambda each: sum(each.codes["barrier"] == it.codes["barrier"] for it in area.units)
    )
    gone = compute_whole(area.material(QUARTER, [each for each in area.units if each is not largest]))
    assert isinstance(truth, Computed)
    assert isinstance(gone, Computed)
    assert shown(gone) != shown(truth)


def test_order_of_reports_and_a_second_run_change_nothing() -> None:
    area = Area(5)
    area.report(QUARTER)
    truth = compute_whole(area.material(QUARTER))
    assert isinstance(truth, Computed)
    turned = cases_of(reversed(area.rows))
    area.chance.shuffle(turned)
    again = compute_whole(area.material(QUARTER, turned))
    assert isinstance(again, Computed)
    assert shown(again) == shown(truth)


@pytest.mark.parametrize("path", FORMS, ids=str)
def test_what_is_made_of_tables_knows_no_figures_but_theirs(path: Path) -> None:
    assert imported(path.read_text()) & FIGURES == set()


def imported(source: str) -> set[str]:
    """Return the modules that a source imports."""
    nodes = list(ast.walk(ast.parse(source)))
    named = {each.module for each in nodes if isinstance(each, ast.ImportFrom) and each.module}
    return named | {alias.name for each in nodes if isinstance(each, ast.Import) for alias in each.names}


def test_form_that_would_read_figures_is_noticed() -> None:
    assert imported("from app.reporting.figures import read_figures") & FIGURES
