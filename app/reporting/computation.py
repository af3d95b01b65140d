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
from app.reporting.classes import Classes, classes
from app.reporting.figures import Figures
from app.reporting.rendering import Release, Rendered, content, hidden_share, render
from app.reporting.rules import Quarter, Refusal, scale_of

BEST_INFORMED = 2
"""So many contributors, and as many institutions, attack with what they know; the proof covers all."""

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
    """Protect, prove and attack the tables of one release."""
    figures, quarter = material.figures, material.quarter
    every = classes(quarter.year, quarter.number, figures.regions)
    named = {name: each.dimension for name, each in every.items()}
    dimensions = list(named.values())
    if not _fits(material.known, every):
        return Refusal.CLASSES_CHANGED
    tables = offered(figures.size, quarter, material.detail)
    specs = [table.spec(quarter) for table in tables]
    try:
        protected = _protected(material, dimensions, specs)
        shown = [
            assemble(table, each, material.known, named, quarter)
            for table, each in zip(tables, protected.tables, strict=True)
        ]
        if _attacked([*shown, _earlier(material.known)], dimensions, material):
            return Refusal.ATTACK_SUCCEEDED
    except ProtectionError:
        return Refusal.PROOF_FAILED
    except ValueError:
        return Refusal.CONTRADICTION
    return _finished(material, tables, shown, protected.proof, every)


def _protected(material: Material, dimensions: Sequence[Dimension], specs: Sequence[TableSpec]) -> Protected:
    """Protect the tables around the totals of the quarters where that can be, otherwise as it can be.

    To the search a total is one cell like others; to readers it is the figure that all others refer to.
    """
    cases, rules, known = material.figures.cases, material.rules, linked(material)
    if not material.quarter.is_last:
        cases = tuple(case for case in cases if case.codes["quarter"] == str(material.quarter))
    totals = settled_totals(material)
    try:
        return protect(cases, dimensions, specs, rules, [*known, *totals])
    except ProtectionError:
        if not totals:
            raise
    return protect(cases, dimensions, specs, rules, known)


def linked(material: Material) -> list[Known]:
    """Return what was shown before and can be held against the new tables: before the year's end no other quarter."""
    own = ("quarter", str(material.quarter))
    return [cell for cell in material.known if material.quarter.is_last or own in cell.key]


def settled_totals(material: Material) -> list[Known]:
    """Return the totals of units and persons that are large enough to stand whatever else is hidden."""
    quarter = material.quarter
    before = {cell.key for cell in material.known if cell.value is not None}
    keys: list[Key] = [
        (("quarter", str(Quarter(quarter.year, number))),) for number in range(1, quarter.number + 1)
    ]
    if quarter.is_last:
        keys.append(())
    totals = []
    for key in keys:
        inside = [
            case for case in material.figures.cases if all(case.codes[name] == code for name, code in key)
        ]
        if key not in before and _is_large(inside, material.rules):
            totals.append(Known(key, len(inside), len({case.person for case in inside})))
    return totals


def _is_large(cases: Sequence[Unit], rules: Rules) -> bool:
    """Whether far more persons are counted than any threshold asks for, whoever is taken away."""
    persons = {case.person for case in cases}
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in cases:
        known["contributor", case.contributor].add(case.person)
        known["household", case.household].add(case.person)
    contributors = sum(kind == "contributor" for kind, _ in known)
    most = max((len(each) for each in known.values()), default=0)
    enough = len(persons) >= LARGE * rules.k_sensitive and contributors >= rules.contributors
    return enough and len(persons) - most >= rules.k_sensitive


def _fits(known: Sequence[Known], every: Mapping[str, Classes]) -> bool:
    """Whether all that was shown before is expressed in the classes of today."""
    codes = {name: set(each.dimension.codes) for name, each in every.items()}
    return all(name in codes and code in codes[name] for cell in known for name, code in cell.key)


def _earlier(known: Sequence[Known]) -> ProtectedTable:
    """Return what was shown before as one more table for the attacker."""
    cells = [Cell((), cell.key, as_count(cell.value), None if cell.persons is None else as_count(cell.persons))
             for cell in known]  # fmt: skip
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
    return bool(found)


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
