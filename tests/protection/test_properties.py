"""What holds for any data: sums, whole grids, the same answer for the same data in any order."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.protection import Cell, Count, Dimension, Rules, Status, TableSpec, Unit, draft

A = Dimension("a", {"a1": "x", "a2": "x", "a3": "y", "a4": "y", "x": "total", "y": "total"}, sensitive={"a4"})
B = Dimension("b", {"b1": "total", "b2": "total", "b3": "total"}, personal=True)
TABLES = [TableSpec("ab", {"a": 2, "b": 1}, persons={"b": 1}), TableSpec("a", {"a": 1}, where={"b": "b1"})]
RULES = Rules(effort=10)

unit = st.builds(
    lambda person, manager, office, a, b: Unit(
        f"p{person}", f"h{person // 2}", manager, office, {"a": a, "b": b}
    ),
    st.integers(0, 40),
    st.sampled_from("lmno"),
    st.sampled_from(["jobcenter", "school", None]),
    st.sampled_from(["a1", "a1", "a1", "a2", "a3", "a4"]),
    st.sampled_from(["b1", "b1", "b2", "b3"]),
)
data = st.lists(unit, max_size=80)
few = settings(max_examples=15, deadline=None, derandomize=True, database=None)


@few
@given(data)
def test_the_proof_holds_for_any_data(units):
    assert draft(units, [A, B], TABLES, RULES).proof.holds


@few
@given(data)
def test_published_parts_add_up_to_their_published_total(units):
    cells = {cell.codes: cell.units.value for cell in draft(units, [A, B], TABLES, RULES).tables[0].cells}
    for a in A.codes:
        for b in B.codes:
            for parts in ([(part, b) for part in A.children[a]], [(a, part) for part in B.children[b]]):
                values = [cells[part] for part in parts]
                if parts and cells[a, b] is not None and None not in values:
                    assert cells[a, b] == sum(values)


@few
@given(data)
def test_published_values_are_true_and_the_grid_is_whole(units):
    cells = draft(units, [A, B], TABLES, RULES).tables[0].cells
    assert [cell.codes for cell in cells] == [(a, b) for a in A.codes for b in B.codes]
    for cell in cells:
        true = sum(
            all(code in of.path(unit.codes[of.name]) for of, code in zip([A, B], cell.codes, strict=True))
            for unit in units
        )
        assert cell.units.value in {true, None}
        assert (cell.units.status is Status.ZERO) == (cell.units.value == 0)


@few
@given(data, st.integers(0, 1000))
def test_the_order_of_rows_and_a_second_run_change_nothing(units, seed):
    mixed = random.Random(seed).sample(units, len(units))
    assert draft(units, [A, B], TABLES, RULES).tables == draft(mixed, [A, B], TABLES, RULES).tables


@few
@given(data)
def test_a_hidden_cell_tells_nothing_but_that_it_is_hidden(units):
    nothing = Count(Status.SUPPRESSED)
    for table in draft(units, [A, B], TABLES, RULES).tables:
        for cell in table.cells:
            if cell.units.status is Status.SUPPRESSED:
                assert cell == Cell(cell.codes, cell.key, nothing, nothing if cell.persons else None)
