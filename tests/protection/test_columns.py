"""Columns say of every row what the rows said; units by column are the units they were made of."""

import pickle
from operator import concat

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protection import Column, Dimension, TableSpec, Unit, Units, column, columns, draft, together
from app.protection.columns import Gathering, always, as_one, one_after_the_other

WORDS = st.lists(st.sampled_from(["a", "b", "c", "", None]))
UNITS = st.lists(
    st.builds(
        Unit,
        person=st.sampled_from(["p1", "p2", "p3"]),
        household=st.sampled_from(["h1", "h2"]),
        contributor=st.sampled_from(["cm1", "cm2"]),
        institution=st.sampled_from([None, "i1", "i2"]),
        codes=st.fixed_dictionaries({"type": st.sampled_from(["rent", "work"]), "town": st.just("wesel")}),
    )
)


@given(WORDS)
def test_column_has_the_words_of_its_rows(words: list[str | None]) -> None:
    found = column(words)
    assert list(map(found.__getitem__, range(len(found)))) == words
    assert found.used() == set(words)
    assert len(set(found.words)) == len(found.words)
    assert dict(zip(found.words, found.counts().tolist(), strict=True)) == {
        word: words.count(word) for word in words
    }


@given(WORDS)
def test_what_is_asked_of_words_is_asked_once_of_each(words: list[str | None]) -> None:
    asked: list[str | None] = []
    long = column(words).mapped(lambda word: (asked.append(word), bool(word))[1])
    assert list(map(long.__getitem__, range(len(long)))) == [bool(word) for word in words]
    assert sorted(map(str, asked)) == sorted(map(str, set(words)))
    assert len(set(long.words)) == len(long.words)
    assert column(words).among({"a", None}).tolist() == [word in {"a", None} for word in words]
    assert column(words).filled("none").used() == {word or "none" for word in words}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"))))
def test_together_is_what_each_row_has_in_several_columns(rows: list[tuple[str, str]]) -> None:
    both = together(concat, *columns(rows, 2))
    assert list(map(both.__getitem__, range(len(both)))) == [left + right for left, right in rows]


@given(st.lists(st.tuples(st.sampled_from(["a", ""]), st.sampled_from("xyz"))))
def test_words_that_go_together_are_parted_again(rows: list[tuple[str, str]]) -> None:
    left, right = column("|".join(row) for row in rows).parted(2)
    assert [(left[row], right[row]) for row in range(len(rows))] == rows
    with pytest.raises(ValueError, match="argument"):
        column(["a|b", "a"]).parted(2)


def test_numbers_that_do_not_tell_rows_apart_are_refused() -> None:
    rows = [np.asarray([0, 1]), np.asarray([2, 0])]
    assert as_one(rows, [2, 3]).tolist() == [2, 3]
    assert as_one(rows, [2**31, 2**31]).tolist() == [2, 2**31]
    with pytest.raises(OverflowError, match="4294967296 x 4294967296"):
        as_one(rows, [2**32, 2**32])


def test_words_of_no_row_are_not_asked_for() -> None:
    some = column(["known", "unknown", "known"]).taken(np.asarray([0, 2]))
    assert some.words == ("known", "unknown")
    assert some.mapped({"known": 1}.__getitem__).used() == {1}
    assert some.used() == {"known"}
    assert together({"known": 1}.__getitem__, some).used() == {1}


def test_rows_come_some_at_a_time() -> None:
    gathering = Gathering(2)
    gathering.add([("a", 1), ("b", 2)])
    gathering.add([])
    gathering.add([("a", 3)])
    words, numbers = gathering.columns()
    assert (words.words, words.numbers.tolist(), numbers.words) == (("a", "b"), [0, 1, 0], (1, 2, 3))


@pytest.mark.parametrize("row", [("a",), ("a", 1, "more")])
def test_row_of_another_width_is_refused(row: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="argument"):
        Gathering(2).add([("b", 2), row])
    with pytest.raises(ValueError, match="argument"):
        columns([row], 2)


def test_columns_follow_one_another() -> None:
    parts: list[Column[str]] = [column(["a", "b"]), column([]), column(["c", "b"])]
    both = one_after_the_other(parts)
    assert (both.words, both.numbers.tolist()) == (("a", "b", "c"), [0, 1, 2, 1])


@given(UNITS)
def test_units_by_column_are_the_units(units: list[Unit]) -> None:
    found = Units.of(units)
    assert list(found) == units
    assert list(pickle.loads(pickle.dumps(found))) == units  # noqa: S301 - made here
    assert list(found[1:][::-1]) == units[1:][::-1]
    assert list(found.taken(found.with_codes({"type": "rent"}))) == [
        unit for unit in units if unit.codes["type"] == "rent"
    ]
    assert list(found.and_also(units[:2])) == units + units[:2]
    assert Units.of(found) is found


def test_many_units_are_small() -> None:
    codes = [{"type": f"type{at % 60}", "town": f"town{at % 12}"} for at in range(120)]
    many = (Unit(f"p{at}", f"h{at // 2}", f"cm{at % 15}", None, codes[at % 120]) for at in range(100_000))
    assert len(pickle.dumps(Units.of(many))) < 40 * 100_000


def test_what_only_some_units_have_a_code_of_cannot_be_counted() -> None:
    one, other = (Unit("p", "h", "cm", None, {"type": "a", name: "a"}) for name in ("town", "age"))
    both = Units.of([one, other])
    assert list(both.codes) == ["type"]
    dimensions = [Dimension(name, {"a": "total"}) for name in ("type", "town")]
    assert draft(both, dimensions[:1], [TableSpec("types", {"type": 1})]).tables
    with pytest.raises(ValueError, match="town: units have no code of it"):
        draft(both, dimensions, [TableSpec("types", {"type": 1})])
    with pytest.raises(ValueError, match="other dimensions"):
        both.and_also([one])
    with pytest.raises(KeyError):
        both.with_codes({"town": "a"})


@pytest.mark.parametrize("nobody", ["", None])
def test_unit_that_nobody_is_said_to_know_is_refused(nobody: str | None) -> None:
    town = Dimension("town", {"a": "total"})
    units = [Unit("p", "h", each, None, {"town": "a"}) for each in ("cm", nobody)]  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no contributor"):
        draft(units, [town], [TableSpec("towns", {"town": 1})])


def test_no_units_have_every_dimension() -> None:
    none = Units.of([])
    assert (len(none), list(none), none.with_codes({"any": "code"}).tolist()) == (0, [], [])
    assert list(Units.from_columns(*([always("same", 2)] * 3), None, {"type": "rent"})) == [
        Unit("same", "same", "same", None, {"type": "rent"})
    ] * 2  # fmt: skip


@given(UNITS)
def test_units_without_names_are_told_apart_as_before(units: list[Unit]) -> None:
    named, nameless = Units.of(units), Units.of(units).nameless()
    pairs = {(one.person, other.person) for one, other in zip(named, nameless, strict=True)}
    assert len(pairs) == len({one for one, _ in pairs}) == len({other for _, other in pairs})
    assert not {"p1", "p2", "p3", "h1", "h2"} & {
        name for unit in nameless for name in (unit.person, unit.household)
    }
    assert [unit.contributor for unit in nameless] == [unit.contributor for unit in units]
