"""What a derived table is, and how its full grid is made of two published tables. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from app.protection import Cell, ProtectedTable
from app.reporting.catalogue import Quotient, Table
from app.reporting.classes import Classes, Label
from app.reporting.derived.quotients import ABSENT, Figure, divided
from app.reporting.rules import Quarter, Scope
from app.reporting.stated import Parts
from app.reporting.words import Words

Place = tuple[str, ...]
"""Codes of a cell, in the order of the dimensions of its table."""
Published = Mapping[str, Mapping[str, Any]]
"""Tables by name, as their readers get them in one language."""
Finds = Callable[[Place, str], Place]
"""From the codes of a derived cell, and the quarter in writing, to those of a figure that it is made of."""

METHOD = Label(
    "Berechnet allein aus zwei veröffentlichten Tabellen dieses Berichtsstands, deren Zahlen daneben stehen. "
    "Ist eine von ihnen gesperrt, ist es auch der Quotient. Nicht berechenbar ist er, wo der Zähler unter 10 "
    "liegt (zu wenige) oder der Nenner fehlt oder zu klein ist (ohne Nenner).",
    "Computed from two published tables of this release alone, whose figures stand beside it. Where one of "
    "them is suppressed, the quotient is too. It is not computable where the numerator is under 10 (too few) "
    "or the denominator is missing or too small (no denominator).",
)


@dataclass(frozen=True)
class Derived:
    """One derived table: its classes, its words, and where each of its places finds its two figures."""

    table: Table
    words: Words
    classes: Callable[[], Mapping[str, Classes]]
    numerator: Finds
    denominator: Finds

    @property
    def quotient(self) -> Quotient:
        """What it divides by what."""
        assert self.table.quotient is not None
        return self.table.quotient

    @property
    def sources(self) -> tuple[str, str]:
        """The names of the two tables that it is made of."""
        return self.quotient.numerator, self.quotient.denominator


def whole_grid(
    one: Derived, published: Published, every: Mapping[str, Classes], quarter: Quarter
) -> tuple[ProtectedTable, Parts]:
    """Return every place of a derived table, and the two figures that it is made of."""
    parts, bases = (_figures(published[name]) for name in one.sources)
    cells, made_of = [], {}
    for place in product(*(_codes(every[name], level) for name, level in one.table.levels.items())):
        part = parts.get(one.numerator(place, str(quarter)), ABSENT)
        base = bases.get(one.denominator(place, str(quarter)), ABSENT)
        cells.append(Cell(place, _key(one.table, place), divided(part, base, one.quotient)))
        made_of[place] = (part.value, base.value)
    spec = one.table.spec(quarter, Scope.QUARTER)
    return ProtectedTable(spec, tuple(one.table.levels), tuple(cells), 0.0), made_of


def _figures(table: Mapping[str, Any]) -> dict[Place, Figure]:
    return {tuple(cell["codes"]): Figure(cell["status"], cell["value"]) for cell in table["cells"]}


def _codes(of: Classes, level: int) -> list[str]:
    tree = of.dimension
    return [code for code in tree.codes if tree.depth[code] <= level]


def _key(table: Table, place: Place) -> tuple[tuple[str, str], ...]:
    return (("derived", table.name), *zip(table.levels, place, strict=True))
