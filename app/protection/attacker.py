"""An attacker: what can be inferred about hidden cells from published tables alone, by linear programming.

Shares nothing with the protection but the shape of published tables; it sets up its own equations and
trusts no proof. Used as the last check before publishing, and by tests against the protection itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from app.protection.intervals import Contradiction, Flags, Intervals, Vector, intervals
from app.protection.outcome import Cell, ProtectedTable, Status
from app.protection.shapes import Dimension, Key, Unit
from app.protection.units import Units


@dataclass(frozen=True, slots=True)
class Finding:
    """A hidden cell that an attacker confines: the interval of the units that are not the attacker's own."""

    key: Key
    measure: str
    attacker: str
    low: float
    high: float


@dataclass(slots=True)
class _View:
    """All that an attacker sees: a variable for each cell, its value where published, and equations."""

    column: dict[tuple[str, Key], int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    rows: list[tuple[dict[int, float], bool]] = field(default_factory=list)

    def variable(self, measure: str, key: Key) -> int:
        return self.column.setdefault((measure, key), len(self.column))

    def read(self, cell: Cell) -> None:
        for measure, count in (("units", cell.units), ("persons", cell.persons)):
            if count is None or count.status is Status.NOT_COLLECTED:
                continue
            at = self.variable(measure, cell.key)
            if count.value is not None and self.seen.setdefault(at, count.value) != count.value:
                raise ValueError(f"{dict(cell.key)} is published with two values")


def attack(
    releases: Iterable[ProtectedTable],
    dimensions: Sequence[Dimension],
    *,
    k: int,
    k_sensitive: int,
    k_insider: int = 0,
    own: Mapping[str, Iterable[Unit]] | None = None,
    once: Sequence[str] = (),
) -> list[Finding]:
    """Return the hidden cells that someone confines to less than k units, or that lie under k for sure.

    `releases` are all tables published so far. `own` gives the units that each insider knows; insiders are
    held to `k_insider`. `once`: dimensions that together tell apart the units of one person, so that a cell
    with a leaf code in each counts persons. Raises ValueError when the tables contradict each other.
    """
    tree = {dimension.name: dimension for dimension in dimensions}
    view = _View()
    for cell in chain.from_iterable(table.cells for table in releases):
        view.read(cell)
    _add_sums(view, tree)
    _add_persons(view, tree, once)
    hidden = [name for name, at in view.column.items() if at not in view.seen]
    held = _Held(hidden, tree, intervals(len(view.column), view.seen, view.rows))
    insiders = [(name, Units.of(units)) for name, units in sorted((own or {}).items())]
    if insiders:
        held.know_all([units for _, units in insiders], (k, k_sensitive))
    findings = held.confined("outsider", (k, k_sensitive), Units.of(()))
    for name, units in insiders:
        findings += held.confined(name, (k_insider, k_insider), units)
    return findings


def _parts(key: Key, tree: Mapping[str, Dimension]) -> Iterator[list[Key]]:
    """Every way to divide a cell by the codes directly below."""
    codes = dict(key)
    for name, dimension in tree.items():
        above = codes.get(name, dimension.total)
        below = [code for code, parent in dimension.parents.items() if parent == above]
        if below:
            yield [tuple(sorted({**codes, name: code}.items())) for code in below]


def _add_sums(view: _View, tree: Mapping[str, Dimension]) -> None:
    for _, key in list(view.column):
        for parts in _parts(key, tree):
            there = [view.column["units", part] for part in parts if ("units", part) in view.column]
            if there and ("units", key) in view.column:
                total = view.variable("units", key)
                view.rows.append(({total: 1.0, **dict.fromkeys(there, -1.0)}, len(there) == len(parts)))


def _add_persons(view: _View, tree: Mapping[str, Dimension], once: Sequence[str]) -> None:
    """Largest part <= persons <= sum of parts, as inequalities `row >= 0`."""
    persons = [(key, at) for (measure, key), at in view.column.items() if measure == "persons"]
    leaves = {
        key: at
        for (measure, key), at in view.column.items()
        if measure == "units" and once and all(_is_leaf(key, name, tree) for name in once)
    }
    for key, at in persons:
        view.rows.append(({view.column["units", key]: 1.0, at: -1.0}, False))
        for parts in _parts(key, tree):
            there = [view.column["persons", part] for part in parts if ("persons", part) in view.column]
            view.rows += [({at: 1.0, part: -1.0}, False) for part in there]
            if len(there) == len(parts):
                view.rows.append(({at: -1.0, **dict.fromkeys(there, 1.0)}, False))
        inside = [leaf for fine, leaf in leaves.items() if _is_below(fine, key, tree)]
        view.rows += [({at: 1.0, leaf: -1.0}, False) for leaf in inside]


def _is_leaf(key: Key, name: str, tree: Mapping[str, Dimension]) -> bool:
    return name in dict(key) and dict(key)[name] not in tree[name].parents.values()


def _is_below(fine: Key, coarse: Key, tree: Mapping[str, Dimension]) -> bool:
    codes = dict(fine)
    return all(name in codes and code in tree[name].path(codes[name]) for name, code in coarse)


@dataclass(slots=True)
class _Held:
    """All that is published, against one attacker after the other.

    Every table found for one agrees with everything published: where two of them already lie far enough
    apart and leave the next attacker's own units in place, nothing needs to be solved.
    """

    names: Sequence[tuple[str, Key]]
    tree: Mapping[str, Dimension]
    intervals: Intervals

    def know_all(self, insiders: Sequence[Units], k: tuple[int, int]) -> None:
        """Look for tables that leave everybody's own units in place: they serve against each attacker."""
        floor = np.max([self._own(units) for units in insiders], axis=0)
        try:
            self.intervals.know(floor)
        except Contradiction:
            return  # What two of them know need not go together: figures may be frozen, their units not.
        self.intervals.pull(self._needed(k))

    def confined(self, who: str, k: tuple[int, int], units: Units) -> list[Finding]:
        """Find the cells whose least and most content beside the attacker's own units lie too close."""
        floor, needed, seen = self._own(units), self._needed(k), self.intervals
        seen.know(floor)
        seen.pull(needed)
        findings = []
        for place in np.flatnonzero(seen.open(needed)).tolist():
            if seen.open(needed)[place]:
                seen.stretch(place)
            if seen.open(needed)[place]:
                measure, key = self.names[place]
                low, high = seen.low[place] - floor[place], seen.high[place] - floor[place]
                findings.append(Finding(key, measure, who, float(low), float(high)))
        return findings

    def _needed(self, k: tuple[int, int]) -> Vector:
        sensitive = [
            any(code in self.tree[name].sensitive_codes for name, code in key) for _, key in self.names
        ]
        return np.where(sensitive, k[1], k[0]).astype(float)

    def _own(self, units: Units) -> Vector:
        return _own(self.names, units, self.tree)


def _own(names: Sequence[tuple[str, Key]], units: Units, tree: Mapping[str, Dimension]) -> Vector:
    """Count the attacker's own units, or their persons, in each cell."""
    if not len(units):
        return np.zeros(len(names))
    marks: dict[tuple[str, str], Flags] = {}
    nobody = np.zeros(len(units), dtype=bool)
    for name, of in tree.items():
        column = units.codes[name]
        for leaf in column.used():
            theirs = column.among({leaf})
            for code in of.path(leaf):
                marks[name, code] = marks.get((name, code), nobody) | theirs
    counts = []
    for measure, key in names:
        inside = np.ones(len(units), dtype=bool)
        for pair in key:
            inside &= marks.get(pair, nobody)
        persons = units.persons.numbers[inside]
        counts.append(len(persons) if measure == "units" else len({*persons.tolist()}))
    return np.asarray(counts, dtype=float)
