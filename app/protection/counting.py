"""Counts units and distinct persons, households and contributors of cells, and what each insider knows.

Independent of the order of the units; knows nothing of tables or of hiding.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.protection.columns import Column, Counted, Flags, Ints, as_one
from app.protection.shapes import Dimension, Key, Unit
from app.protection.units import Units

RECIPIENT = "recipient"
"""Somebody outside who was given lines of single persons."""


@dataclass(frozen=True, slots=True)
class Counts:
    """One column a cell. `own_units` and `own_persons` have one row an insider.

    `left` is the fewest persons that remain when any one contributor or household is taken away with all
    persons it knows. `others` is the same for institutions, without one that is behind every unit of the
    cell: that one is `sole`, by its row, and -1 stands for none.
    """

    units: Ints
    persons: Ints
    households: Ints
    contributors: Ints
    left: Ints
    others: Ints
    sole: Ints
    own_units: Counted
    own_persons: Counted


class Census:
    """The units, coded in numbers, ready to be counted by any cell."""

    def __init__(self, given: Iterable[Unit], dimensions: Mapping[str, Dimension]) -> None:
        """Raise ValueError when a unit has no leaf code in some dimension, or no contributor."""
        units = Units.of(given)
        self.dimensions = dimensions
        self.size = len(units)
        self.persons = units.persons.numbers.astype(np.int64)
        self.households = units.households.numbers.astype(np.int64)
        self.known_by, self.contributors = _ranked(units.contributors)
        if (self.known_by < 0).any():
            raise ValueError("a unit has no contributor: nobody would be held off who knows it")
        self.concerns, self.institutions = _ranked(units.institutions)
        self.codes = {name: _coded(units, dimension) for name, dimension in dimensions.items()}

    def members(self, key: Key) -> Flags:
        """Which units a cell counts."""
        chosen = np.ones(self.size, dtype=bool)
        for name, code in key:
            dimension = self.dimensions[name]
            chosen &= self.codes[name][:, dimension.depth[code]] == dimension.codes.index(code)
        return chosen

    def count(self, keys: Sequence[Key], groups: Sequence[Flags]) -> Counts:
        """Count the cells with these keys, and behind them any further groups of units."""
        counts = self._empty(len(keys) + len(groups))
        for places, cells, units in self._pairs(keys):
            self._measure(counts, places, cells, units)
        for place, chosen in enumerate(groups, start=len(keys)):
            inside = np.flatnonzero(chosen)
            self._measure(counts, np.asarray([place]), np.zeros_like(inside), inside)
        return counts

    def households_with(self, most: int, keys: Sequence[Key]) -> Ints:
        """Return the households of several contributors that have so many units in one of these cells."""
        found = np.zeros(int(self.households.max(initial=-1)) + 1, dtype=bool)
        for places, cells, units in self._pairs(keys):
            pairs, counts = np.unique(self.households[units] * len(places) + cells, return_counts=True)
            found[pairs[counts >= most] // len(places)] = True
        homes, _ = _distinct(self.households, self.known_by)
        return np.flatnonzero(found & (np.bincount(homes, minlength=len(found)) > 1)).astype(np.int64)

    def known_to_households(self, chosen: Ints) -> "Census":
        """Return the same units as if nobody knew any of them but these households their own."""
        rank = np.full(int(self.households.max(initial=-1)) + 1, -1, dtype=np.int64)
        rank[chosen] = np.arange(len(chosen))
        return self._known_to(rank[self.households], ["household"] * len(chosen))

    def known_to_recipient(self, disclosed: Flags) -> "Census":
        """Return the same units as if nobody knew any of them but somebody outside these."""
        return self._known_to(np.where(disclosed, 0, -1).astype(np.int64), [RECIPIENT])

    def _known_to(self, whom: Ints, names: list[str]) -> "Census":
        other = copy(self)
        other.known_by, other.contributors = whom, names
        other.concerns, other.institutions = np.full(self.size, -1, dtype=np.int64), []
        return other

    def _pairs(self, keys: Sequence[Key]) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield for the cells of each shape their places, and the pairs of cell and unit."""
        by_shape: dict[tuple[tuple[str, int], ...], list[int]] = {}
        for place, key in enumerate(keys):
            shape = tuple((name, self.dimensions[name].depth[code]) for name, code in key)
            by_shape.setdefault(shape, []).append(place)
        for shape, places in by_shape.items():
            yield np.asarray(places), *self._incidence(shape, places, keys)

    def _incidence(
        self, shape: Iterable[tuple[str, int]], places: list[int], keys: Sequence[Key]
    ) -> tuple[Ints, Ints]:
        """Pairs of cell, by its number in `places`, and unit for the cells of one shape.

        A shape is the same dimensions at the same depths, so a unit is in one cell of it at the most.
        """
        number = np.zeros(self.size, dtype=np.int64)
        inside = np.ones(self.size, dtype=bool)
        wanted = np.zeros(len(places), dtype=np.int64)
        for name, depth in shape:
            dimension = self.dimensions[name]
            column = self.codes[name][:, depth]
            index = {code: at for at, code in enumerate(dimension.codes)}
            inside &= column >= 0
            number = number * len(index) + np.maximum(column, 0)
            codes = [index[dict(keys[place])[name]] for place in places]
            wanted = wanted * len(index) + np.asarray(codes, dtype=np.int64)
        order = np.argsort(wanted)
        at = np.minimum(np.searchsorted(wanted[order], number), len(places) - 1)
        inside &= wanted[order][at] == number
        units = np.flatnonzero(inside)
        return order[at[units]], units

    def _empty(self, cells: int) -> Counts:
        insiders = len(self.contributors) + len(self.institutions)
        units, persons, households, contributors, left, others = np.zeros((6, cells), dtype=np.int64)
        sole = np.full(cells, -1, dtype=np.int64)
        own_units, own_persons = np.zeros((2, insiders, cells), dtype=np.int32)
        return Counts(units, persons, households, contributors, left, others, sole, own_units, own_persons)

    def _measure(self, counts: Counts, places: Ints, cells: Ints, units: Ints) -> None:
        """Write down what these pairs of cell, by its number in `places`, and unit say about these cells."""
        if not len(units):
            return
        size, persons = len(places), self.persons[units]
        counts.units[places] = np.bincount(cells, minlength=size)
        counts.persons[places] = np.bincount(_distinct(cells, persons)[0], minlength=size)
        where, homes, _ = _distinct(cells, self.households[units], persons)
        start = np.flatnonzero(_changes(where) | _changes(homes))
        counts.households[places] = np.bincount(where[start], minlength=size)
        most = np.zeros(size, dtype=np.int64)
        np.maximum.at(most, where[start], np.diff(np.append(start, len(where))))

        reporters = len(self.contributors)
        self._own(counts, places, slice(reporters), self.known_by[units], (cells, persons))
        self._own(counts, places, slice(reporters, None), self.concerns[units], (cells, persons))
        known = counts.own_persons[:reporters, places]
        counts.contributors[places] = (known > 0).sum(axis=0)
        counts.left[places] = counts.persons[places] - np.maximum(most, known.max(axis=0))
        self._beside_institutions(counts, places)

    def _beside_institutions(self, counts: Counts, places: Ints) -> None:
        """Write down how many persons any one institution leaves, and which of them leaves no unit."""
        first = len(self.contributors)
        counts.others[places] = counts.persons[places]
        if not self.institutions:
            return
        own, units = counts.own_units[first:, places], counts.units[places]
        whole = (own == units) & (units > 0)
        known = np.where(whole, 0, counts.own_persons[first:, places]).max(axis=0)
        counts.others[places] -= known
        counts.sole[places] = np.where(whole.any(axis=0), first + whole.argmax(axis=0), -1)

    def _own(
        self, counts: Counts, places: Ints, rows: slice, insiders: Ints, pairs: tuple[Ints, Ints]
    ) -> None:
        """Write down the units and persons that each of these insiders knows in these cells."""
        number, size = len(counts.own_units[rows]), len(places)
        known = insiders >= 0
        their, (cells, persons) = insiders[known], (each[known] for each in pairs)
        found = np.bincount(their * size + cells, minlength=number * size)
        counts.own_units[rows, places] = found.reshape(number, size)
        their, cells, _ = _distinct(their, cells, persons)
        found = np.bincount(their * size + cells, minlength=number * size)
        counts.own_persons[rows, places] = found.reshape(number, size)


def _ranked(column: Column[Any]) -> tuple[Ints, list[str]]:
    """Give the words that occur numbers in their alphabetical order; -1 where there is none."""
    known = sorted(word for word in column.used() if word)
    number = {word: at for at, word in enumerate(known)}
    return column.numbered(lambda word: number.get(word or "", -1)), known


def _coded(units: Units, dimension: Dimension) -> Ints:
    """Find the code of each unit at each depth of a dimension; -1 below its leaf."""
    index = {code: at for at, code in enumerate(dimension.codes)}
    deepest = max(dimension.depth.values())
    try:
        column = units.codes_of(dimension.name)
    except KeyError:
        raise ValueError(f"{dimension.name}: units have no code of it") from None
    if foreign := column.used() - dimension.leaves:
        raise ValueError(f"{dimension.name}: a unit has no leaf code ({', '.join(map(str, foreign))})")
    lines = np.full((len(column.words), deepest + 1), -1, dtype=np.int64)
    for line, word in zip(lines, column.words, strict=True):
        above = [index[code] for code in dimension.path(word)][::-1] if word in index else []
        line[: len(above)] = above
    return np.asarray(lines[column.numbers], dtype=np.int64)


def _distinct(*columns: Ints) -> tuple[Ints, ...]:
    """Return the distinct rows of these columns, in order."""
    sizes = [int(column.max(initial=0)) + 1 for column in columns]
    number = as_one(columns, sizes)
    number.sort()
    number = number[_changes(number)]
    found = []
    for size in reversed(sizes):
        number, rest = np.divmod(number, size)
        found.append(rest)
    return tuple(reversed(found))


def _changes(ordered: Ints) -> Flags:
    """Mark the first of each run of the same numbers."""
    return np.concatenate([np.ones(min(1, len(ordered)), dtype=bool), ordered[1:] != ordered[:-1]])
