"""The last check before anything is stored: an attacker who has nothing but what will be shown."""

from collections.abc import Iterable, Sequence

import numpy as np

from app.protection import Cell, Dimension, Finding, Known, ProtectedTable, TableSpec, Unit, Units, attack
from app.reporting.assembling import as_count
from app.reporting.material import Material
from app.reporting.standing import passes

BEST_INFORMED = 1
"""So many of a kind attack with what they know; the proof covers all of them."""

TELLING = 3
"""A household attacks from so many units on: with fewer it confines nothing that is hidden."""


def is_inferred(shown: Sequence[ProtectedTable], dimensions: Sequence[Dimension], material: Material) -> bool:
    """Tell whether somebody outside, or one of the best informed inside, infers too much."""
    rules = material.rules
    # What insiders know of earlier quarters may have been corrected since these were frozen.
    frozen = {code for cell in material.known for name, code in cell.key if name == "quarter"}
    cases = Units.of(material.figures.cases)
    fresh = cases.taken(~cases.codes_of("quarter").among(frozen))
    found = attack(
        [*shown, earlier(material.known)],
        dimensions,
        k=rules.k,
        k_sensitive=rules.k_sensitive,
        k_insider=rules.k_insider,
        own=best_informed(fresh),
    )
    now = {cell.key for table in shown for cell in table.cells}
    return any(each.key in now or not _could_be_told(material, each) for each in found)


def earlier(known: Sequence[Known]) -> ProtectedTable:
    """Return what was shown before as one more table for the attacker."""
    cells = [
        Cell((), each.key, as_count(each.value), None if each.persons is None else as_count(each.persons))
        for each in known
    ]
    return ProtectedTable(TableSpec("earlier", {"quarter": 1}), (), tuple(cells), 0.0)


def _could_be_told(material: Material, finding: Finding) -> bool:
    """Tell whether a cell that an earlier release hid for another's sake could be told for its own.

    What it was hidden for is still hidden: that is what the attack on all other cells shows.
    """
    return passes(material.inside(finding.key), material.rules, material.rules.k_sensitive)


def best_informed(given: Iterable[Unit], number: int = BEST_INFORMED) -> dict[str, Units]:
    """Return what those contributors, institutions and households know who know most."""
    cases = Units.of(given)
    found = {}
    for kind, column in (("contributor", cases.contributors), ("institution", cases.institutions)):
        busy = {name: count for name, count in zip(column.words, column.counts(), strict=True) if name}
        for name in sorted(busy, key=lambda each: (-busy[each], each))[:number]:
            found[f"{kind} {name}"] = cases.taken(column.among({name}))
    sizes = cases.households.counts()
    for home in np.argsort(-sizes, kind="stable")[:number].tolist():
        if sizes[home] >= TELLING:
            found[f"household {home}"] = cases.taken(cases.households.numbers == home)
    return found
