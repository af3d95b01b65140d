"""What comes out of the protection: full grids of cells that may be published, and the proof.

A hidden cell carries nothing but its status: not its value, not why it is hidden.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from app.protection.shapes import Key, Rules, TableSpec


class Status(enum.StrEnum):
    """What a cell of a published table shows."""

    PUBLISHED = "published"
    ZERO = "zero"
    SUPPRESSED = "suppressed"
    NOT_COLLECTED = "not_collected"
    TOO_FEW = "too_few"
    """Of a quotient alone: its numerator is published and too small to be divided."""
    NO_BASE = "no_base"
    """Of a quotient alone: there is no denominator, or one that is too small."""


@dataclass(frozen=True, slots=True)
class Count:
    """A figure as published: a value with status `published`, 0 with `zero`, otherwise no value."""

    status: Status
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the grid: a code for each dimension of the table, its units, and persons where asked."""

    codes: tuple[str, ...]
    key: Key
    units: Count
    persons: Count | None = None


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A whole grid, in the order of the dimensions' codes. `hidden_share` is of cells, never of persons."""

    spec: TableSpec
    dimensions: tuple[str, ...]
    cells: tuple[Cell, ...]
    hidden_share: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell that an attacker can confine: what is left of the interval, and what it should be."""

    key: Key
    measure: str
    attacker: str
    width: int
    required: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What was checked before publishing, and how it went.

    Counts are of cells (units and person totals that are hidden), of attackers (everyone outside, each
    contributor, each institution), of pairs of cell and attacker, of whole-number tables that agree with
    everything published, and of linear or integer programmes solved to find them. `seconds` is wall time.
    """

    holds: bool
    rules: Rules
    cells: int
    hidden: int
    contributors: int
    institutions: int
    pairs: int
    witnesses: int
    programmes: int
    seconds: float
    gaps: tuple[Gap, ...]
    checks: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Protected:
    """The tables of one release and the proof that they may be published."""

    tables: tuple[ProtectedTable, ...]
    proof: Proof

    @property
    def hidden_share(self) -> float:
        """Share of the distinct cells of all tables that are hidden."""
        shown = {cell.key: cell.units.status for table in self.tables for cell in table.cells}
        return sum(status is Status.SUPPRESSED for status in shown.values()) / max(len(shown), 1)


class ProtectionError(Exception):
    """Nothing may be published: the tables cannot be protected, or the proof does not hold."""

    def __init__(self, reason: str, proof: Proof | None = None) -> None:
        super().__init__(reason)
        self.proof = proof
