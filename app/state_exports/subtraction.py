"""Who stays back, so that figures less the lines of a recipient never tell of few others. Pure.

The recipient has every figure that was told and every line that it was ever given, and takes the one from the
other. So of each figure enough persons must be left of whom it has no line. Nobody chooses them: those who
fill most gaps stay back, and of these the first by a random key that no recipient knows.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.protection import (
    RECIPIENT,
    Dimension,
    Flags,
    Key,
    Known,
    Rules,
    TableSpec,
    Units,
    attack,
    key_of,
)
from app.reporting.last_check import earlier
from app.reporting.rules import Quarter, Scale, Scope
from app.reporting.subjects.subject import Further, Subject

Ints = NDArray[np.int64]

_UNBOUNDED = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """Whom one subject counts in one quarter, and what was told of it: nothing where it was not released."""

    units: Units
    dimensions: Sequence[Dimension]
    told: Sequence[Known]
    to_come: Sequence[Key] = ()
    """Where nothing was told: the cells that every area is told of, so that they can be told."""


def counted(subject: Subject, quarter: Quarter, further: Further, known: Iterable[Known]) -> Counted:
    """Return what is needed to tell who stays back.

    A cell in classes that the area does not have any more cannot be counted, and is left out.
    """
    classes = subject.every(quarter, further)
    trees = [each.dimension for each in classes.values()]
    codes = {tree.name: {*tree.codes} for tree in trees}
    own = ("quarter", str(quarter))
    told = [
        each
        for each in known
        if own in each.key and all(code in codes.get(name, ()) for name, code in each.key)
    ]
    specs = [each.spec(quarter, Scope.QUARTER) for each in subject.offered(further, Scale.SMALL)]
    to_come = () if told else tuple(_cells(specs, {tree.name: tree for tree in trees}))
    return Counted(Units.of(further.units), trees, told, to_come)


def held_back(
    given: Counted, disclosed: AbstractSet[str], asking: AbstractSet[str], rules: Rules
) -> frozenset[str]:
    """Return who of those of whom a line is wanted stays back, for all that this subject counts.

    `disclosed` are those of whom the recipient has lines already: they tell nothing new. First enough are
    left of each published figure. Where something hidden is confined all the same, of each hidden one too,
    and more; in the end nobody new is told of whom the subject counts.
    """
    new = asking - disclosed
    if not len(given.units) or not new:
        return frozenset()
    for least, hidden_too in ((rules.k_insider, False), (rules.k, True), (rules.k_sensitive, True)):
        held = _Board.of(given, disclosed, new, rules, hidden_too=hidden_too).fill(least)
        if not _confines(given, disclosed, new - held, rules):
            return held
    return frozenset(new & given.units.persons.used())


def _cells(specs: Iterable[TableSpec], trees: Mapping[str, Dimension]) -> Iterable[Key]:
    """Return the cells of tables of one dimension, each once."""
    found: dict[Key, None] = {}
    for spec in specs:
        for name, level in spec.levels.items():
            for code in trees[name].codes:
                if trees[name].depth[code] <= level:
                    found[key_of({**spec.where, name: code}, trees.values())] = None
    return found


@dataclass(slots=True)
class _Board:
    """How many are left of each cell, and how much each person that can stay back would add."""

    persons: Sequence[str]
    """Who can stay back, in the order of a random key."""
    adds: Ints
    """By person and cell: their units in it."""
    others: Ints
    """By cell: persons of whom the recipient has no line and gets none."""
    remainder: Ints
    """By cell: what was told less all units that the recipient has or gets lines of."""
    held: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        given: Counted,
        disclosed: AbstractSet[str],
        new: AbstractSet[str],
        rules: Rules,
        *,
        hidden_too: bool,
    ) -> "_Board":
        units = given.units
        size, numbers = len(units.persons.words), units.persons.numbers
        is_known = _among(units, disclosed)
        places = sorted(
            (word, place) for place, word in enumerate(units.persons.words) if word in new and word
        )
        chosen = [place for _, place in places]
        is_other = ~is_known
        is_other[chosen] = False
        columns, others, remainder = [], [], []
        for key, value in _guarded(given, rules, hidden_too=hidden_too):
            counts = np.bincount(numbers[_inside(given, key)], minlength=size).astype(np.int64)
            columns.append(counts[chosen])
            others.append(int((counts[is_other] > 0).sum()))
            remainder.append(
                _UNBOUNDED if value is None else value - int(counts[is_known].sum() + counts[chosen].sum())
            )
        adds = np.asarray(columns, dtype=np.int64).reshape(len(columns), len(chosen)).T
        return cls(
            [word for word, _ in places],
            adds.copy(),
            np.asarray(others, dtype=np.int64),
            np.asarray(remainder, dtype=np.int64),
        )

    def fill(self, least: int) -> frozenset[str]:
        """Hold back one person after the other until so many are left wherever somebody can be held back."""
        while True:
            is_open = (np.minimum(self.others, self.remainder) < least) & self.adds.any(axis=0)
            gains = (self.adds[:, is_open] > 0).sum(axis=1)
            if not gains.any():
                return frozenset(self.held)
            place = int(gains.argmax())
            self.held.add(self.persons[place])
            self.others += self.adds[place] > 0
            self.remainder += self.adds[place]
            self.adds[place] = 0


def _among(units: Units, persons: AbstractSet[str]) -> Flags:
    """Mark of the persons whom the units name those who are among these."""
    return np.asarray([word in persons for word in units.persons.words], dtype=bool)


def _guarded(given: Counted, rules: Rules, *, hidden_too: bool) -> Iterable[tuple[Key, int | None]]:
    """Yield the cells that nobody may read few others from, with what was told of them.

    A zero tells of nobody. Of what was not released yet, cells that are too small are not told either.
    """
    for each in given.told:
        if each.value or (each.value is None and hidden_too):
            yield each.key, each.value
    for key in given.to_come:
        if len(given.units.taken(_inside(given, key)).persons.used()) >= rules.k:
            yield key, None


def _inside(given: Counted, key: Key) -> Flags:
    trees = {tree.name: tree for tree in given.dimensions}
    chosen = np.ones(len(given.units), dtype=bool)
    for name, code in key:
        chosen &= given.units.codes_of(name).among(trees[name].below(code))
    return chosen


def _confines(given: Counted, disclosed: AbstractSet[str], new: AbstractSet[str], rules: Rules) -> bool:
    """Tell whether new lines let the recipient confine something hidden that it could not confine before."""
    if not given.told or not given.units.persons.among(new).any():
        return False
    after = _findings(given, disclosed | new, rules)
    if after is None or not after:
        return after is None
    before = _findings(given, disclosed, rules)
    return before is None or not after <= before


def _findings(given: Counted, persons: AbstractSet[str], rules: Rules) -> set[Key] | None:
    """Return what whoever has lines of these persons confines; none where figures were corrected since."""
    theirs = given.units.taken(given.units.persons.among(persons))
    try:
        found = attack(
            [earlier(given.told)],
            given.dimensions,
            k=0,
            k_sensitive=0,
            k_insider=rules.k_insider,
            own={RECIPIENT: theirs},
        )
    except ValueError:
        return None
    return {each.key for each in found}
