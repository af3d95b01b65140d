"""Looks for a move: whole-number changes of hidden cells that keep every equation and change one cell.

The only place that talks to the solver. Answers are rounded and checked in whole numbers, so a fault or
a tolerance of the solver can make a search fail, but never a proof hold.
"""

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from app.protection.counting import Flags, Ints
from app.protection.system import System

Move = tuple[Ints, Ints]
"""Columns and the amounts by which they change, none of them 0."""

_REWARD = 1e6
"""For every unit by which the cell in question moves: more than any move costs."""

_TOLERANCE = 1e-7
_ATTEMPTS = 4
_NODES = 50
_GOLDEN = 0.6180339887
"""Multiples of it spread the changed costs evenly, the same in every run."""


@dataclass(slots=True)
class Solver:
    """Searches moves in one system; `programmes` counts what it solved."""

    system: System
    programmes: int = 0
    highs: highspy.Highs = field(default_factory=highspy.Highs)

    def __post_init__(self) -> None:
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 1,
            "mip_max_nodes": _NODES,
            "mip_rel_gap": 0.05,
        }.items():
            self.highs.setOptionValue(option, value)

    def near(self, cell: int, allowed: Flags, steps: int, most: int) -> Ints:
        """At most so many of the allowed columns within so many equations of a cell, large ones first."""
        system = self.system
        reached = np.zeros(len(system.names), dtype=bool)
        reached[cell] = True
        front = np.asarray([cell], dtype=np.int64)
        crossed = np.zeros(len(system.rows), dtype=bool)
        for _ in range(steps):
            touched = np.zeros(len(system.rows), dtype=bool)
            touched[system.entries(front)[1]] = True
            found = np.zeros(len(system.names), dtype=bool)
            found[system.in_rows(np.flatnonzero(touched & ~crossed))] = True
            crossed |= touched
            front = np.flatnonzero(found & allowed & ~reached)
            room = max(most - int(reached.sum()), 0)
            if len(front) > room:
                front = front[np.lexsort((front, -system.value[front]))][:room]
            reached[front] = True
            if not len(front):
                break
        return np.flatnonzero(reached)

    def move(
        self, columns: Ints, cell: int, amount: int, caps: Ints, costs: NDArray[np.float64], *, thorough: bool
    ) -> Move | None:
        """Change a cell by up to `amount` (negative: downwards), as much as can be, at least cost.

        No column falls by more than its cap. `caps` and `costs` are for `columns`. `thorough` ends with an
        integer programme. None if the cell cannot move, or no whole-number move is found.
        """
        rising, falling = self._movable(columns, caps)
        own = int(np.searchsorted(columns, cell))
        if not (rising if amount > 0 else falling)[own]:
            return None
        chosen = rising | falling
        columns, costs = columns[chosen], costs[chosen]
        ceiling = np.concatenate([np.where(rising, highspy.kHighsInf, 0), np.where(falling, caps, 0)])
        upper = ceiling[np.tile(chosen, 2)]
        count = len(columns)
        sizes, rows, signs = self.system.entries(columns)
        used, numbered = _numbered(rows)
        lower = np.zeros(2 * count)
        cost = np.concatenate([costs, costs])
        own = int(np.searchsorted(columns, cell))
        forward, backward = (own, own + count) if amount > 0 else (own + count, own)
        upper[backward] = 0
        upper[forward] = min(abs(amount), upper[forward])
        cost[forward] = -_REWARD
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * count, len(used)
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        model.row_lower_ = model.row_upper_ = np.zeros(len(used))
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.concatenate([sizes, sizes]))]).astype(
            np.int32
        )
        model.a_matrix_.index_ = np.concatenate([numbered, numbered]).astype(np.int32)
        model.a_matrix_.value_ = np.concatenate([signs, -signs]).astype(float)
        return self._whole(model, columns, attempts=_ATTEMPTS if thorough else 2, thorough=thorough)

    def _movable(self, columns: Ints, caps: Ints) -> tuple[Flags, Flags]:
        """Which columns might rise and which might fall, judged row by row: someone must make up for it."""
        sizes, rows, signs = self.system.entries(columns)
        place = np.repeat(np.arange(len(columns)), sizes)
        used, rows = _numbered(rows)
        rising, falling = np.ones(len(columns), dtype=bool), caps > 0
        positive = signs > 0
        before = -1
        while before != (before := int(rising.sum() + falling.sum())):
            plus = np.where(positive, rising[place], falling[place])
            minus = np.where(positive, falling[place], rising[place])
            more = np.bincount(rows, plus, len(used))[rows] - plus
            less = np.bincount(rows, minus, len(used))[rows] - minus
            stuck = np.where(positive, less, more) < 1
            rising = rising & (np.bincount(place, stuck, len(columns)) == 0)
            stuck = np.where(positive, more, less) < 1
            falling = falling & (np.bincount(place, stuck, len(columns)) == 0)
        return rising, falling

    def _whole(self, model: highspy.HighsLp, columns: Ints, *, attempts: int, thorough: bool) -> Move | None:
        """Solve the programme; where its solution is not whole, look for one at other costs that is."""
        cost, upper = np.array(model.col_cost_), np.array(model.col_upper_)
        seen = np.zeros(len(columns), dtype=bool)
        for attempt in range(attempts):
            model.col_cost_ = cost * (1 + 0.7 * np.modf(np.tile(columns, 2) * attempt * _GOLDEN)[0])
            amounts = self._solve(model)
            if not amounts.any():
                return None
            seen |= amounts != 0
            move = self._checked(model, columns, amounts)
            if move:
                return move
        if not thorough:
            return None
        model.col_cost_ = cost
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
        model.col_upper_ = np.where(np.tile(seen, 2), upper, 0)
        model.col_lower_ = np.where(cost == -_REWARD, upper, 0)
        move = self._checked(model, columns, self._solve(model))
        if move is None:
            model.col_upper_, model.col_lower_ = upper, np.zeros(len(upper))
            move = self._checked(model, columns, self._solve(model))
        return move

    def _solve(self, model: highspy.HighsLp) -> NDArray[np.float64]:
        """Return the change of each column; all 0 when the solver has no answer."""
        found = self.answer(model)
        count = model.num_col_ // 2
        return np.asarray(np.round(found[:count] - found[count:], 6))

    def answer(self, model: highspy.HighsLp) -> NDArray[np.float64]:
        """Return the solver's values; all 0 when it has no answer."""
        self.highs.setOptionValue("presolve", "on" if len(model.integrality_) else "off")
        self.highs.passModel(model)
        self.highs.run()
        self.programmes += 1
        found = np.asarray(self.highs.getSolution().col_value)
        return found if len(found) == model.num_col_ else np.zeros(model.num_col_)

    def _checked(self, model: highspy.HighsLp, columns: Ints, amounts: NDArray[np.float64]) -> Move | None:
        """Return the move, if it is whole, keeps all equations and lets nothing fall too far."""
        whole = np.rint(amounts).astype(np.int64)
        moving = whole != 0
        within = bool((whole + np.asarray(model.col_upper_)[len(columns) :] >= 0).all())
        if moving.any() and within and self.system.balances(columns, whole):
            return columns[moving], whole[moving]
        return None


def extreme(
    solver: Solver, columns: Ints, cell: int, most: int, caps: Ints, *, up: bool
) -> tuple[float, Flags]:
    """How far a cell can move one way, at most so far; and which cells would help if they could move."""
    system = solver.system
    count = len(columns)
    sizes, rows, signs = system.entries(columns)
    used, numbered = _numbered(rows)
    own = int(np.searchsorted(columns, cell))
    sense = -1.0 if up else 1.0
    cost = np.zeros(count)
    cost[own] = sense
    lower, upper = -caps[columns].astype(float), np.full(count, highspy.kHighsInf)
    lower[own] = max(lower[own], -most)
    upper[own] = most
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(used)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
    model.row_lower_ = model.row_upper_ = np.zeros(len(used))
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = numbered.astype(np.int32), signs.astype(float)
    found = solver.answer(model)
    duals = np.zeros(len(system.rows))
    duals[used] = np.asarray(solver.highs.getSolution().row_dual)
    worth = np.zeros(len(system.names))
    every = np.arange(len(system.names))
    sizes, rows, signs = system.entries(every)
    np.add.at(worth, np.repeat(every, sizes), signs * duals[rows])
    helping = np.abs(worth) > _TOLERANCE
    return abs(float(found[own])), helping


def _numbered(rows: Ints) -> tuple[Ints, Ints]:
    """Return the distinct rows in order, and for each entry which of them it is."""
    last = int(rows.max(initial=-1))
    present = np.zeros(last + 1, dtype=bool)
    present[rows] = True
    used = np.flatnonzero(present)
    return used, (np.cumsum(present) - 1)[rows]
