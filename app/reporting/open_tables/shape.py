"""What an open table is, and how amounts become its full grid. Pure."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import product

import asyncpg

from app.protection import Cell, Count, Dimension, ProtectedTable, Status
from app.reporting.catalogue import Period, Table
from app.reporting.classes import ALL, TOTAL, Classes, Label
from app.reporting.rules import Quarter, Scope
from app.reporting.words import Words

OPEN = Label(
    "Diese Tabelle ist über keine Person und wird nicht gesperrt.",
    "This table is about no person and is not suppressed.",
)

TOWN = "town"
"""The dimension of an area's own towns."""

Amounts = Mapping[tuple[str, ...], int | None]
"""By the lowest codes of a table, in the order of its dimensions; None where something is there and nobody
told how much."""


@dataclass(frozen=True, slots=True)
class Found:
    """The amounts of a table, and from whom they are where they were imported."""

    amounts: Amounts
    source: str | None = None


@dataclass(frozen=True)
class OpenTable:
    """One table with its classes, its words, and who reads its amounts."""

    table: Table
    words: Words
    classes: Callable[[Amounts], Mapping[str, Classes]]
    read: Callable[[asyncpg.Connection, Quarter], Awaitable[Found | None]]
    """Reads as the reporting role; none when there is nothing to make a table of."""


def table_of(name: str, title: Label, definition: Label, *dimensions: str, hundredths: bool = False) -> Table:
    """Return a table of the release's quarter, each dimension with one level under its total."""
    levels = dict.fromkeys(dimensions, 1)
    return Table(name, title, definition, Period.QUARTER, levels, hundredths=hundredths)


def flat(name: str, title: Label, labels: Mapping[str, Label]) -> Classes:
    """Return codes under a total, in this order."""
    return Classes(Dimension(name, dict.fromkeys(labels, TOTAL)), title, {TOTAL: ALL, **labels})


def whole_grid(
    table: Table, amounts: Amounts, every: Mapping[str, Classes], quarter: Quarter
) -> ProtectedTable:
    """Return every place of a table with the sum of what was told.

    A place that has nothing is zero; one where something is and nobody told how much is not collected.
    Raises ValueError for amounts of a code that no class has.
    """
    trees = [every[name].dimension for name in table.levels]
    sums: dict[tuple[str, ...], int | None] = {}
    for codes, amount in amounts.items():
        for place in product(*(tree.path(code) for tree, code in zip(trees, codes, strict=True))):
            sums[place] = plus(sums.get(place), amount)
    cells = tuple(
        Cell(place, _key(table, place), _count(sums.get(place, 0)))
        for place in product(*(tree.codes for tree in trees))
    )
    return ProtectedTable(table.spec(quarter, Scope.QUARTER), tuple(table.levels), cells, 0.0)


def _key(table: Table, place: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return (("open", table.name), *zip(table.levels, place, strict=True))


def found(amounts: Amounts) -> Found | None:
    """Return what was counted, or none when there is nothing."""
    return Found(amounts) if amounts else None


def plus(sum_so_far: int | None, amount: int | None) -> int | None:
    """Return the sum of what was told; None where neither was."""
    return sum_so_far if amount is None else (sum_so_far or 0) + amount


def _count(amount: int | None) -> Count:
    if amount is None:
        return Count(Status.NOT_COLLECTED, None)
    return Count(Status.PUBLISHED, amount) if amount else Count(Status.ZERO, 0)
