"""What a subject is: words, classes, tables, and who reads its units. No figures."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg

from app.protection import Column, Flags, Key, Rules, Unit, Units
from app.reporting.catalogue import Table
from app.reporting.classes import Classes, Label, regions
from app.reporting.rules import Quarter, Scale
from app.reporting.words import Words

REGION = "region"

Columns = Sequence[Column[Any]]
"""The columns of a query."""

PROTECTED = Label(
    "Weitere Zellen sind gesperrt, damit sich gesperrte aus keiner Summe errechnen lassen. Gesperrt heißt "
    "nicht null. Der Nachweis wurde vor der Freigabe in ganzen Zahlen geführt und von einem unabhängigen "
    "Angriff geprüft.",
    "Further cells are suppressed so that none can be computed from any total. Suppressed does not mean "
    "zero. This was proved in whole numbers before publication and checked by an independent attack.",
)

THRESHOLDS = Label(
    "Eine Zahl wird nur gezeigt, wenn sie genug Personen, Haushalte und Fachkräfte umfasst.",
    "A figure is shown only if it covers enough persons, households and case managers.",
)
FROM_CASES = Label(
    "Case Management und Beratung der KIM-Kommune, ohne geschützte Personen",
    "Case management and counselling of the KIM municipality, without restricted persons",
)


@dataclass(frozen=True, slots=True)
class Further:
    """The units of a subject, and which of its tables somebody has given figures for."""

    units: Sequence[Unit]
    tables: tuple[str, ...]
    regions: tuple[tuple[str, ...], ...] = ()
    """Towns joined to regions, where a subject is told by region."""
    disclosed: Flags | None = None
    """The units of persons of whom a state-wide database was given lines; none where there are none."""

    def told_to(self, persons: Collection[str]) -> "Further":
        """Return the same with the units of these persons marked as disclosed."""
        units = Units.of(self.units)
        return replace(self, units=units, disclosed=units.persons.among(persons)) if len(units) else self

    def nameless(self) -> "Further":
        """Return the same without the keys of persons and households, which nobody needs to count them."""
        return replace(self, units=Units.of(self.units).nameless())


@dataclass(frozen=True)
class Subject:
    """One linked system, and the dimension by which its cells are known."""

    name: str
    marker: str
    words: Words
    classes: Callable[[Quarter], Mapping[str, Classes]]
    tables: tuple[Table, ...]
    read: Callable[[asyncpg.Connection, Quarter], Awaitable[Further]]
    """Reads the units of a quarter as the reporting role."""
    is_strict: bool = True
    """The threshold for what is sensitive holds for every cell: its units do not tell persons, or minors."""

    is_in_lines: bool = False
    """Lines of exports to a state-wide database tell of what it counts: what is left without them is read."""

    links: tuple[Table, ...] = ()
    """Tables that are protected with the others and never shown. Where two dimensions say the same of some
    units, only a table of both tells the proof so: its zeros leave no other way."""

    def every(self, quarter: Quarter, given: Further) -> Mapping[str, Classes]:
        """Return all classes of its units; of regions an area has its own."""
        every = self.classes(quarter)
        return {**every, REGION: regions(given.regions)} if given.regions else every

    def offered(self, given: Further, scale: Scale) -> tuple[Table, ...]:
        """Return the tables that an area of this scale is told, of those that somebody gave figures for."""
        return tuple(each for each in self.tables if each.name in given.tables and each.scale <= scale)

    def rules(self, rules: Rules) -> Rules:
        """Return the rules by which its tables are protected."""
        return stricter(rules) if self.is_strict else rules

    def owns(self, key: Key) -> bool:
        """Tell whether a cell is one of this subject."""
        return any(name == self.marker for name, _ in key)


def named(*every: Classes) -> Mapping[str, Classes]:
    """Return classes by the name of their dimension."""
    return {each.dimension.name: each for each in every}


def stricter(rules: Rules) -> Rules:
    """Return rules in which the threshold for what is sensitive holds for everything."""
    return replace(rules, k=rules.k_sensitive)
