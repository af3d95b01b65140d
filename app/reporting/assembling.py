"""From what was protected to what is shown: the new quarter beside the earlier ones as they were released.

An earlier quarter is told as the ledger has it, whatever its figures are today. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from app.protection import Cell, Count, Dimension, Key, Known, ProtectedTable, Status, TableSpec, key_of
from app.reporting.catalogue import Period, Table
from app.reporting.rules import Quarter, Scope

_MISSING = Count(Status.NOT_COLLECTED)


def assemble(
    table: Table,
    protected: ProtectedTable,
    known: Sequence[Known],
    dimensions: Mapping[str, Dimension],
    quarter: Quarter,
    scope: Scope,
) -> ProtectedTable:
    """Return the full grid of a table as its readers see it."""
    if table.period is not Period.QUARTERS or scope is Scope.YEAR:
        return protected
    new = {cell.key: cell for cell in protected.cells}
    spec = TableSpec(table.name, {**table.levels, "quarter": 1}, persons=table.persons)
    before = {cell.key: cell for cell in known}
    shown = [_shown(spec, codes, key, new, before, quarter) for codes, key in _grid(spec, dimensions)]
    return ProtectedTable(spec, tuple(spec.levels), tuple(shown), 0.0)


def _grid(spec: TableSpec, dimensions: Mapping[str, Dimension]) -> Iterator[tuple[tuple[str, ...], Key]]:
    shown = [dimensions[name] for name in spec.levels]
    choices = [[code for code in of.codes if of.depth[code] <= spec.levels[of.name]] for of in shown]
    for codes in product(*choices):
        yield codes, key_of({**spec.where, **dict(zip(spec.levels, codes, strict=True))}, dimensions.values())


def _shown(
    spec: TableSpec,
    codes: tuple[str, ...],
    key: Key,
    new: Mapping[Key, Cell],
    before: Mapping[Key, Known],
    quarter: Quarter,
) -> Cell:
    asked = spec.persons is not None and all(code == "total" for code in codes[:-1])
    if codes[-1] == str(quarter):
        return replace(new[key], codes=codes)
    if codes[-1] < str(quarter) and key in before:
        cell = before[key]
        return Cell(codes, key, as_count(cell.value), as_count(cell.persons) if asked else None)
    return Cell(codes, key, _MISSING, _MISSING if asked else None)


def as_count(value: int | None) -> Count:
    """Return a figure of the ledger as it was shown."""
    if value is None:
        return Count(Status.SUPPRESSED)
    return Count(Status.PUBLISHED if value else Status.ZERO, value)
