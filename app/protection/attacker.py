"""An attacker: what can be inferred about hidden cells from published tables alone, by linear programming.

Shares nothing with the protection but the shape of published tables; it sets up its own equations and
trusts no proof. Used as the last check before publishing, and by tests against the protection itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import highspy
import numpy as np
from numpy.typing import NDArray

from app.protection.outcome import Cell, ProtectedTable, Status
from app.protection.shapes import Dimension, Key, Unit

_TOLERANCE = 1e-6
_CEILING = 1e6
"""No cell holds more: it gives a finite answer where nothing published limits a cell."""

Vector = NDArray[np.float64]


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
    own: Mapping[str, Sequence[Unit]] | None = None,
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
    tables: list[Vector] = []
    findings = _confined(view, tree, "outsider", (k, k_sensitive), (), tables)
    for name, units in sorted((own or {}).items()):
        findings += _confined(view, tree, name, (k_insider, k_insider), units, tables)
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


def _confined(
    view: _View,
    tree: Mapping[str, Dimension],
    who: str,
    k: tuple[int, int],
    units: Sequence[Unit],
    tables: list[Vector],
) -> list[Finding]:
    """Find the cells whose least and most content beside the attacker's own units lie too close.

    `tables` collects solutions, all of which agree with everything published: where two of them already lie
    far enough apart and leave the attacker's own units in place, nothing needs to be solved.
    """
    names = list(view.column)
    floor = _own(names, units, tree)
    least, most = floor.copy(), np.full(len(names), _CEILING)
    for at, value in view.seen.items():
        least[at] = most[at] = value
    solver = _programme(view, least, most)
    found = [table for table in tables if (table >= floor - _TOLERANCE).all()]
    low = np.min(found, axis=0, initial=np.inf) if found else np.full(len(names), np.inf)
    high = np.max(found, axis=0, initial=-np.inf) if found else np.full(len(names), -np.inf)
    findings = []
    for at, (measure, key) in enumerate(names):
        sensitive = any(code in tree[name].sensitive_codes for name, code in key)
        needed = k[1 if sensitive else 0] - _TOLERANCE
        if at in view.seen or high[at] - low[at] >= needed:
            continue
        for sense in (1.0, -1.0):
            table = _extreme(solver, at, sense)
            low, high = np.minimum(low, table), np.maximum(high, table)
            tables.append(table)
        if high[at] - low[at] < needed or high[at] - floor[at] < needed:
            findings.append(Finding(key, measure, who, low[at] - floor[at], high[at] - floor[at]))
    return findings


def _own(names: Sequence[tuple[str, Key]], units: Sequence[Unit], tree: Mapping[str, Dimension]) -> Vector:
    """Count the attacker's own units, or their persons, in each cell."""
    if not units:
        return np.zeros(len(names))
    nobody = np.zeros(len(units), dtype=bool)
    marks: dict[tuple[str, str], NDArray[np.bool_]] = {}
    for at, unit in enumerate(units):
        for name, of in tree.items():
            for code in of.path(unit.codes[name]):
                marks.setdefault((name, code), nobody.copy())[at] = True
    persons = np.unique([unit.person for unit in units], return_inverse=True)[1]
    counts = []
    for measure, key in names:
        inside = np.ones(len(units), dtype=bool)
        for pair in key:
            inside &= marks.get(pair, nobody)
        counts.append(inside.sum() if measure == "units" else len(np.unique(persons[inside])))
    return np.asarray(counts, dtype=float)


def _programme(view: _View, least: np.ndarray, most: np.ndarray) -> highspy.Highs:
    """Load everything that is known into the solver."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the solver has no annotations
    for option, value in {"output_flag": False, "threads": 1}.items():
        solver.setOptionValue(option, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(least), len(view.rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(len(least)), least, most
    model.row_lower_ = np.zeros(len(view.rows))
    model.row_upper_ = np.asarray([0.0 if equal else highspy.kHighsInf for _, equal in view.rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(row) for row, _ in view.rows])]).astype(
        np.int32
    )
    model.a_matrix_.index_ = np.asarray([at for row, _ in view.rows for at in row], dtype=np.int32)
    model.a_matrix_.value_ = np.asarray([sign for row, _ in view.rows for sign in row.values()], dtype=float)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        raise ValueError("the published tables contradict each other")
    return solver


def _extreme(solver: highspy.Highs, at: int, sense: float) -> Vector:
    """Find the table in which a variable is smallest (sense 1) or largest (sense -1)."""
    solver.changeColCost(at, sense)
    solver.run()
    table = np.asarray(solver.getSolution().col_value)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError(f"no extreme found: {solver.getModelStatus()}")
    solver.changeColCost(at, 0.0)
    return table
