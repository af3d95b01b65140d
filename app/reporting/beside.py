"""Protects what a release counts beside barriers, subject by subject; one that cannot be told is left out.

A subject that fails does not hold up the barriers: its tables are simply not offered in this release.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from app.protection import (
    Dimension,
    Key,
    Known,
    Proof,
    Protected,
    ProtectedTable,
    ProtectionError,
    Rules,
    TableSpec,
    Units,
    attack,
    key_of,
    protect,
)
from app.reporting.catalogue import Table
from app.reporting.classes import Classes, fits
from app.reporting.last_check import best_informed, earlier
from app.reporting.material import Material
from app.reporting.rules import Scope, scale_beside
from app.reporting.standing import LARGE, passes
from app.reporting.subjects.subject import Further, Subject


@dataclass(frozen=True, slots=True)
class Beside:
    """One subject as it may be shown."""

    subject: Subject
    tables: tuple[Table, ...]
    shown: tuple[ProtectedTable, ...]
    every: Mapping[str, Classes]
    rules: Rules
    proof: Proof


def protect_subject(
    subject: Subject, further: Further, material: Material, known: Sequence[Known]
) -> Beside | None:
    """Return the protected tables that an area of this size is told; none when proof or attack says no."""
    scale = scale_beside(material.figures.size, material.detail)
    tables = subject.offered(further, scale)
    links = [link for link in subject.links if link.scale <= scale]
    if not tables:
        return None
    rules = subject.rules(material.rules)
    every = subject.every(material.quarter, further)
    dimensions = [each.dimension for each in every.values()]
    specs = [table.spec(material.quarter, Scope.QUARTER) for table in (*tables, *links)]
    own = ("quarter", str(material.quarter))
    now = [cell for cell in known if own in cell.key]
    if not fits(
        (cell.key for cell in now), every
    ):  # the regions of the area are others than when it was told
        return None
    try:
        units = Units.of(further.units)
        protected = _protected(units, dimensions, specs, rules, now)
        # Nothing links the quarters, and those of another year are not in today's classes.
        found = attack(
            [*protected.tables, earlier(now)],
            dimensions,
            k=rules.k,
            k_sensitive=rules.k_sensitive,
            k_insider=rules.k_insider,
            own=best_informed(units),
        )
    except (ProtectionError, ValueError):
        return None
    if found:
        return None
    return Beside(subject, tables, protected.tables[: len(tables)], every, rules, protected.proof)


def _protected(
    units: Units,
    dimensions: Sequence[Dimension],
    specs: Sequence[TableSpec],
    rules: Rules,
    known: Sequence[Known],
) -> Protected:
    """Protect the tables around their totals where these are large and that can be, else as it can be."""
    totals = _settled_totals(units, dimensions, specs, rules, {cell.key for cell in known})
    try:
        return protect(units, dimensions, specs, rules, [*known, *totals])
    except ProtectionError:
        if not totals:
            raise
    return protect(units, dimensions, specs, rules, known)


def _settled_totals(
    units: Units,
    dimensions: Sequence[Dimension],
    specs: Sequence[TableSpec],
    rules: Rules,
    shown: Container[Key],
) -> list[Known]:
    """Return what all cells of a table refer to, where it is large enough whatever else is hidden."""
    found = []
    for key in dict.fromkeys(key_of(spec.where, dimensions) for spec in specs):
        inside = units.taken(units.with_codes(dict(key)))
        if key not in shown and passes(inside, rules, LARGE * rules.k_sensitive):
            found.append(Known(key, len(inside)))
    return found
