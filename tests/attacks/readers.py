"""Attackers who need no solver: they read a figure, or take away from it what they know themselves."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from app.protection import Cell, Dimension, Key, ProtectedTable, Rules, Status, Unit
from tests.protection.arrange import belongs

Tree = Mapping[str, Dimension]


def published(tables: Iterable[ProtectedTable], status: Status) -> Iterator[Cell]:
    """Yield the cells that are shown with a status."""
    for table in tables:
        yield from (cell for cell in table.cells if cell.units.status is status)


def inside(units: Sequence[Unit], key: Key, tree: Tree) -> list[Unit]:
    """Return the units that a cell counts."""
    return [each for each in units if belongs(each, key, tree)]


def reads_few(tables: Sequence[ProtectedTable], units: Sequence[Unit], tree: Tree, rules: Rules) -> list[Key]:
    """Return the figures that are about fewer persons than anybody may read of."""
    found = []
    for cell in published(tables, Status.PUBLISHED):
        sensitive = any(code in tree[name].sensitive_codes for name, code in cell.key)
        persons = {each.person for each in inside(units, cell.key, tree)}
        if len(persons) < (rules.k_sensitive if sensitive else rules.k):
            found.append(cell.key)
    return found


def reads_that_nobody_has_it(
    tables: Sequence[ProtectedTable], units: Sequence[Unit], tree: Tree, _rules: Rules
) -> list[Key]:
    """Return the zeros that say something about everybody of a group: nobody has the attribute."""
    found = []
    for cell in published(tables, Status.ZERO):
        group = tuple(pair for pair in cell.key if not tree[pair[0]].personal)
        if group != cell.key and inside(units, group, tree):
            found.append(cell.key)
    return found


def subtracts(attribute: str) -> Callable[..., list[Key]]:
    """Return an attacker who takes away what their own household or work has told them.

    They succeed where what is left is fewer than `k_insider` persons, or all of one other of their kind.
    """

    def attacker(
        tables: Sequence[ProtectedTable], units: Sequence[Unit], tree: Tree, rules: Rules
    ) -> list[Key]:
        found = []
        for cell in published(tables, Status.PUBLISHED):
            counted = inside(units, cell.key, tree)
            for who in {getattr(each, attribute) for each in counted}:
                own = {each.person for each in counted if getattr(each, attribute) == who}
                left = [each for each in counted if each.person not in own]
                others = {getattr(each, attribute) for each in left}
                if len({each.person for each in left}) < rules.k_insider or len(others) < 2:
                    found.append(cell.key)
                    break
        return found

    return attacker


def an_institution_subtracts(
    tables: Sequence[ProtectedTable], units: Sequence[Unit], tree: Tree, rules: Rules
) -> list[Key]:
    """Return the figures of which an institution leaves fewer than `k_insider` persons.

    Where it is behind every unit there are no others: of a kind there may be one office only. That says
    something of people all the same where they are of a group and the figure is about an attribute.
    """
    found = []
    for cell in published(tables, Status.PUBLISHED):
        counted = inside(units, cell.key, tree)
        group = inside(units, tuple(pair for pair in cell.key if not tree[pair[0]].personal), tree)
        for who in {each.institution for each in counted} - {None}:
            own = {each.person for each in counted if each.institution == who}
            left = {each.person for each in counted} - own
            is_all, has_all = (all(each.institution == who for each in some) for some in (counted, group))
            if (len(left) < rules.k_insider and not is_all) or (is_all and not has_all):
                found.append(cell.key)
                break
    return found


READERS = {
    "anybody reads a small figure": reads_few,
    "anybody reads that nobody has it": reads_that_nobody_has_it,
    "a household takes itself away": subtracts("household"),
    "a case manager takes their own away": subtracts("contributor"),
    "an institution takes its own away": an_institution_subtracts,
}
