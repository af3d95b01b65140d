"""From barrier cases to a release that may be stored, or the reason why not. No database, no clock.

Protected by `app.protection`, then attacked once more from the finished tables alone: if anything can be
inferred, nothing leaves this module but the reason.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from app.protection import (
    Cell,
    Dimension,
    Finding,
    Key,
    Known,
    Proof,
    Protected,
    ProtectedTable,
    ProtectionError,
    Rules,
    Status,
    TableSpec,
    Unit,
    attack,
    protect,
)
from app.reporting.assembling import as_count, assemble
from app.reporting.catalogue import Table, offered
from app.reporting.classes import Classes, classes, fixed
from app.reporting.figures import Figures
from app.reporting.rendering import Release, Rendered, content, hidden_share, render
from app.reporting.rules import Quarter, Refusal, Scope, scale_of

BEST_INFORMED = 1
"""So many contributors and institutions attack with what they know; the proof covers all of them."""

LARGE = 5
"""A total stands from so many times the highest threshold."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a computation needs: figures, what was ever shown of the year, and how much detail is wanted."""

    release_id: str
    municipal_area_id: str
    area_name: str
    quarter: Quarter
    detail: str | None
    figures: Figures
    known: tuple[Known, ...]
    rules: Rules


@dataclass(frozen=True, slots=True)
class Computed:
    """A release that may be shown: its cells, its renderings, and what the ledger must remember."""

    cells: tuple[tuple[str, int, str, Cell], ...]
    """Table, place in its grid, key in writing, cell."""
    rendered: tuple[Rendered, ...]
    learned: tuple[tuple[str, int | None, int | None], ...]
    """Key, value and persons of each cell that nobody has been shown before."""
    content_de: dict[str, object]
    content_en: dict[str, object]
    sha256: str


def compute(material: Material) -> Computed | Refusal:
    """Protect, prove and attack the tables of one release.

    Where the totals of the year would give away something that earlier quarters left hidden (corrections
    and erasures can bring that about), the last quarter is told alone, like the others before it.
    """
    scopes = ("year", "quarter") if material.quarter.is_last else ("quarter",)
    found: Computed | Refusal = Refusal.PROOF_FAILED
    for scope in scopes:
        found = _compute(material, Scope(scope))
        if isinstance(found, Computed):
            return found
    return found


def _compute(material: Material, scope: Scope) -> Computed | Refusal:
    figures, quarter = material.figures, material.quarter
    every = classes(quarter.year, quarter.number, figures.regions)
    named = {name: each.dimension for name, each in every.items()}
    if not _fits(material.known, every):
        return Refusal.CLASSES_CHANGED
    tables = offered(figures.size, scope, material.detail)
    try:
        protected = _protected(material, scope, list(named.values()), tables)
        shown = [
            assemble(table, each, material.known, named, quarter, scope)
            for table, each in zip(tables, protected.tables, strict=True)
        ]
        if _attacked([*shown, _earlier(material.known)], list(named.values()), material):
            return Refusal.ATTACK_SUCCEEDED
    except ProtectionError:
        return Refusal.PROOF_FAILED
    except ValueError:
        return Refusal.CONTRADICTION
    return _finished(material, scope, tables, shown, protected.proof, every)


def _protected(
    material: Material, scope: Scope, dimensions: Sequence[Dimension], tables: Sequence[Table]
) -> Protected:
    """Protect the tables around the total of the quarter where that can be, otherwise as it can be.

    To the search a total is one cell like others; to readers it is the figure that all others refer to.
    """
    specs = [table.spec(material.quarter, scope) for table in tables]
    own = ("quarter", str(material.quarter))
    cases, known, rules = material.figures.cases, list(material.known), material.rules
    if scope is Scope.QUARTER:
        # Without the year's totals nothing links the quarters.
        cases = tuple(case for case in cases if case.codes["quarter"] == own[1])
        known = [cell for cell in known if own in cell.key]
    total = settled_total(material)
    try:
        return protect(cases, dimensions, specs, rules, [*known, *total])
    except ProtectionError:
        if not total:
            raise
    return protect(cases, dimensions, specs, rules, known)


def settled_total(material: Material) -> list[Known]:
    """Return the quarter's total of units and persons if it is large enough to stand whatever else is hidden."""
    key: Key = (("quarter", str(material.quarter)),)
    inside = _inside(material, key)
    told = any(cell.key == key and cell.value is not None for cell in material.known)
    if told or not _passes(inside, material.rules, LARGE * material.rules.k_sensitive):
        return []
    return [Known(key, len(inside), len({case.person for case in inside}))]


def _inside(material: Material, key: Key) -> list[Unit]:
    """Return the cases of today that a cell of the tables counts."""
    trees = {name: each.dimension for name, each in fixed().items()}
    return [
        case
        for case in material.figures.cases
        if all(code in trees[name].path(case.codes[name]) if name in trees else code == case.codes[name]
               for name, code in key)
    ]  # fmt: skip


def _passes(cases: Sequence[Unit], rules: Rules, persons_needed: int) -> bool:
    """Whether so many persons, and enough households and contributors, are left whoever is taken away."""
    persons = {case.person for case in cases}
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in cases:
        known["contributor", case.contributor].add(case.person)
        known["household", case.household].add(case.person)
    contributors = sum(kind == "contributor" for kind, _ in known)
    most = max((len(each) for each in known.values()), default=0)
    return (
        len(persons) >= persons_needed
        and contributors >= rules.contributors
        and len(known) - contributors >= rules.households
        and len(persons) - most >= rules.k_insider
    )


def _fits(known: Sequence[Known], every: Mapping[str, Classes]) -> bool:
    """Whether all that was shown before is expressed in the classes of today."""
    codes = {name: set(each.dimension.codes) for name, each in every.items()}
    return all(name in codes and code in codes[name] for cell in known for name, code in cell.key)


def _earlier(known: Sequence[Known]) -> ProtectedTable:
    """Return what was shown before as one more table for the attacker."""
    cells = [
        Cell((), each.key, as_count(each.value), None if each.persons is None else as_count(each.persons))
        for each in known
    ]
    return ProtectedTable(TableSpec("earlier", {"quarter": 1}), (), tuple(cells), 0.0)


def _attacked(tables: Sequence[ProtectedTable], dimensions: Sequence[Dimension], material: Material) -> bool:
    """Whether somebody outside, or one of the best informed inside, infers too much."""
    rules = material.rules
    # What insiders know of earlier quarters may have been corrected since these were frozen.
    frozen = {code for cell in material.known for name, code in cell.key if name == "quarter"}
    fresh = [case for case in material.figures.cases if case.codes["quarter"] not in frozen]
    found = attack(
        tables,
        dimensions,
        k=rules.k,
        k_sensitive=rules.k_sensitive,
        k_insider=rules.k_insider,
        own=best_informed(fresh),
    )
    shown_now = {cell.key for table in tables[:-1] for cell in table.cells}
    return any(each.key in shown_now or not _could_be_told(material, each) for each in found)


def _could_be_told(material: Material, finding: Finding) -> bool:
    """Whether a cell that an earlier release hid for another's sake holds enough to be told for its own.

    What it was hidden for is still hidden: that is what the attack on all other cells shows.
    """
    return _passes(_inside(material, finding.key), material.rules, material.rules.k_sensitive)


def best_informed(cases: Sequence[Unit], number: int = BEST_INFORMED) -> dict[str, list[Unit]]:
    """Return what those contributors and those institutions know who know most."""
    known: dict[tuple[str, str], list[Unit]] = defaultdict(list)
    for case in cases:
        known["contributor", case.contributor].append(case)
        if case.institution is not None:
            known["institution", case.institution].append(case)
    ranked = sorted(known, key=lambda name: (-len(known[name]), name))
    chosen = [name for kind in ("contributor", "institution")
              for name in [each for each in ranked if each[0] == kind][:number]]  # fmt: skip
    return {" ".join(name): known[name] for name in chosen}


def _finished(
    material: Material,
    scope: Scope,
    tables: Sequence[Table],
    shown: Sequence[ProtectedTable],
    proof: Proof,
    every: Mapping[str, Classes],
) -> Computed:
    both = list(zip(tables, shown, strict=True))
    cells = tuple(
        (table.name, place, written(cell), cell)
        for table, each in both
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
        proof=_summary(proof),
    )
    public = [table for table in tables if table.is_public]
    return Computed(
        cells=cells,
        rendered=tuple(render(release, table, each, every) for table, each in both),
        learned=tuple(_learned(material.known, cells)),
        content_de=content(release, public, "de"),
        content_en=content(release, public, "en"),
        sha256=digest(cells),
    )


def _summary(proof: Proof) -> dict[str, object]:
    """Return what of the proof may be told: nothing that counts contributors or institutions."""
    return {"holds": proof.holds, "cells": proof.cells, "hidden": proof.hidden, "checks": dict(proof.checks)}


def written(cell: Cell) -> str:
    """Return a cell's key in writing: `barrier=A1&quarter=2026Q3`; empty for the whole year."""
    return "&".join(f"{name}={code}" for name, code in cell.key)


def read_key(text: str) -> Key:
    """Return the key that was written."""
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return tuple((name, code) for name, _, code in pairs)


def _learned(
    known: Sequence[Known], cells: Sequence[tuple[str, int, str, Cell]]
) -> list[tuple[str, int | None, int | None]]:
    """Return each cell of which more is shown than ever before."""
    before = {cell.key: (cell.value, cell.persons) for cell in known}
    now: dict[Key, tuple[str, int | None, int | None]] = {}
    for _, _, text, cell in cells:
        if cell.units.status is not Status.NOT_COLLECTED:
            persons = cell.persons.value if cell.persons else now.get(cell.key, (None,) * 3)[2]
            now[cell.key] = (text, cell.units.value, persons)
    return [row for key, row in now.items() if _is_new(before.get(key), row[1:])]


def _is_new(before: tuple[int | None, int | None] | None, now: tuple[int | None, int | None]) -> bool:
    """Tell whether a cell was never there, or a figure of it was hidden and no longer is."""
    if before is None:
        return True
    return any(old is None and new is not None for old, new in zip(before, now, strict=True))


def digest(cells: Sequence[tuple[str, int, str, Cell]]) -> str:
    """Return the SHA-256 over the canonical JSON of all cells: table, place, key, status, value, persons."""
    rows = [
        [name, place, key, cell.units.status, cell.units.value]
        + ([cell.persons.status, cell.persons.value] if cell.persons else [None, None])
        for name, place, key, cell in sorted(cells, key=lambda row: row[:2])
    ]
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()
