"""From barrier cases to a release that may be stored, or the reason why not. No database, no clock.

Protected by `app.protection`, then attacked once more from the finished tables alone: if anything can be
inferred, nothing leaves this module but the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.protection import Proof, Protected, ProtectedTable, ProtectionError, Units, protect
from app.reporting.assembling import assemble
from app.reporting.beside import Beside, protect_beside
from app.reporting.catalogue import Table, offered
from app.reporting.classes import Classes, classes, fits
from app.reporting.derived.rendering import derived_tables
from app.reporting.last_check import is_inferred
from app.reporting.ledger import digest, learned, written
from app.reporting.left_out import Offer, left_out
from app.reporting.material import Computed, Material
from app.reporting.open_tables.rendering import open_tables
from app.reporting.rendering import content, render
from app.reporting.rules import Refusal, Scope, scale_of
from app.reporting.standing import settled_total, stand_ins
from app.reporting.stated import Release, hidden_share
from app.reporting.subjects.every import is_beside


def compute(material: Material) -> Computed | Refusal:
    """Protect, prove and attack the tables of one release.

    Where the totals of the year would give away something that earlier quarters left hidden (corrections
    and erasures can bring that about), the last quarter is told alone, like the others before it.
    """
    shown_beside = [cell for cell in material.known if is_beside(cell.key)]
    beside = protect_beside(material, shown_beside)
    of_barriers = tuple(cell for cell in material.known if not is_beside(cell.key))
    material = replace(material, known=of_barriers)
    if material.quarter.is_last:
        found = _compute(material, Scope.YEAR, beside)
        if isinstance(found, Computed):
            return found
    return _compute(material, Scope.QUARTER, beside)


def _compute(material: Material, scope: Scope, beside: Sequence[Beside]) -> Computed | Refusal:
    figures, quarter = material.figures, material.quarter
    every = classes(quarter.year, quarter.number, figures.regions)
    if not fits((cell.key for cell in material.known), every):
        return Refusal.CLASSES_CHANGED
    named = {name: each.dimension for name, each in every.items()}
    tables = offered(figures.size, scope, material.detail)
    try:
        protected = _protected(material, scope, tables, every)
        shown = [
            assemble(table, each, material.known, named, quarter, scope)
            for table, each in zip(tables, protected.tables, strict=True)
        ]
        if is_inferred(shown, list(named.values()), material):
            return Refusal.ATTACK_SUCCEEDED
    except ProtectionError:
        return Refusal.PROOF_FAILED
    except ValueError:
        return Refusal.CONTRADICTION
    return _finished(material, scope, tables, shown, protected.proof, every, beside)


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


def _finished(
    material: Material,
    scope: Scope,
    tables: Sequence[Table],
    shown: Sequence[ProtectedTable],
    proof: Proof,
    every: Mapping[str, Classes],
    beside: Sequence[Beside],
) -> Computed:
    both = list(zip(tables, shown, strict=True))
    further = [pair for each in beside for pair in zip(each.tables, each.shown, strict=True)]
    protected = tuple(
        (table.name, place, written(cell), cell)
        for table, each in [*both, *further]
        for place, cell in enumerate(each.cells)
    )
    release = Release(
        id=material.release_id,
        municipal_area_id=material.municipal_area_id,
        area_name=material.area_name,
        quarter=material.quarter,
        scope=scope,
        scale=scale_of(material.figures.size, material.detail),
        coverage=material.figures.coverage,
        rules=material.rules,
        hidden_share=hidden_share(cell for table, each in both if table.is_public for cell in each.cells),
        proof=_summary([proof, *(each.proof for each in beside)]),
    )
    opened = open_tables(release, material.figures.open)
    rendered = [
        *(render(release, table, each, every) for table, each in both),
        *(
            render(replace(release, words=one.subject.words, rules=one.rules), table, each, one.every)
            for one in beside
            for table, each in zip(one.tables, one.shown, strict=True)
        ),
        *(each.rendered for each in opened),
    ]
    unprotected = [*opened, *derived_tables(release, rendered)]
    cells = (*protected, *(cell for each in unprotected for cell in each.cells))
    public = [*(table for table in tables if table.is_public), *(table for table, _ in further)]
    public += [each.table for each in unprotected]
    offer = Offer(material.quarter, scope, material.figures.size, material.detail)
    missing = left_out(offer, {table.name for table in public})
    return Computed(
        cells=cells,
        rendered=(*rendered, *(each.rendered for each in unprotected[len(opened) :])),
        learned=tuple(learned(material.known, protected)),
        content_de=content(release, public, "de", missing),
        content_en=content(release, public, "en", missing),
        sha256=digest(cells),
    )


def _summary(proofs: Sequence[Proof]) -> dict[str, object]:
    """Return what of the proofs may be told: nothing that counts contributors or institutions."""
    checks = {name: all(each.checks.get(name, True) for each in proofs) for name in proofs[0].checks}
    return {
        "holds": all(each.holds for each in proofs),
        "cells": sum(each.cells for each in proofs),
        "hidden": sum(each.hidden for each in proofs),
        "checks": checks,
    }
