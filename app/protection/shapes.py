"""What goes into the protection: units, dimensions, tables, rules and what was published before.

Plain data, checked when made. Nothing here counts or hides.
"""

import enum
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Key = tuple[tuple[str, str], ...]
"""A cell's meaning: its (dimension, code) pairs in order of dimension, totals left out.

Cells of different tables, quarters or releases with the same key count the same units.
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that is counted, such as a barrier case: it adds one to a cell of every table.

    `codes` gives a leaf code for every dimension. `contributor` knows this unit (a case manager), and so
    does `institution`, if there is one.
    """

    person: str
    household: str
    contributor: str
    institution: str | None
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Dimension:
    """One way to divide the units: a tree of codes under one total.

    `parents` maps every code but the total to the code above it. `sensitive` codes, and all below them,
    have the higher threshold. `personal` dimensions are attributes of persons, in which zeros disclose.
    `not_collected` leaf codes have no figures yet (a quarter that has not ended); no cell that includes
    them is shown, so that a code means the same in every release.
    """

    name: str
    parents: Mapping[str, str]
    total: str = "total"
    sensitive: Collection[str] = ()
    personal: bool = False
    not_collected: Collection[str] = ()

    def __post_init__(self) -> None:
        """Raise ValueError unless the codes form one tree and the flagged codes belong to it."""
        if self.total in self.parents:
            raise ValueError(f"{self.name}: the total has no parent")
        for code in self.parents:
            list(self.path(code))
        unknown = {*self.sensitive, *self.not_collected} - {self.total, *self.parents}
        if unknown:
            raise ValueError(f"{self.name}: unknown codes {sorted(unknown)}")

    def path(self, code: str) -> Iterator[str]:
        """Yield the code and those above it, up to the total; raise ValueError if that is not the end."""
        for _ in range(len(self.parents) + 1):
            yield code
            if code == self.total:
                return
            if code not in self.parents:
                raise ValueError(f"{self.name}: {code!r} is not below {self.total!r}")
            code = self.parents[code]
        raise ValueError(f"{self.name}: the codes above {code!r} form a circle")

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The codes directly below each code; leaf codes have none."""
        below: dict[str, list[str]] = {code: [] for code in (self.total, *self.parents)}
        for code, parent in self.parents.items():
            below[parent].append(code)
        return {code: tuple(sorted(codes)) for code, codes in below.items()}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes, the total first, each directly above its own."""
        ordered, waiting = [], [self.total]
        while waiting:
            code = waiting.pop()
            ordered.append(code)
            waiting += reversed(self.children[code])
        return tuple(ordered)

    def below(self, code: str) -> frozenset[str]:
        """Return a code and all below it."""
        return frozenset(each for each in self.codes if code in self.path(each))

    @cached_property
    def leaves(self) -> frozenset[str]:
        """The codes below which there are no others."""
        return frozenset(code for code in self.codes if not self.children[code])

    @cached_property
    def depth(self) -> Mapping[str, int]:
        """Steps from the total to each code."""
        return {code: sum(1 for _ in self.path(code)) - 1 for code in self.codes}

    @cached_property
    def sensitive_codes(self) -> frozenset[str]:
        """The sensitive codes and all below them."""
        return frozenset(code for code in self.codes if set(self.path(code)) & set(self.sensitive))

    @cached_property
    def uncollected_codes(self) -> frozenset[str]:
        """The codes without figures and all above or below them."""
        flagged = set(self.not_collected)
        above = {code for leaf in flagged for code in self.path(leaf)}
        return frozenset(code for code in self.codes if code in above or set(self.path(code)) & flagged)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: at most three dimensions, each down to a level of its tree (1 is just below the total).

    `where` keeps to the units with these codes, for instance one quarter or one town. `persons` asks for
    totals of distinct persons, in the cells down to the levels named there ({} is the grand total alone).
    """

    name: str
    levels: Mapping[str, int]
    where: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for more than three dimensions, levels below 1, or a dimension used twice."""
        if not 1 <= len(self.levels) <= 3 or min(self.levels.values()) < 1:
            raise ValueError(f"table {self.name}: one to three dimensions, levels from 1")
        if set(self.levels) & set(self.where):
            raise ValueError(f"table {self.name}: a dimension is either shown or fixed")
        if not set(self.persons or ()) <= set(self.levels):
            raise ValueError(f"table {self.name}: persons by a dimension that is not shown")


@dataclass(frozen=True, slots=True)
class Known:
    """A cell of an earlier release: its value, or None where it was hidden; the same for its persons."""

    key: Key
    value: int | None
    persons: int | None = None


class Rule(enum.StrEnum):
    """The rules that tests switch off one by one, to show that each is needed."""

    PERSONS = "persons"
    SENSITIVE = "sensitive"
    HOUSEHOLDS = "households"
    CONTRIBUTORS = "contributors"
    REMAINDER = "remainder"
    INSTITUTIONS = "institutions"
    ZEROS = "zeros"
    COMPLEMENTARY = "complementary"
    LINKED = "linked"
    INSIDERS = "insiders"
    LEDGER = "ledger"
    PERSON_TOTALS = "person_totals"


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds, in persons for what a cell needs and in units for the width of what can be inferred.

    `k_insider` persons must be left in a published cell without any one contributor, household or
    institution, unless that institution is behind all of it; it is also the width that a contributor or an
    institution must be left with. `effort` bounds the search for fewer hidden cells (linear programmes;
    never the proof). `off` is for tests: `protect` refuses it.
    """

    k: int = 5
    k_sensitive: int = 10
    households: int = 3
    contributors: int = 3
    k_insider: int = 3
    effort: int = 1_000
    off: frozenset[Rule] = frozenset()

    def __post_init__(self) -> None:
        """Raise ValueError where a threshold is lower than what may ever be published."""
        if self.k < 3 or self.k_sensitive < self.k:
            raise ValueError("k is at least 3, and k_sensitive at least k")
        if not 3 <= self.k_insider <= self.k:
            raise ValueError("k_insider lies between 3 and k")
        if self.households < 3 or self.contributors < 3 or self.effort < 0:
            raise ValueError("at least 3 households, 3 contributors; effort is not negative")
