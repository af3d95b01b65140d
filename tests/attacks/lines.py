"""A recipient of lines who takes away from everything published all persons whom it knows."""

import random
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from app.protection import Dimension, Key, Known, ProtectedTable, Rules, Status, Unit, Units, attack
from app.reporting.rules import Quarter
from app.reporting.subjects.active_clients import ACTIVE, ACTIVE_CLIENTS, MARKER
from app.reporting.subjects.subject import Further
from tests.protection.arrange import belongs, rare

QUARTERS = (Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3))
RULES = Rules(effort=150)
TREES = {name: each.dimension for name, each in ACTIVE_CLIENTS.classes(QUARTERS[0]).items()}
ATTRIBUTES = ("residence", "nationality", "age", "sex", "german")


class Place:
    """An area of a few units: who is a client, who consents, quarter by quarter."""

    def __init__(self, seed: int, size: int = 90) -> None:
        self.draw = random.Random(seed)
        self.number = 0
        self.people: dict[str, dict[str, str]] = {}
        self.willing: set[str] = set()
        for _ in range(size):
            self.come()

    def come(self) -> None:
        """Let somebody come, who says no in one case of eight."""
        self.number += 1
        name = f"{self.draw.getrandbits(64):016x}"
        codes = {each: self._code(each) for each in ATTRIBUTES}
        self.people[name] = {**codes, MARKER: ACTIVE}
        if self.draw.random() > 0.12:
            self.willing.add(name)

    def _code(self, dimension: str) -> str:
        leaves = sorted(TREES[dimension].leaves)
        return leaves[rare(self.draw, min(4, len(leaves)))]

    def a_quarter_later(self) -> None:
        """Let some go, some come, some say yes who did not and some no who did."""
        for name in self.draw.sample(sorted(self.people), len(self.people) // 6):
            del self.people[name]
        for _ in range(len(self.people) // 5):
            self.come()
        for name in self.draw.sample(sorted(self.people), 6):
            self.willing ^= {name}

    def correct(self) -> None:
        """Let the residence status of a few turn out to be another one."""
        for name in self.draw.sample(sorted(self.people), 3):
            self.people[name]["residence"] = self._code("residence")

    def further(self, quarter: Quarter) -> Further:
        """Return one unit for each client of a quarter."""
        units = [
            Unit(name, f"home {name}", f"m{int(name, 16) % 6}", None, {**codes, "quarter": str(quarter)})
            for name, codes in sorted(self.people.items())
        ]
        return Further(units, tuple(each.name for each in ACTIVE_CLIENTS.tables))

    def unit(self, number: int) -> set[str]:
        """Return who of one of two units consents."""
        return {name for name in self.willing & self.people.keys() if int(name, 16) % 2 == number}


def dimensions(quarter: Quarter) -> list[Dimension]:
    """Return the dimensions of active clients."""
    return [each.dimension for each in ACTIVE_CLIENTS.classes(quarter).values()]


def as_known(tables: Iterable[ProtectedTable]) -> list[Known]:
    """Return what the ledger learns of tables."""
    return [Known(cell.key, cell.units.value) for table in tables for cell in table.cells]


def subtracts(
    tables: Sequence[ProtectedTable], units: Iterable[Unit], lines: AbstractSet[str], quarter: Quarter
) -> list[Key]:
    """Return the figures that leave the recipient too few others, and what it confines of hidden ones.

    `units` are those that were counted when the tables were made.
    """
    own = [each for each in units if each.person in lines]
    trees = {each.name: each for each in dimensions(quarter)}
    found = []
    for cell in (cell for table in tables for cell in table.cells):
        theirs = sum(belongs(each, cell.key, trees) for each in own)
        if cell.units.status is Status.PUBLISHED and theirs and (cell.units.value or 0) - theirs < 3:
            found.append(cell.key)
    hidden = attack(
        tables, list(trees.values()), k=0, k_sensitive=0, k_insider=3, own={"recipient": Units.of(own)}
    )
    return [*found, *(each.key for each in hidden)]
