"""Units by column: as a release of a large area has a million of them. A sequence of `Unit` all the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from app.protection.columns import Column, Flags, always, columns, one_after_the_other
from app.protection.shapes import Unit

Codes = Mapping[str, Column[str] | str]
"""The codes of units by dimension; a word is the code of all."""


@dataclass(frozen=True, slots=True, eq=False)
class Units(Sequence[Unit]):
    """The columns of units: of every column as many rows, one for each unit."""

    persons: Column[Any]
    households: Column[Any]
    contributors: Column[str]
    institutions: Column[str | None]
    codes: Mapping[str, Column[str]]

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "Units":
        """Return these units by column, with the dimensions of which all of them have codes."""
        if isinstance(units, Units):
            return units
        given = list(units)
        names = [
            name for name in (given[0].codes if given else ()) if all(name in unit.codes for unit in given)
        ]
        rows = (
            (unit.person, unit.household, unit.contributor, unit.institution, *map(unit.codes.get, names))
            for unit in given
        )
        persons, households, contributors, institutions, *codes = columns(rows, 4 + len(names))
        return cls(persons, households, contributors, institutions, dict(zip(names, codes, strict=True)))

    @classmethod
    def from_columns(
        cls,
        persons: Column[str],
        households: Column[str],
        contributors: Column[str],
        institutions: Column[str | None] | None,
        codes: Codes,
    ) -> "Units":
        """Return units; of no institution where there is no column of it."""
        size = len(persons)
        return cls(
            persons,
            households,
            contributors,
            always(None, size) if institutions is None else institutions,
            {name: always(code, size) if isinstance(code, str) else code for name, code in codes.items()},
        )

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.persons)

    @overload
    def __getitem__(self, place: int) -> Unit: ...
    @overload
    def __getitem__(self, place: slice) -> "Units": ...
    def __getitem__(self, place: int | slice) -> "Unit | Units":
        """Return one unit, or some of them."""
        if isinstance(place, slice):
            return self.taken(np.arange(len(self))[place])
        codes = {name: column[place] for name, column in self.codes.items()}
        return Unit(
            str(self.persons[place]),
            str(self.households[place]),
            self.contributors[place],
            self.institutions[place],
            codes,
        )

    def taken(self, chosen: NDArray[np.generic]) -> "Units":
        """Return the units that are marked, or that are named by their places."""
        return Units(
            self.persons.taken(chosen),
            self.households.taken(chosen),
            self.contributors.taken(chosen),
            self.institutions.taken(chosen),
            {name: column.taken(chosen) for name, column in self.codes.items()},
        )

    def nameless(self) -> "Units":
        """Return the same units without the keys of persons and households: who is the same still is."""
        persons, households = self.persons.nameless(), self.households.nameless()
        return replace(self, persons=persons, households=households)

    def codes_of(self, dimension: str) -> Column[str]:
        """Return the codes of a dimension: none for no units. Raises KeyError if there are units without."""
        return self.codes[dimension] if len(self) else always("", 0)

    def with_codes(self, codes: Mapping[str, str]) -> Flags:
        """Mark the units that have these leaf codes; raise KeyError for a dimension they have no code of."""
        chosen = np.ones(len(self), dtype=bool)
        for name, code in codes.items():
            chosen &= self.codes_of(name).among({code})
        return chosen

    def and_also(self, more: Iterable[Unit]) -> "Units":
        """Return these units and behind them others; raise ValueError for other dimensions."""
        other = Units.of(more)
        if not len(other) or not len(self):
            return self if len(self) else other
        if set(other.codes) != set(self.codes):
            raise ValueError("units with codes of other dimensions")
        return Units(
            one_after_the_other([self.persons, other.persons]),
            one_after_the_other([self.households, other.households]),
            one_after_the_other([self.contributors, other.contributors]),
            one_after_the_other([self.institutions, other.institutions]),
            {name: one_after_the_other([one, other.codes[name]]) for name, one in self.codes.items()},
        )
