"""Counts units and distinct persons, households and contributors of cells, and what each insider knows.

Independent of the order of the units; knows nothing of tables or of hiding.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.protection.shapes import Dimension, Key, Unit

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    """One column a cell. `own_units` and `own_persons` have one row an insider.

    `left` is the fewest persons that remain when any one contributor or household is taken away with all
    persons it knows.
    """

    units: Ints
    persons: Ints
    households: Ints
    contributors: Ints
    left: Ints
    own_units: Ints
    own_persons: Ints


class Census:
    """The units, coded in numbers, ready to be counted by any cell."""

    def __init__(self, units: Sequence[Unit], dimensions: Mapping[str, Dimension]) -> None:
        """Raise ValueError when a unit has no leaf code in some dimension."""
        self.dimensions = dimensions
        self.size = len(units)
        self.persons, _ = _numbered([unit.person for unit in units])
        self.households, _ = _numbered([unit.household for unit in units])
        self.known_by, self.contributors = _numbered([unit.contributor for unit in units])
        named, institutions = _numbered([unit.institution or "" for unit in units])
        without = 1 if institutions[:1] == [""] else 0
        self.institutions = institutions[without:]
        self.concerns = named - without
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
        by_shape: dict[tuple[tuple[str, int], ...], list[int]] = {}
        for place, key in enumerate(keys):
            shape = tuple((name, self.dimensions[name].depth[code]) for name, code in key)
            by_shape.setdefault(shape, []).append(place)
        for shape, places in by_shape.items():
            self._measure(counts, *self._incidence(shape, places, keys))
        for place, chosen in enumerate(groups, start=len(keys)):
            inside = np.flatnonzero(chosen)
            self._measure(counts, np.full(len(inside), place), inside)
        return counts

    def _incidence(
        self, shape: Iterable[tuple[str, int]], places: list[int], keys: Sequence[Key]
    ) -> tuple[Ints, Ints]:
        """Pairs of cell and unit for the cells of one shape: the same dimensions at the same depths."""
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
        return np.asarray(places)[order][at[units]], units

    def _empty(self, cells: int) -> Counts:
        insiders = len(self.contributors) + len(self.institutions)
        single = [np.zeros(cells, dtype=np.int64) for _ in range(5)]
        own = [np.zeros((insiders, cells), dtype=np.int64) for _ in range(2)]
        return Counts(*single, *own)

    def _measure(self, counts: Counts, cells: Ints, units: Ints) -> None:
        """Add what these pairs of cell and unit say about their cells, each of which comes only once."""
        if not len(units):
            return
        touched = np.unique(cells)
        counts.units[:] += np.bincount(cells, minlength=len(counts.units))
        persons = _distinct(cells, self.persons[units])
        counts.persons[:] += np.bincount(persons[0], minlength=len(counts.units))
        homes = _distinct(cells, self.households[units])
        counts.households[:] += np.bincount(homes[0], minlength=len(counts.units))
        reporters = _distinct(cells, self.known_by[units])
        counts.contributors[:] += np.bincount(reporters[0], minlength=len(counts.units))

        most = np.zeros(len(counts.units), dtype=np.int64)
        at_home = _distinct(cells, self.households[units], self.persons[units])
        _, start, size = np.unique(np.stack(at_home[:2]), axis=1, return_index=True, return_counts=True)
        np.maximum.at(most, at_home[0][start], size)
        concerned = self.concerns[units] >= 0
        shift = len(self.contributors)
        for insiders, chosen in ((self.known_by, slice(None)), (self.concerns + shift, concerned)):
            their, where = insiders[units][chosen], cells[chosen]
            np.add.at(counts.own_units, (their, where), 1)
            known = _distinct(where, their, self.persons[units][chosen])
            np.add.at(counts.own_persons, (known[1], known[0]), 1)
        most[touched] = np.maximum(most[touched], counts.own_persons[:shift, touched].max(axis=0))
        counts.left[touched] = counts.persons[touched] - most[touched]


def _numbered(keys: Sequence[str]) -> tuple[Ints, list[str]]:
    """Give the keys numbers in their alphabetical order."""
    known = sorted(set(keys))
    number = {key: at for at, key in enumerate(known)}
    return np.asarray([number[key] for key in keys], dtype=np.int64), known


def _coded(units: Sequence[Unit], dimension: Dimension) -> Ints:
    """Find the code of each unit at each depth of a dimension; -1 below its leaf."""
    index = {code: at for at, code in enumerate(dimension.codes)}
    deepest = max(dimension.depth.values())
    lines: dict[str, list[int]] = {}
    for code in dimension.codes:
        if not dimension.children[code]:
            above = [index[at] for at in dimension.path(code)][::-1]
            lines[code] = above + [-1] * (deepest + 1 - len(above))
    try:
        coded = [lines[unit.codes[dimension.name]] for unit in units]
    except KeyError as error:
        raise ValueError(f"{dimension.name}: a unit has no leaf code ({error})") from None
    return np.asarray(coded, dtype=np.int64).reshape(len(units), deepest + 1)


def _distinct(*columns: Ints) -> tuple[Ints, ...]:
    """Return the distinct rows of these columns, in order."""
    number = columns[0].astype(np.int64)
    for column in columns[1:]:
        number = number * (int(column.max(initial=0)) + 1) + column
    _, first = np.unique(number, return_index=True)
    return tuple(column[first] for column in columns)
