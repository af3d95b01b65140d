"""How wide an interval everything published leaves each hidden cell, by linear programmes over all of it.

For the attacker alone: nothing of the protection is used. One programme is kept and solved again and again
from where it stopped: by first pulling all open cells apart at once, this way and that, until few are open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Flags = NDArray[np.bool_]
Row = tuple[Mapping[int, float], bool]
"""Factors of variables: their sum is 0 (True) or at least 0 (False)."""

_TOLERANCE = 1e-6
_CEILING = 1e6
"""No cell holds more: it gives a finite answer where nothing published limits a cell."""
_DUAL, _PRIMAL = 1, 4
"""Ways of the solver: after other bounds, and after other costs, what it knows is still of use."""
_WORTHWHILE = 8
"""A round that settles less than this part of the open cells is the last one."""
_GOLDEN = 0.6180339887
"""Multiples of it scatter the ways in which cells are pulled, the same in every run."""


class Contradiction(ValueError):
    """No table agrees with what was published and what is known."""


@dataclass(slots=True)
class Intervals:
    """Tables found that agree with everything; of the hidden cells alone, in the order of the variables."""

    solver: highspy.Highs
    tables: list[Vector] = field(default_factory=list)
    floor: Vector = field(default_factory=lambda: np.zeros(0))
    low: Vector = field(default_factory=lambda: np.zeros(0))
    high: Vector = field(default_factory=lambda: np.zeros(0))

    def know(self, floor: Vector) -> None:
        """Let no hidden cell hold less than what somebody knows of it; forget what others can infer.

        Raises Contradiction if no table agrees.
        """
        count = len(floor)
        self.floor = floor
        self.low, self.high = np.full(count, np.inf), np.full(count, -np.inf)
        self.solver.changeColsBounds(
            count, np.arange(count, dtype=np.int32), floor, np.maximum(floor, _CEILING)
        )
        self.solver.setOptionValue("simplex_strategy", _DUAL)
        self.solver.run()
        self.solver.setOptionValue("simplex_strategy", _PRIMAL)
        if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise Contradiction("the published tables contradict each other")
        for table in self.tables:
            if (table >= floor - _TOLERANCE).all():
                self._see(table)

    def open(self, needed: Vector) -> Flags:
        """Tell which cells are not known yet to have an interval so wide."""
        return np.asarray(self.high - self.low < needed - _TOLERANCE)

    def pull(self, needed: Vector) -> None:
        """Pull open cells apart, each up or down by chance, as long as that settles enough of them."""
        every = np.arange(len(needed), dtype=np.int32)
        left, number = self.open(needed), 1
        before = int(left.sum()) * 2
        while (now := int(left.sum())) > 1 and (before - now) * _WORTHWHILE >= before:
            ways = np.where(np.modf(every * number * _GOLDEN)[0] < 0.5, 1.0, -1.0) * left
            for costs in (ways, -ways):
                self.solver.changeColsCost(len(every), every, costs)
                self._keep(solution(self.solver))
            left, number, before = self.open(needed), number + 1, now
        self.solver.changeColsCost(len(every), every, np.zeros(len(every)))

    def stretch(self, place: int) -> None:
        """Find the least and the most that one cell can hold."""
        for sense in (1.0, -1.0):
            self.solver.changeColCost(place, sense)
            self._keep(solution(self.solver))
            self.solver.changeColCost(place, 0.0)

    def _keep(self, table: Vector) -> None:
        self.tables.append(table)
        self._see(table)

    def _see(self, table: Vector) -> None:
        self.low, self.high = np.minimum(self.low, table), np.maximum(self.high, table)


def intervals(count: int, seen: Mapping[int, int], rows: Iterable[Row]) -> Intervals:
    """Load what is known of so many variables, of which the hidden ones alone remain.

    Raises Contradiction if the values that are `seen` break an equation by themselves.
    """
    hidden = np.ones(count, dtype=bool)
    hidden[list(seen)] = False
    places = np.cumsum(hidden) - 1
    reduced: dict[tuple[tuple[tuple[int, float], ...], float, bool], None] = {}
    for row, equal in rows:
        rest = -sum(factor * seen[at] for at, factor in row.items() if at in seen)
        left = tuple((int(places[at]), factor) for at, factor in row.items() if at not in seen)
        if left:
            reduced[left, float(rest), equal] = None
        elif rest > 0 or (equal and rest):
            raise Contradiction("the published tables contradict each other")
    return Intervals(_programme(int(hidden.sum()), list(reduced)))


def _programme(
    count: int, rows: Sequence[tuple[tuple[tuple[int, float], ...], float, bool]]
) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the solver has no annotations
    for option, value in {"output_flag": False, "threads": 1}.items():
        solver.setOptionValue(option, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(rows)
    model.col_cost_, model.col_lower_ = np.zeros(count), np.zeros(count)
    model.col_upper_ = np.full(count, _CEILING)
    model.row_lower_ = np.asarray([rest for _, rest, _ in rows])
    model.row_upper_ = np.asarray([rest if equal else highspy.kHighsInf for _, rest, equal in rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _, _ in rows)]).astype(np.int32)
    model.a_matrix_.index_ = np.asarray([at for row, _, _ in rows for at, _ in row], dtype=np.int32)
    model.a_matrix_.value_ = np.asarray([factor for row, _, _ in rows for _, factor in row])
    solver.passModel(model)
    return solver


def solution(solver: highspy.Highs) -> Vector:
    """Solve; raise ArithmeticError where there is no best solution."""
    solver.run()
    table = np.asarray(solver.getSolution().col_value)
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError(f"no extreme found: {solver.getModelStatus()}")
    return table
