"""From barrier cases to the tables of the barriers as they may be shown, or the reason why not.

Protected by `app.protection`, then attacked once more from the finished tables alone. No database, no clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.protection import Proof, Protected, ProtectedTable, ProtectionError, Unit, Units, protect
from app.reporting.assembling import assemble
from app.reporting.catalogue import Table, offered
from app.reporting.classes import Classes, classes, fits
from app.reporting.last_check import is_inferred
from app.reporting.material import Material
from app.reporting.rules import Refusal, Scope
from app.reporting.standing import settled_total, stand_ins
from app.reporting.subjects.every import is_beside


@dataclass(frozen=True, slots=True)
class BarriersTold:
    """The tables of the barriers as they may be shown."""

    scope: Scope
    tables: tuple[Table, ...]
    shown: tuple[ProtectedTable, ...]
    proof: Proof
    every: Mapping[str, Classes]


def protect_barriers(material: Material, cases: Sequence[Unit]) -> BarriersTold | Refusal:
    """Protect the tables of the barriers.

    Where the totals of the year would give away something that earlier quarters left hidden (corrections
    and erasures can bring that about), the last quarter is told alone, like the others before it.
    """
    known = tuple(cell for cell in material.known if not is_beside(cell.key))
    material = replace(material, known=known, figures=replace(material.figures, cases=cases))
    if material.quarter.is_last:
        found = _told(material, Scope.YEAR)
        if isinstance(found, BarriersTold):
            return found
    return _told(material, Scope.QUARTER)


def _told(material: Material, scope: Scope) -> BarriersTold | Refusal:
    figures, quarter = material.figures, material.quarter
    every = classes(quarter.year, quarter.number, figures.regions)
    if not fits((cell.key for cell in material.known), every):
        return Refusal.CLASSES_CHANGED
    named = {name: each.dimension for name, each in every.items()}
    tables = offered(figures.size, scope, material.detail)
    try:
        protected = _protected(material, scope, tables, every)
        shown = tuple(
            assemble(table, each, material.known, named, quarter, scope)
            for table, each in zip(tables, protected.tables, strict=True)
        )
        if is_inferred(shown, list(named.values()), material):
            return Refusal.ATTACK_SUCCEEDED
    except ProtectionError:
        return Refusal.PROOF_FAILED
    except ValueError:
        return Refusal.CONTRADICTION
    return BarriersTold(scope, tuple(tables), shown, protected.proof, every)


def _protected(
    material: Material, scope: Scope, tables: Sequence[Table], every: Mapping[str, Classes]
) -> Protected:
    """Protect the tables around the total of the quarter where that can be, otherwise as it can be.

    To the search a total is one cell like others; to readers it is the figure that all others refer to.
    """
    specs = [table.spec(material.quarter, scope) for table in tables]
    dimensions = [each.dimension for each in every.values()]
    own = ("quarter", str(material.quarter))
    if scope is Scope.YEAR:
        known = list(material.known)
        cases = Units.of(material.figures.cases).and_also(stand_ins(material))
    else:
        # Without the year's totals nothing links the quarters.
        known = [cell for cell in material.known if own in cell.key]
        cases = material.inside((own,))
    total = settled_total(material)
    try:
        return protect(cases, dimensions, specs, material.rules, [*known, *total])
    except ProtectionError:
        if not total:
            raise
    return protect(cases, dimensions, specs, material.rules, known)
