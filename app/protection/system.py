"""The system of equations that everything published obeys, over all tables and releases together.

Variables are cells (units, and persons where asked), what is left over where only some parts of a cell
are tabulated, and slacks of the inequalities between units and persons. It does not decide what is hidden.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.protection.columns import Counted, Flags, Ints
from app.protection.counting import Census, Counts
from app.protection.shapes import Dimension, Key, Known, TableSpec

UNITS, PERSONS, REST, SLACK = "units", "persons", "rest", "slack"


def key_of(codes: Mapping[str, str], dimensions: Iterable[Dimension]) -> Key:
    """Return the key of the cell with these codes; dimensions that are not named count as total."""
    totals = {dimension.name: dimension.total for dimension in dimensions}
    return tuple(sorted((name, code) for name, code in codes.items() if code != totals[name]))


def grid(table: TableSpec, dimensions: Mapping[str, Dimension]) -> Iterator[tuple[tuple[str, ...], Key]]:
    """Every place of a table, collected or not: its codes and its key."""
    shown = [dimensions[name] for name in table.levels]
    choices = [[code for code in of.codes if of.depth[code] <= table.levels[of.name]] for of in shown]
    for codes in itertools.product(*choices):
        named = dict(zip(table.levels, codes, strict=True))
        yield codes, key_of({**table.where, **named}, dimensions.values())


def is_collected(key: Key, dimensions: Mapping[str, Dimension]) -> bool:
    """Whether all that a cell counts has figures already."""
    codes = dict(key)
    return not any(codes.get(name, of.total) in of.uncollected_codes for name, of in dimensions.items())


def counts_persons(table: TableSpec, codes: tuple[str, ...], dimensions: Mapping[str, Dimension]) -> bool:
    """Whether a table shows distinct persons in this place."""
    if table.persons is None:
        return False
    limits = table.persons
    named = zip(table.levels, codes, strict=True)
    return all(dimensions[name].depth[code] <= limits.get(name, 0) for name, code in named)


@dataclass(slots=True)
class System:
    """Variables in columns, equations in rows: `matrix @ value == 0` for the true values.

    `own` is what each insider knows of each variable: at least so much of it is theirs.
    """

    names: list[tuple[str, Key]]
    value: Ints
    own: Counted
    counts: Counts
    rows: list[dict[int, int]]
    insiders: list[str]
    column: dict[tuple[str, Key], int] = field(init=False)
    row_start: Ints = field(init=False)
    row_columns: Ints = field(init=False)
    column_start: Ints = field(init=False)
    column_rows: Ints = field(init=False)
    column_signs: Ints = field(init=False)
    column_of: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.column = {name: at for at, name in enumerate(self.names)}
        lengths = [len(row) for row in self.rows]
        self.row_start = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
        self.row_columns = np.asarray([at for row in self.rows for at in row], dtype=np.int64)
        signs = np.asarray([sign for row in self.rows for sign in row.values()], dtype=np.int64)
        rows = np.repeat(np.arange(len(self.rows), dtype=np.int64), lengths)
        order = np.argsort(self.row_columns, kind="stable")
        self.column_rows, self.column_signs = rows[order], signs[order]
        self.column_of = self.row_columns[order]
        sizes = np.bincount(self.row_columns, minlength=len(self.names))
        self.column_start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def entries(self, columns: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the matrix entries of these columns: how many each has, their rows and their signs."""
        places, sizes = _spans(self.column_start, columns)
        return sizes, self.column_rows[places], self.column_signs[places]

    def worth(self, of_rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for every column the sum of its entries, each times what its row is worth."""
        parts = self.column_signs * of_rows[self.column_rows]
        worth: NDArray[np.float64] = np.bincount(self.column_of, parts, len(self.names)).astype(np.float64)
        return worth

    def in_rows(self, rows: Ints) -> Ints:
        """Return the columns of all entries of these rows."""
        places, _ = _spans(self.row_start, rows)
        return self.row_columns[places]

    def balances(self, columns: Ints, amounts: Ints) -> bool:
        """Whether adding these amounts to these variables keeps every equation, in whole numbers."""
        sizes, rows, signs = self.entries(columns)
        sums = np.zeros(len(self.rows), dtype=np.int64)
        np.add.at(sums, rows, signs * np.repeat(amounts, sizes))
        return not sums.any()


def build(
    census: Census, tables: Sequence[TableSpec], known: Sequence[Known], *, person_totals: bool = True
) -> System:
    """Set up the equations that link all cells of these tables and of earlier releases."""
    dimensions = census.dimensions
    keys: set[Key] = {cell.key for cell in known}
    asked: set[Key] = {cell.key for cell in known if cell.persons is not None}
    for table in tables:
        for codes, key in grid(table, dimensions):
            if is_collected(key, dimensions):
                keys.add(key)
                if counts_persons(table, codes, dimensions):
                    asked.add(key)
    ordered = sorted(keys, key=lambda key: (len(key), key))
    sums, rests = _sums(ordered, dimensions)
    groups = [_left_over(census, whole, parts) for whole, parts in rests]
    counts = census.count(ordered, groups)
    names = [(UNITS, key) for key in ordered] + [(REST, whole) for whole, _ in rests]
    rows = _equations(ordered, sums, rests)
    draft = _Draft(names, list(counts.units), list(counts.own_units.T), rows)
    if person_totals:
        _add_persons(draft, [key for key in ordered if key in asked], sums, counts)
    insiders = [f"contributor {name}" for name in census.contributors]
    insiders += [f"institution {name}" for name in census.institutions]
    own = np.asarray(draft.own, dtype=np.int32).reshape(len(draft.names), len(insiders)).T
    return System(draft.names, np.asarray(draft.value, dtype=np.int64), own, counts, draft.rows, insiders)


Sums = list[tuple[Key, list[Key]]]


def _sums(keys: Sequence[Key], dimensions: Mapping[str, Dimension]) -> tuple[Sums, Sums]:
    """Which cells are sums of others: with all their parts among the keys, and with only some."""
    present = set(keys)
    whole: Sums = []
    partial: Sums = []
    for key in keys:
        codes = dict(key)
        for name, dimension in dimensions.items():
            below = dimension.children[codes.get(name, dimension.total)]
            parts = [tuple(sorted({**codes, name: code}.items())) for code in below]
            there = [part for part in parts if part in present]
            if there:
                (whole if len(there) == len(parts) else partial).append((key, there))
    return whole, partial


def _left_over(census: Census, whole: Key, parts: Iterable[Key]) -> Flags:
    chosen = census.members(whole)
    for part in parts:
        chosen = chosen & ~census.members(part)
    return chosen


def _equations(keys: Sequence[Key], sums: Sums, rests: Sums) -> list[dict[int, int]]:
    at = {key: place for place, key in enumerate(keys)}
    rows = [{at[whole]: 1, **{at[part]: -1 for part in parts}} for whole, parts in sums]
    for place, (whole, parts) in enumerate(rests, start=len(keys)):
        rows.append({at[whole]: 1, **{at[part]: -1 for part in parts}, place: -1})
    return rows


@dataclass(slots=True)
class _Draft:
    """A system to which variables are still added."""

    names: list[tuple[str, Key]]
    value: list[int]
    own: list[Counted]
    rows: list[dict[int, int]]

    def add(self, name: tuple[str, Key], value: int, own: Counted) -> int:
        self.names.append(name)
        self.value.append(int(value))
        self.own.append(own)
        return len(self.names) - 1

    def at_most(self, small: int, large: int) -> None:
        """Add `small + slack == large`; an insider's share of the slack is never more than all of it."""
        gap = self.value[large] - self.value[small]
        own = np.clip(self.own[large] - self.own[small], 0, gap)
        slack = self.add((SLACK, ()), gap, own)
        self.rows.append({small: 1, slack: 1, large: -1})

    def at_most_sum(self, total: int, parts: Sequence[int]) -> None:
        """Add `total + slack == sum of parts`."""
        gap = sum(self.value[part] for part in parts) - self.value[total]
        own = np.clip(sum(self.own[part] for part in parts) - self.own[total], 0, gap)
        slack = self.add((SLACK, ()), gap, own)
        self.rows.append({total: 1, slack: 1, **dict.fromkeys(parts, -1)})


def _add_persons(draft: _Draft, asked: Sequence[Key], sums: Sums, counts: Counts) -> None:
    """Add person totals: largest part <= total <= sum of parts, and never more persons than units.

    A part counts with its persons where these are asked too, and with its units where the data have no
    more of them than the total has persons; anyone who believes less infers less than is assumed here.
    """
    at = {key: place for place, (measure, key) in enumerate(draft.names) if measure == UNITS}
    column = {}
    for key in asked:
        place = at[key]
        column[key] = draft.add((PERSONS, key), counts.persons[place], counts.own_persons[:, place])
        draft.at_most(column[key], place)
    below: dict[Key, list[Key]] = {}
    for whole, parts in sums:
        below.setdefault(whole, []).extend(parts)
        if whole in column and all(part in column for part in parts):
            draft.at_most_sum(column[whole], [column[part] for part in parts])
    for key in asked:
        waiting, seen = list(below.get(key, ())), set()
        while waiting:
            part = waiting.pop()
            if part in seen:
                continue
            seen.add(part)
            if part in column:
                draft.at_most(column[part], column[key])
            if draft.value[at[part]] <= draft.value[column[key]]:
                draft.at_most(at[part], column[key])
            else:
                waiting += below.get(part, ())


def _spans(start: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """Places of all entries of the chosen rows or columns, and how many each has."""
    sizes = start[chosen + 1] - start[chosen]
    ends = np.cumsum(sizes)
    places = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(start[chosen] - (ends - sizes), sizes)
    return places, sizes
