"""The shape of what comes out: whole grids, levels, slices, linked margins, quarters without figures."""

import pytest

from app.protection import Dimension, Rule, Rules, Status, TableSpec, Unit, draft, protect

from .arrange import DIMENSIONS, QUICK, TABLES, city, crowd, shown


def codes(name):
    return next(dimension for dimension in DIMENSIONS if dimension.name == name).codes


def test_the_grid_is_whole_and_in_the_order_of_the_codes():
    protected = draft(city(3), DIMENSIONS, TABLES, QUICK)
    grid = [cell.codes for cell in protected.tables[0].cells]
    assert grid == [(type_, group) for type_ in codes("type") for group in codes("group")]


def test_a_table_may_stop_at_an_inner_level():
    table = draft(city(3), DIMENSIONS, [TableSpec("categories", {"type": 1})], QUICK).tables[0]
    assert {cell.codes[0] for cell in table.cells} == {"total", "category0", "category1", "category2"}


def test_a_slice_shows_the_cells_of_the_whole_table():
    slice_ = TableSpec("q1", {"type": 1}, where={"quarter": "q1"})
    cells = shown(draft(city(3), DIMENSIONS, [*TABLES, slice_], QUICK))
    for category in ("total", "category0", "category1"):
        assert cells["q1", (category,)].units == cells["categories by quarter", (category, "q1")].units


def test_linked_tables_agree_in_what_they_share():
    protected = draft(city(3), DIMENSIONS, TABLES, QUICK)
    seen = {}
    for table in protected.tables:
        for cell in table.cells:
            assert seen.setdefault(cell.key, cell.units) == cell.units


def test_what_has_no_figures_yet_is_not_shown_as_zero():
    quarter = Dimension("quarter", {"q1": "year", "q2": "year", "year": "total"}, not_collected={"q2"})
    table = TableSpec("quarters", {"quarter": 2}, persons={"quarter": 2})
    cells = protect(crowd(30, {"quarter": "q1"}), [quarter], [table]).tables[0].cells
    status = {cell.codes[0]: (cell.units.status, cell.persons.status) for cell in cells}
    assert status.pop("q1") == (Status.PUBLISHED, Status.PUBLISHED)
    assert set(status.values()) == {(Status.NOT_COLLECTED, Status.NOT_COLLECTED)}


def test_a_leaf_may_lie_above_the_lowest_level():
    tree = Dimension("place", {"inland": "total", "coast": "total", "port": "coast", "beach": "coast"})
    units = crowd(20, {"place": "inland"}) + crowd(20, {"place": "port"}) + crowd(20, {"place": "beach"})
    table = protect(units, [tree], [TableSpec("places", {"place": 2})]).tables[0]
    assert {cell.codes[0]: cell.units.value for cell in table.cells} == {
        "total": 60,
        "inland": 20,
        "coast": 40,
        "port": 20,
        "beach": 20,
    }


def test_the_hidden_share_is_of_cells():
    protected = draft(city(3), DIMENSIONS, TABLES[:1], QUICK)
    cells = protected.tables[0].cells
    hidden = sum(cell.units.status is Status.SUPPRESSED for cell in cells)
    assert 0 < hidden < len(cells)
    assert protected.tables[0].hidden_share == protected.hidden_share == hidden / len(cells)


def test_an_empty_area_is_all_zeros():
    protected = protect([], DIMENSIONS, TABLES)
    assert {cell.units.status for table in protected.tables for cell in table.cells} == {Status.ZERO}


def test_person_totals_are_of_distinct_persons_and_only_where_asked():
    units = [Unit(f"p{at % 20}", f"h{at % 20}", f"m{at % 5}", None, {"a": f"a{at % 3}"}) for at in range(60)]
    dimension = Dimension("a", {f"a{at}": "total" for at in range(3)})
    table = protect(units, [dimension], [TableSpec("a", {"a": 1}, persons={})]).tables[0]
    assert [(cell.units.value, cell.persons and cell.persons.value) for cell in table.cells] == [
        (60, 20),
        (20, None),
        (20, None),
        (20, None),
    ]


@pytest.mark.parametrize("off", [frozenset(), frozenset({Rule.PERSON_TOTALS})])
def test_a_person_total_is_hidden_with_its_cell(off):
    for table in draft(city(5), DIMENSIONS, TABLES, Rules(effort=0, off=off)).tables:
        for cell in table.cells:
            if cell.persons and cell.units.status is Status.SUPPRESSED:
                assert cell.persons.status is Status.SUPPRESSED


@pytest.mark.parametrize(
    "table",
    [
        {"levels": {"a": 1, "b": 1, "c": 1, "d": 1}},
        {"levels": {}},
        {"levels": {"a": 0}},
        {"levels": {"a": 1}, "where": {"a": "x"}},
        {"levels": {"a": 1}, "persons": {"b": 1}},
    ],
)
def test_a_table_that_makes_no_sense_is_refused(table):
    with pytest.raises(ValueError, match="table wrong"):
        TableSpec("wrong", **table)


@pytest.mark.parametrize(
    "table",
    [
        TableSpec("unknown", {"type": 1, "colour": 1}),
        TableSpec("unknown", {"type": 1}, where={"colour": "red"}),
        TableSpec("unknown", {"type": 1}, where={"quarter": "q9"}),
    ],
)
def test_a_table_of_unknown_dimensions_or_codes_is_refused(table):
    with pytest.raises(ValueError, match="unknown dimension or code"):
        draft([], DIMENSIONS, [table])


@pytest.mark.parametrize(
    "dimension",
    [
        {"parents": {"total": "a", "a": "total"}},
        {"parents": {"a": "nowhere"}},
        {"parents": {"a": "b", "b": "a"}},
        {"parents": {"a": "total"}, "sensitive": {"b"}},
    ],
)
def test_codes_that_form_no_tree_are_refused(dimension):
    with pytest.raises(ValueError, match="wrong"):
        Dimension("wrong", **dimension)


@pytest.mark.parametrize("code", ["category0", "nonsense"])
def test_a_unit_needs_a_leaf_code_in_every_dimension(code):
    wrong = Unit("p", "h", "m", None, {**city(1)[0].codes, "type": code})
    with pytest.raises(ValueError, match="no leaf code"):
        draft([wrong], DIMENSIONS, TABLES)
