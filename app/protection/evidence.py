"""Collects moves and tells, for every attacker, how wide an interval each hidden cell is left with.

A move is a whole-number solution of the equations without right-hand side. A multiple of it, up or down,
turns the true tables into other tables with the same published cells, as long as no cell falls under
what the attacker knows of it. The widest multiples of a move are its two witnesses.
"""

from dataclasses import dataclass, field

import numpy as np

from app.protection.counting import Flags, Ints
from app.protection.linear import Move
from app.protection.system import System

ENOUGH = 1_000
"""No interval is shown wider than this; it only keeps numbers small where nothing limits a move."""


def multiples(move: Move, caps: Ints) -> tuple[Ints, Ints]:
    """How often each attacker (row of `caps`) must believe a move possible, upwards and downwards."""
    columns, amounts = move
    falling, rising = columns[amounts < 0], columns[amounts > 0]
    up = (caps[:, falling] // -amounts[amounts < 0]).min(axis=1, initial=ENOUGH)
    down = (caps[:, rising] // amounts[amounts > 0]).min(axis=1, initial=ENOUGH)
    return up, down


@dataclass(slots=True)
class Evidence:
    """Moves found so far. Row 0 of `caps`, `high` and `low` is everyone outside, then each insider.

    `caps` is how far a cell can fall for an attacker; `required` the width that must be shown.
    """

    caps: Ints
    required: Ints
    high: Ints = field(init=False)
    low: Ints = field(init=False)
    moves: dict[int, Move] = field(default_factory=dict)
    times: dict[int, tuple[Ints, Ints]] = field(default_factory=dict)
    """How often each attacker must believe a move possible: it depends on the move alone."""
    through: dict[int, set[int]] = field(default_factory=dict)
    added: int = 0

    def __post_init__(self) -> None:
        self.high = np.zeros_like(self.caps)
        self.low = np.zeros_like(self.caps)

    def add(self, move: Move) -> None:
        """Keep a move and what it shows."""
        columns, amounts = move
        move = (columns, amounts // np.gcd.reduce(amounts))
        self.moves[self.added] = move
        self.times[self.added] = multiples(move, self.caps)
        for column in columns.tolist():
            self.through.setdefault(column, set()).add(self.added)
        self._show(self.added)
        self.added += 1

    def _show(self, number: int, only: Flags | None = None) -> None:
        columns, amounts = self.moves[number]
        up, down = self.times[number]
        if only is not None:
            chosen = only[columns]
            columns, amounts = columns[chosen], amounts[chosen]
        rises, far = amounts > 0, np.abs(amounts)
        above = np.where(rises, up[:, np.newaxis], down[:, np.newaxis]) * far
        below = np.where(rises, down[:, np.newaxis], up[:, np.newaxis]) * -far
        self.high[:, columns] = np.maximum(self.high[:, columns], above)
        self.low[:, columns] = np.minimum(self.low[:, columns], below)

    def drop_through(self, column: int) -> tuple[Ints, list[Move]]:
        """Forget all moves that change this cell; return the cells that lose evidence, and the moves."""
        numbers = sorted(self.through.get(column, ()))
        gone = [self.moves.pop(number) for number in numbers]
        for number in numbers:
            del self.times[number]
        lost = np.unique(np.concatenate([[column], *(columns for columns, _ in gone)])).astype(np.int64)
        for cell in lost.tolist():
            self.through.get(cell, set()).difference_update(numbers)
        self.high[:, lost] = 0
        self.low[:, lost] = 0
        affected = np.zeros(self.caps.shape[1], dtype=bool)
        affected[lost] = True
        for number in sorted({number for cell in lost.tolist() for number in self.through.get(cell, ())}):
            self._show(number, affected)
        return lost, gone

    def unsafe(self, cell: int) -> Ints:
        """Return the attackers who can confine a cell too closely, as far as the moves show."""
        short = self.high[:, cell] - self.low[:, cell] < self.required[:, cell]
        return np.flatnonzero(short).astype(np.int64)


def attackers(system: System) -> Ints:
    """How far each variable can fall for each attacker: everyone outside first, then each insider."""
    outside = system.value[np.newaxis, :]
    return np.concatenate([outside, outside - system.own])
