"""Several releases: what was published stays, corrections do not show, differences tell nothing."""

import pytest

from app.protection import (
    Dimension,
    Known,
    ProtectionError,
    Status,
    TableSpec,
    attack,
    draft,
    key_of,
    protect,
)

from .arrange import crowd, published

TOPIC = Dimension("topic", {"rent": "total", "work": "total", "school": "total"})
QUARTER = Dimension("quarter", {"q1": "total", "q2": "total"})
BOTH = [TOPIC, QUARTER]
FIRST = TableSpec("first", {"topic": 1}, where={"quarter": "q1"})
YEAR = TableSpec("year", {"topic": 1})


def counts(protected):
    return {cell.codes[0]: cell.units.value for cell in protected.tables[0].cells}


def quarter(name, **topics):
    return [
        unit for topic, count in topics.items() for unit in crowd(count, {"topic": topic, "quarter": name})
    ]


def test_a_later_total_does_not_tell_the_quarter_by_difference():
    first, second = quarter("q1", rent=20, work=20, school=20), quarter("q2", rent=2, work=9, school=30)
    ledger = published(protect(first, BOTH, [FIRST]))
    year = protect(first + second, BOTH, [YEAR], known=ledger)
    assert counts(protect(first + second, BOTH, [YEAR]))["rent"] == 22
    assert counts(year)["rent"] is None


def test_releases_that_know_each_other_stand_the_attack_together():
    first, second = quarter("q1", rent=20, work=20, school=20), quarter("q2", rent=2, work=9, school=30)
    one = protect(first, BOTH, [FIRST])
    other = protect(first + second, BOTH, [YEAR], known=published(one))
    blind = protect(first + second, BOTH, [YEAR])
    second_quarter = draft(second, BOTH, [TableSpec("second", {"topic": 1}, where={"quarter": "q2"})])
    for later, confined in ((other, False), (blind, True)):
        tables = [*one.tables, *later.tables]
        if confined:
            tables += second_quarter.tables
        assert bool(attack(tables, BOTH, k=5, k_sensitive=10)) == confined


def test_what_was_published_is_published_again_after_a_correction():
    first = quarter("q1", rent=20, work=20, school=20)
    ledger = published(protect(first, BOTH, [FIRST]))
    corrected = [unit for unit in first if unit.person != first[0].person]
    again = protect(corrected + quarter("q2", rent=30, work=30, school=30), BOTH, [FIRST, YEAR], known=ledger)
    assert counts(again)["rent"] == 20
    year = {cell.codes[0]: cell.units.value for cell in again.tables[1].cells}
    assert year == {"total": 150, "rent": 50, "work": 50, "school": 50}


def test_what_was_hidden_and_is_harmless_now_may_be_published():
    units = quarter("q1", rent=20, work=20, school=20)
    hidden = [Known(key_of({"topic": "rent", "quarter": "q1"}, BOTH), None)]
    assert counts(protect(units, BOTH, [FIRST], known=hidden))["rent"] == 20


def test_a_small_cell_hidden_then_is_not_told_by_what_is_published_now():
    units = quarter("q1", rent=2, work=30, school=30) + quarter("q2", rent=30, work=30, school=30)
    hidden = [Known(key_of({"topic": "rent", "quarter": "q1"}, BOTH), None)]
    second = TableSpec("second", {"topic": 1}, where={"quarter": "q2"})
    both = protect(units, BOTH, [YEAR, second], known=hidden)
    cells = {
        (table.spec.name, cell.codes[0]): cell.units.status for table in both.tables for cell in table.cells
    }
    assert Status.SUPPRESSED in {cells["year", "rent"], cells["second", "rent"]}


def test_person_totals_stay_as_published_too():
    table = TableSpec("first", {"topic": 1}, where={"quarter": "q1"}, persons={})
    first = quarter("q1", rent=20, work=20, school=20)
    ledger = published(protect(first, BOTH, [table]))
    again = protect(first[1:], BOTH, [table], known=ledger).tables[0]
    assert again.cells[0].persons.value == 60


def test_earlier_releases_that_contradict_each_other_stop_everything():
    units = quarter("q1", rent=20, work=20, school=20)
    wrong = [
        Known(key_of({"quarter": "q1"}, BOTH), 10),
        Known(key_of({"quarter": "q1", "topic": "rent"}, BOTH), 20),
    ]
    with pytest.raises(ProtectionError, match="contradict"):
        protect(units, BOTH, [FIRST], known=wrong)


def test_what_earlier_releases_tell_already_cannot_be_protected():
    units = quarter("q1", rent=3, work=20, school=20)
    told = [Known(key_of({"quarter": "q1", "topic": topic}, BOTH), 20) for topic in ("work", "school")]
    told.append(Known(key_of({"quarter": "q1"}, BOTH), 43))
    with pytest.raises(ProtectionError, match="cannot be protected"):
        protect(units, BOTH, [FIRST], known=told)
