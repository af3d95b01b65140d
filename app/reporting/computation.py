"""From barrier cases to a release that may be stored, or the reason why not. No database, no clock.

Protected by `app.protection`, then attacked once more from the finished tables alone: if anything can be
inferred, nothing leaves this module but the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.protection import Proof
from app.reporting.barriers import BarriersTold, protect_barriers
from app.reporting.beside import Beside, protect_subject
from app.reporting.derived.rendering import derived_tables
from app.reporting.ledger import digest, learned, written
from app.reporting.left_out import Offer, left_out
from app.reporting.material import Computed, Material
from app.reporting.open_tables.rendering import open_tables
from app.reporting.open_tables.shape import Found
from app.reporting.parts import Barriers, OfSubject, Opened, Part
from app.reporting.rendering import content, render
from app.reporting.rules import Refusal, scale_of
from app.reporting.stated import Release, hidden_share
from app.reporting.subjects.every import SUBJECTS


def compute(material: Material, parts: Iterable[Part]) -> Computed | Refusal:
    """Protect, prove and attack the tables of one release, each part when it is there.

    No part depends on another. Barriers that cannot be told refuse the release; the parts that follow are
    taken, since somebody gives them, and left as they are.
    """
    barriers: BarriersTold | Refusal | None = None
    beside: dict[str, Beside] = {}
    opened: Mapping[str, Found] = {}
    for part in parts:
        if isinstance(part, Barriers):
            barriers = protect_barriers(material, part.cases)
        elif isinstance(part, Opened):
            opened = part.tables
        elif not isinstance(barriers, Refusal):
            told = _of_subject(material, part)
            if told is not None:
                beside[part.name] = told
    if barriers is None:
        raise ValueError("no release without barrier cases, be they none")
    if isinstance(barriers, Refusal):
        return barriers
    in_order = [beside[each.name] for each in SUBJECTS if each.name in beside]
    return _finished(material, barriers, in_order, opened)


def _of_subject(material: Material, part: OfSubject) -> Beside | None:
    subject = next(each for each in SUBJECTS if each.name == part.name)
    if not part.further.tables:
        return None
    before = [cell for cell in material.known if subject.owns(cell.key)]
    return protect_subject(subject, part.further, material, before)


def _finished(
    material: Material, barriers: BarriersTold, beside: Sequence[Beside], found: Mapping[str, Found]
) -> Computed:
    both = list(zip(barriers.tables, barriers.shown, strict=True))
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
        scope=barriers.scope,
        scale=scale_of(material.figures.size, material.detail),
        coverage=material.figures.coverage,
        rules=material.rules,
        hidden_share=hidden_share(cell for table, each in both if table.is_public for cell in each.cells),
        proof=_summary([barriers.proof, *(each.proof for each in beside)]),
    )
    opened = open_tables(release, found)
    rendered = [
        *(render(release, table, each, barriers.every) for table, each in both),
        *(
            render(replace(release, words=one.subject.words, rules=one.rules), table, each, one.every)
            for one in beside
            for table, each in zip(one.tables, one.shown, strict=True)
        ),
        *(each.rendered for each in opened),
    ]
    unprotected = [*opened, *derived_tables(release, rendered)]
    cells = (*protected, *(cell for each in unprotected for cell in each.cells))
    public = [*(table for table in barriers.tables if table.is_public), *(table for table, _ in further)]
    public += [each.table for each in unprotected]
    offer = Offer(material.quarter, barriers.scope, material.figures.size, material.detail)
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
