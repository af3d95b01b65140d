"""Collects moves and tells, for every attacker, how wide an interval each hidden cell is left with.

A move is a whole-number solution of the equations without right-hand side. A multiple of it, up or down,
turns the true tables into other tables with the same published cells, as long as no cell falls under
what the attacker knows of it. The widest multiples of a move are its two witnesses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.protection.columns import Counted, Flags, Ints
from app.protection.linear import Move
from app.protection.system import System

Times = tuple[Counted, Counted]
Gone = tuple[int, Move, Times]
"""A move that was forgotten, with its number and how often each attacker must believe it possible."""

ENOUGH = 1_000
"""No interval is shown wider than this; it only keeps numbers small where nothing limits a move."""


def multiples(move: Move, caps: Counted) -> Times:
    """How often each attacker (row of `caps`) must believe a move possible, upwards and downwards."""
    columns, amounts = move
    falling, rising = columns[amounts < 0], columns[amounts > 0]
    up = (caps[:, falling] // -amounts[amounts < 0]).min(axis=1, initial=ENOUGH)
    down = (caps[:, rising] // amounts[amounts > 0]).min(axis=1, initial=ENOUGH)
    return up.astype(np.int32), down.astype(np.int32)


@dataclass(slots=True)
class Evidence:
    """Moves found so far. Row 0 of `caps`, `high` and `low` is everyone outside, then each insider.

    `caps` is how far a cell can fall for an attacker; `required` the width that must be shown.
    """

    caps: Counted
    required: Counted
    high: Counted = field(init=False)
    low: Counted = field(init=False)
    moves: dict[int, Move] = field(default_factory=dict)
    times: dict[int, Times] = field(default_factory=dict)
    """How often each attacker must believe a move possible: it depends on the move alone."""
    through: dict[int, dict[int, int]] = field(default_factory=dict)
    """The moves that change a cell, and by how much."""
    added: int = 0
    least: Counted = field(init=False)
    """How far a cell can fall for every attacker alike."""
    stale: Flags = field(init=False)
    """Cells that lost a move since their interval was looked at: `high` and `low` may be too wide there."""

    def __post_init__(self) -> None:
        self.high = np.zeros_like(self.caps)
        self.low = np.zeros_like(self.caps)
        self.least = self.caps.min(axis=0)
        self.stale = np.zeros(self.caps.shape[1], dtype=bool)

    def add(self, move: Move) -> None:
        """Keep a move and what it shows."""
        columns, amounts = move
        move = (columns, amounts // np.gcd.reduce(amounts))
        self._keep(self.added, move, multiples(move, self.caps))
        self.added += 1

    def _keep(self, number: int, move: Move, times: Times) -> None:
        self.moves[number], self.times[number] = move, times
        columns, amounts = move
        for column, amount in zip(columns.tolist(), amounts.tolist(), strict=True):
            self.through.setdefault(column, {})[number] = amount
        above, below = _ends(amounts, times[0][:, np.newaxis], times[1][:, np.newaxis])
        self.high[:, columns] = np.maximum(self.high[:, columns], above)
        self.low[:, columns] = np.minimum(self.low[:, columns], below)

    def without(self, column: int) -> tuple[Ints, list[Gone]]:
        """Forget all moves that change this cell; return the cells that lose evidence, and the moves."""
        numbers = sorted(self.through.get(column, ()))
        gone = [(number, self.moves.pop(number), self.times.pop(number)) for number in numbers]
        for number, (columns, _), _ in gone:
            for cell in columns.tolist():
                del self.through[cell][number]
        lost = np.unique(np.concatenate([[column], *(columns for _, (columns, _), _ in gone)]))
        self.stale[lost] = True
        return lost.astype(np.int64), gone

    def take_back(self, gone: Sequence[Gone]) -> None:
        """Keep moves again that were the last to be forgotten: with them what was stale is right again."""
        for number, move, times in gone:
            self._keep(number, move, times)
        self.stale[:] = False

    def falls(self, group: Ints, columns: Ints) -> Ints:
        """How far these cells can fall for each attacker of a group."""
        if len(group) == len(self.caps):
            return self.least[columns].astype(np.int64)
        return np.asarray(self.caps[np.ix_(group, columns)].min(axis=0), dtype=np.int64)

    def settle(self) -> None:
        """Look anew at all cells that lost a move."""
        for cell in np.flatnonzero(self.stale).tolist():
            self._look(cell)

    def _look(self, cell: int) -> None:
        """Find the interval of a cell from the moves that are left."""
        moves = self.through.get(cell, {})
        self.stale[cell] = False
        self.high[:, cell] = self.low[:, cell] = 0
        if moves:
            up, down = (np.stack([self.times[number][way] for number in moves], axis=1) for way in (0, 1))
            above, below = _ends(np.asarray(list(moves.values()), dtype=np.int64), up, down)
            self.high[:, cell], self.low[:, cell] = above.max(axis=1), below.min(axis=1)

    def interval(self, cell: int) -> Times:
        """How far a cell is shown to fall and to rise, for each attacker."""
        if self.stale[cell]:
            self._look(cell)
        return self.low[:, cell], self.high[:, cell]

    def unsafe(self, cell: int) -> Ints:
        """Return the attackers who can confine a cell too closely, as far as the moves show."""
        low, high = self.interval(cell)
        return np.flatnonzero(high - low < self.required[:, cell]).astype(np.int64)


def _ends(amounts: Ints, up: Counted, down: Counted) -> tuple[Ints, Ints]:
    """How far cells rise and fall (negative) when moves are made so often upwards and downwards."""
    first, second = amounts * up, amounts * -down
    return np.maximum(first, second), np.minimum(first, second)


def attackers(system: System) -> Counted:
    """How far each variable can fall for each attacker: everyone outside first, then each insider."""
    outside = system.value[np.newaxis, :].astype(np.int32)
    return np.concatenate([outside, outside - system.own])
