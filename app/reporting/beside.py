"""Protects what a release counts beside barriers, subject by subject; one that cannot be told is left out.

A subject that fails does not hold up the barriers: its tables are simply not offered in this release.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.protection import (
    RECIPIENT,
    Dimension,
    Flags,
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
        protected = _protected(units, dimensions, specs, rules, now, further.disclosed)
        # Nothing links the quarters, and those of another year are not in today's classes.
        found = attack(
            [*protected.tables, earlier(now)],
            dimensions,
            k=rules.k,
            k_sensitive=rules.k_sensitive,
            k_insider=rules.k_insider,
            own={**best_informed(units), **_recipient(units, further.disclosed)},
        )
    except (ProtectionError, ValueError):
        return None
    if found:
        return None
    return Beside(subject, tables, protected.tables[: len(tables)], every, rules, protected.proof)


def _recipient(units: Units, disclosed: Flags | None) -> dict[str, Units]:
    """Return what a state-wide database knows by the lines that it was given."""
    return {} if disclosed is None or not disclosed.any() else {RECIPIENT: units.taken(disclosed)}


def _protected(
    units: Units,
    dimensions: Sequence[Dimension],
    specs: Sequence[TableSpec],
    rules: Rules,
    known: Sequence[Known],
    disclosed: Flags | None,
) -> Protected:
    """Protect the tables around their totals where these are large and that can be, else as it can be."""
    totals = [
        each
        for each in _settled_totals(units, dimensions, specs, rules, disclosed)
        if each.key not in {cell.key for cell in known}
    ]
    try:
        return protect(units, dimensions, specs, rules, [*known, *totals], disclosed)
    except ProtectionError:
        if not totals:
            raise
    return protect(units, dimensions, specs, rules, known, disclosed)


def _settled_totals(
    units: Units,
    dimensions: Sequence[Dimension],
    specs: Sequence[TableSpec],
    rules: Rules,
    disclosed: Flags | None,
) -> list[Known]:
    """Return what all cells of a table refer to, where it is large enough whatever else is hidden."""
    found = []
    for key in dict.fromkeys(key_of(spec.where, dimensions) for spec in specs):
        chosen = units.with_codes(dict(key))
        inside = units.taken(chosen)
        others = inside if disclosed is None else units.taken(chosen & ~disclosed)
        is_left = len(others.persons.used()) >= rules.k_insider
        if is_left and passes(inside, rules, LARGE * rules.k_sensitive):
            found.append(Known(key, len(inside)))
    return found
