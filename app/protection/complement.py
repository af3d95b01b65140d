"""Chooses the further cells to hide, so that no hidden cell can be confined by any attacker.

Cell by cell, the hardest first: look for moves among hidden cells; where they do not suffice, hide those
cells that let the cheapest further move pass. Afterwards every cell that was hidden for another's sake is
tried for publishing again. The order of cells follows from the data alone, never from the order of rows.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.protection.columns import Flags, Ints
from app.protection.evidence import Evidence, Gone
from app.protection.linear import Care, Solver, Surroundings
from app.protection.outcome import ProtectionError
from app.protection.system import System
from app.protection.window import Window

_NEAR, _FAR, _ALL = (3, 400), (4, 1_500), (1_000, 10_000_000)
"""Where moves are looked for: within so many equations of a cell, among so many variables."""
_WINDOWS = {_NEAR: 2, _FAR: 6}
"""To hide more, look among so many partners of each code instead."""
_CARE = {_NEAR: Care.THOROUGH, _FAR: Care.THOROUGH, _ALL: Care.EXHAUSTIVE}

_PRICE = 100.0
"""A cell newly hidden costs so much more than one that is hidden anyway."""


@dataclass(slots=True)
class Plan:
    """Which variables nobody sees, which of them are cells to protect, and which may still be hidden.

    `needed` are the cells that must stay hidden for their own sake. `beside` are the cells (person totals)
    that are hidden together with another one. `fineness` counts the steps of a cell below the totals.
    """

    system: System
    hidden: Flags
    needed: Flags
    hideable: Flags
    protected: Flags
    evidence: Evidence
    solver: Solver
    beside: dict[int, int]
    fineness: Ints
    window: Window
    looked_at: tuple[tuple[object, ...], Surroundings] | None = None

    def restart(self, hidden: Flags) -> "Plan":
        """Return the same task, with other cells hidden to begin with and no evidence yet."""
        evidence = Evidence(self.evidence.caps, self.evidence.required)
        return replace(self, hidden=hidden.copy(), evidence=evidence)

    def hide(self, cell: int) -> list[int]:
        """Hide a cell and its person total; return those that were not hidden before."""
        both = (cell, self.beside.get(cell, cell))
        new = sorted({at for at in both if self.hideable[at] and not self.hidden[at]})
        self.hidden[new] = True
        return new

    def goal(self, cell: int, group: Ints, *, up: bool) -> int:
        """How far a cell must move in one direction to be safe from each of these attackers."""
        low, high = self.evidence.interval(cell)
        required = self.evidence.required[group, cell]
        return int((required + low[group]).max()) if up else -int((required - high[group]).max())

    def search(
        self, cell: int, group: Ints, reach: tuple[int, int], *, up: bool, extend: bool = False
    ) -> bool:
        """Look for one move of a cell that all these attackers must believe possible; keep it if any.

        With `extend` the move may change cells that are not hidden yet, nearby only those in its window.
        """
        goal = self.goal(cell, group, up=up)
        if goal == 0 or (goal < 0 and not self.evidence.caps[group, cell].all()):
            return False
        around = self._surroundings(cell, group, reach, extend=extend)
        move = self.solver.move(
            around, goal, self._costs(around.columns), _CARE[reach] if extend else Care.QUICK
        )
        if move is not None:
            self.evidence.add(move)
        return move is not None

    def _surroundings(self, cell: int, group: Ints, reach: tuple[int, int], *, extend: bool) -> Surroundings:
        """Return what may move along with a cell; kept, since the way down is looked for after the way up."""
        what = (cell, reach, extend, group.tobytes(), self.hidden.tobytes())
        if self.looked_at is None or self.looked_at[0] != what:
            allowed = self.hidden
            if extend:
                allowed = allowed | self.hideable
                if reach in _WINDOWS:
                    allowed = allowed & self.window.around(cell, self.hidden, _WINDOWS[reach])
                    reach = _ALL
            columns = self.solver.near(cell, allowed, *reach)
            caps = self.evidence.falls(group, columns)
            self.looked_at = what, self.solver.surroundings(columns, cell, caps)
        return self.looked_at[1]

    def _costs(self, columns: Ints) -> NDArray[np.float64]:
        """Least for what is hidden anyway; then each cell much the same, totals and large ones more."""
        value = self.system.value[columns]
        share = value / max(int(self.system.value.max(initial=1)), 1)
        price = _PRICE * (1 + 0.05 * share + 2 / (1 + self.fineness[columns]) ** 2)
        return np.where(self.hidden[columns], 1.0, price)

    def serve(self, cell: int, group: Ints) -> Ints:
        """Try to make a cell safe from these attackers with what is hidden; return who is left over."""
        for reach in (_NEAR, _FAR):
            for up in (True, False):
                if len(group) and self.search(cell, group, reach, up=up):
                    group = np.intersect1d(group, self.evidence.unsafe(cell))
        return group

    def serve_each(self, cell: int) -> Ints:
        """Try all attackers at once, then outsider and insiders apart; return who is left over.

        Where nothing protects from the outsider, more must be hidden anyway: insiders are not tried then.
        """
        left = self.serve(cell, self.evidence.unsafe(cell))
        if len(left) > 1 and left[0] == 0:
            self.serve(cell, left[:1])
            left = self.evidence.unsafe(cell)
        if len(left) > 1 and left[0] != 0:
            for attacker in left.tolist():
                if attacker in self.evidence.unsafe(cell) and len(self.serve(cell, np.asarray([attacker]))):
                    break
        return self.evidence.unsafe(cell)


def complete(plan: Plan) -> None:
    """Hide further cells until every hidden cell is safe; raise ProtectionError when that cannot be."""
    waiting = _hardest_first(plan, np.flatnonzero(plan.hidden & plan.protected))
    while waiting:
        cell = waiting.pop()
        plan.serve_each(cell)
        new: list[int] = []
        while len(left := plan.evidence.unsafe(cell)):
            new += _extend(plan, cell, left)
        waiting += _hardest_first(plan, np.asarray(new, dtype=np.int64))


def _hardest_first(plan: Plan, cells: Ints) -> list[int]:
    """Order a stack so that totals come off first, and of those small cells with a high threshold."""
    cells = cells[plan.protected[cells]]
    required = plan.evidence.required[0, cells]
    order = np.lexsort((-cells, -plan.system.value[cells], required, -plan.fineness[cells]))
    return [int(cell) for cell in cells[order]]


def _extend(plan: Plan, cell: int, group: Ints) -> list[int]:
    """Hide what lets a cheap move pass; return the cells newly hidden. ProtectionError if nothing does."""
    for reach in (_NEAR, _FAR, _ALL):
        for chosen in (group, group[:1])[: 1 + (len(group) > 1)]:
            for up in (True, False):
                before = len(plan.evidence.unsafe(cell)), plan.goal(cell, chosen, up=up)
                if not plan.search(cell, chosen, reach, up=up, extend=True):
                    continue
                columns, _ = plan.evidence.moves[plan.evidence.added - 1]
                new = [at for column in columns.tolist() for at in plan.hide(column)]
                if new or (len(plan.evidence.unsafe(cell)), plan.goal(cell, chosen, up=up)) != before:
                    return new
    measure, key = plan.system.names[cell]
    raise ProtectionError(f"{measure} of {dict(key)} cannot be protected beside what was published before")


def clean_up(plan: Plan, effort: int) -> None:
    """Publish again what need not be hidden, largest cells first, within so many programmes."""
    limit = plan.solver.programmes + effort
    spare = np.flatnonzero(plan.hidden & plan.hideable & plan.protected & ~plan.needed)
    with_units = {persons: units for units, persons in plan.beside.items()}
    for cell in spare[np.lexsort((spare, -plan.system.value[spare]))].tolist():
        if plan.solver.programmes > limit:
            return
        if not plan.hidden[with_units.get(cell, 0)] or cell not in with_units:
            both = {cell, plan.beside.get(cell, cell)}
            _try_to_publish(plan, sorted(at for at in both if plan.hidden[at]))


def _try_to_publish(plan: Plan, cells: list[int]) -> None:
    """Publish these cells if all others can still be made safe."""
    plan.hidden[cells] = False
    if any(_leaves_one_alone(plan, cell) for cell in cells):
        plan.hidden[cells] = True
        return
    gone: list[Gone] = []
    affected: set[int] = set()
    for cell in cells:
        lost, moves = plan.evidence.without(cell)
        gone += moves
        affected.update(lost.tolist())
    for cell in sorted(affected):
        if plan.hidden[cell] and plan.protected[cell] and len(plan.serve_each(cell)):
            plan.hidden[cells] = True
            plan.evidence.take_back(gone)
            return
    plan.evidence.settle()


def _leaves_one_alone(plan: Plan, cell: int) -> bool:
    """Whether an equation would be left with a single hidden cell, which it then gives away."""
    rows = plan.system.entries(np.asarray([cell]))[1]
    return any(plan.hidden[plan.system.in_rows(np.asarray([row]))].sum() == 1 for row in rows)
