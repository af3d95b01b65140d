"""Picks the few cells among which a move of one cell is looked for first: those with many units.

A cell moves against cells with other codes, and each of these takes along its totals and some of its
parts. The largest codes beside and below each code make good partners; so do cells that are hidden anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.protection.columns import Flags, Ints
from app.protection.counting import Census
from app.protection.shapes import Dimension
from app.protection.system import PERSONS, UNITS, System


@dataclass(slots=True)
class Window:
    """The codes of every cell by dimension (the total is 0), and the units of every code."""

    system: System
    dimensions: Mapping[str, Dimension]
    codes: dict[str, Ints]
    cells: Flags
    sizes: dict[str, dict[str, int]]

    def around(self, cell: int, hidden: Flags, partners: int) -> Flags:
        """Mark the cells with the codes chosen for a move of this one, and the slacks that depend on them."""
        chosen = self.cells.copy()
        own = dict(self.system.names[cell][1])
        for name, dimension in self.dimensions.items():
            allowed = np.zeros(len(dimension.codes), dtype=bool)
            picked = self._picked(cell, dimension, own.get(name, dimension.total), hidden, partners)
            for at, code in enumerate(dimension.codes):
                allowed[at] = code in picked
            chosen &= allowed[self.codes[name]]
        rows = np.unique(self.system.entries(np.flatnonzero(chosen))[1])
        beside = self.system.in_rows(rows)
        chosen[beside[~self.cells[beside]]] = True
        return chosen

    def _picked(self, cell: int, dimension: Dimension, code: str, hidden: Flags, partners: int) -> set[str]:
        parts = partners // 2 + 1
        picked = self._with_parts(dimension, code, parts)
        for at in dimension.path(code):
            picked.add(at)
            if at == dimension.total:
                continue
            beside = [other for other in dimension.children[dimension.parents[at]] if other != at]
            beside.sort(key=lambda other: (-self.sizes[dimension.name][other], other))
            already = [other for other in beside if self._is_hidden(cell, dimension.name, other, hidden)]
            for partner in {*beside[:partners], *already[:partners]}:
                picked |= self._with_parts(dimension, partner, parts)
        return picked

    def _with_parts(self, dimension: Dimension, code: str, most: int) -> set[str]:
        """Pick a code and the largest codes below it, level by level."""
        parts = sorted(dimension.children[code], key=lambda part: (-self.sizes[dimension.name][part], part))
        picked = {code}
        for part in parts[:most]:
            picked |= self._with_parts(dimension, part, most)
        return picked

    def _is_hidden(self, cell: int, name: str, code: str, hidden: Flags) -> bool:
        """Whether the cell with another code in one dimension is hidden."""
        measure, key = self.system.names[cell]
        at = self.system.column.get((measure, tuple(sorted({**dict(key), name: code}.items()))))
        return at is not None and bool(hidden[at])


def window(system: System, census: Census) -> Window:
    """Prepare the choice for one system."""
    codes, sizes = {}, {}
    for name, dimension in census.dimensions.items():
        index = {code: at for at, code in enumerate(dimension.codes)}
        codes[name] = np.asarray(
            [index[dict(key).get(name, dimension.total)] for _, key in system.names], dtype=np.int64
        )
        column = census.codes[name]
        counted = np.bincount(column[column >= 0].ravel(), minlength=len(index))
        sizes[name] = {code: int(counted[at]) for code, at in index.items()}
    cells = np.asarray([measure in {UNITS, PERSONS} for measure, _ in system.names])
    return Window(system, census.dimensions, codes, cells, sizes)
