"""Looks for a move: whole-number changes of hidden cells that keep every equation and change one cell.

The only place that talks to the solver. Answers are rounded and checked in whole numbers, so a fault or
a tolerance of the solver can make a search fail, but never a proof hold.
"""

import enum
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from app.protection.columns import Flags, Ints
from app.protection.programme import Programme
from app.protection.system import System

Move = tuple[Ints, Ints]
"""Columns and the amounts by which they change, none of them 0."""

_REWARD = 1e6
"""For every unit by which the cell in question moves: more than any move costs."""

_TOLERANCE = 1e-7
_NODES = 50
_GOLDEN = 0.6180339887
"""Multiples of it spread the changed costs evenly, the same in every run."""


class Care(enum.Enum):
    """How much is done to find a move in whole numbers where a solution is not whole."""

    QUICK = "at other costs"
    THOROUGH = "and by an integer programme over what moved at any of them"
    EXHAUSTIVE = "and by one over everything around"


_ATTEMPTS = {Care.QUICK: 2, Care.THOROUGH: 4, Care.EXHAUSTIVE: 4}
_FEW = 500
"""Among so few columns the largest integer programme costs little, and is always tried."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The columns among which a cell moves, which of them might rise or fall, and how far they may fall."""

    cell: int
    columns: Ints
    caps: Ints
    rising: Flags
    falling: Flags
    entries: tuple[Ints, Ints, Ints]
    """Of the matrix: how many each column has, their rows and their signs."""

    def allow(self, *, up: bool) -> bool:
        """Whether the cell itself might move."""
        own = np.searchsorted(self.columns, self.cell)
        return bool((self.rising if up else self.falling)[own])


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

    def move(self, around: Surroundings, amount: int, costs: NDArray[np.float64], care: Care) -> Move | None:
        """Change a cell by up to `amount` (negative: downwards), as much as can be, at least cost.

        No column falls by more than its cap. `costs` are for all columns around. None if the cell cannot
        move, or no whole-number move is found with this care.
        """
        if not around.allow(up=amount > 0):
            return None
        columns, caps, rising, falling = around.columns, around.caps, around.rising, around.falling
        chosen = rising | falling
        columns, costs = columns[chosen], costs[chosen]
        ceiling = np.concatenate([np.where(rising, highspy.kHighsInf, 0), np.where(falling, caps, 0)])
        upper = ceiling[np.tile(chosen, 2)]
        count = len(columns)
        sizes, rows, signs = around.entries
        kept = np.repeat(chosen, sizes)
        sizes, rows, signs = sizes[chosen], rows[kept], signs[kept]
        used, numbered = _numbered(rows)
        cost = np.concatenate([costs, costs])
        own = int(np.searchsorted(columns, around.cell))
        forward, backward = (own, own + count) if amount > 0 else (own + count, own)
        upper[backward] = 0
        upper[forward] = min(abs(amount), upper[forward])
        cost[forward] = -_REWARD
        none = np.zeros(len(used))
        start = np.concatenate([[0], np.cumsum(np.concatenate([sizes, sizes]))])
        index, value = np.concatenate([numbered, numbered]), np.concatenate([signs, -signs])
        programme = Programme(cost, np.zeros(2 * count), upper, none, none, start, index, value)
        return self._whole(programme, columns, care)

    def surroundings(self, columns: Ints, cell: int, caps: Ints) -> Surroundings:
        """Judge row by row which columns might rise and which might fall: someone must make up for it.

        Ends early where the cell itself cannot move, whatever the others do.
        """
        entries = sizes, rows, signs = self.system.entries(columns)
        place = np.repeat(np.arange(len(columns)), sizes)
        own = int(np.searchsorted(columns, cell))
        used, rows = _numbered(rows)
        rising, falling = np.ones(len(columns), dtype=bool), caps > 0
        positive = signs > 0
        before = -1
        while before != (before := int(rising.sum() + falling.sum())) and (rising[own] or falling[own]):
            plus = np.where(positive, rising[place], falling[place])
            minus = np.where(positive, falling[place], rising[place])
            more = np.bincount(rows, plus, len(used))[rows] - plus
            less = np.bincount(rows, minus, len(used))[rows] - minus
            stuck = np.where(positive, less, more) < 1
            rising = rising & (np.bincount(place, stuck, len(columns)) == 0)
            stuck = np.where(positive, more, less) < 1
            falling = falling & (np.bincount(place, stuck, len(columns)) == 0)
        return Surroundings(cell, columns, caps, rising, falling, entries)

    def _whole(self, programme: Programme, columns: Ints, care: Care) -> Move | None:
        """Solve the programme; where its solution is not whole, look for one at other costs that is."""
        cost, upper = programme.cost, programme.upper
        seen = np.zeros(len(columns), dtype=bool)
        for attempt in range(_ATTEMPTS[care]):
            other = cost * (1 + 0.7 * np.modf(np.tile(columns, 2) * attempt * _GOLDEN)[0])
            amounts = self._solve(replace(programme, cost=other))
            if not amounts.any():
                return None
            seen |= amounts != 0
            move = self._checked(upper, columns, amounts)
            if move:
                return move
        if care is Care.QUICK:
            return None
        within = np.where(np.tile(seen, 2), upper, 0)
        whole = replace(programme, whole=True, upper=within, lower=np.where(cost == -_REWARD, upper, 0))
        move = self._checked(within, columns, self._solve(whole))
        if move is None and (care is Care.EXHAUSTIVE or len(columns) <= _FEW):
            move = self._checked(upper, columns, self._solve(replace(programme, whole=True)))
        return move

    def _solve(self, programme: Programme) -> NDArray[np.float64]:
        """Return the change of each column; all 0 when the solver has no answer."""
        found = self.answer(programme)
        count = len(found) // 2
        return np.asarray(np.round(found[:count] - found[count:], 6))

    def answer(self, programme: Programme) -> NDArray[np.float64]:
        """Return the solver's values; all 0 when it has no answer."""
        self.highs.setOptionValue("presolve", "on" if programme.whole else "off")
        programme.load(self.highs)
        self.highs.run()
        self.programmes += 1
        found = np.asarray(self.highs.getSolution().col_value)
        return found if len(found) == len(programme.cost) else np.zeros(len(programme.cost))

    def _checked(
        self, upper: NDArray[np.float64], columns: Ints, amounts: NDArray[np.float64]
    ) -> Move | None:
        """Return the move, if it is whole, keeps all equations and lets nothing fall too far."""
        whole = np.rint(amounts).astype(np.int64)
        moving = whole != 0
        within = bool((whole + upper[len(columns) :] >= 0).all())
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
    none = np.zeros(len(used))
    start = np.concatenate([[0], np.cumsum(sizes)])
    found = solver.answer(Programme(cost, lower, upper, none, none, start, numbered, signs.astype(float)))
    duals = np.zeros(len(system.rows))
    duals[used] = np.asarray(solver.highs.getSolution().row_dual)
    return abs(float(found[own])), np.abs(system.worth(duals)) > _TOLERANCE


def _numbered(rows: Ints) -> tuple[Ints, Ints]:
    """Return the distinct rows in order, and for each entry which of them it is."""
    last = int(rows.max(initial=-1))
    present = np.zeros(last + 1, dtype=bool)
    present[rows] = True
    used = np.flatnonzero(present)
    return used, (np.cumsum(present) - 1)[rows]
