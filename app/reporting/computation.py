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
    Count,
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
from app.reporting.catalogue import Table, offered
from app.reporting.classes import Classes, classes
from app.reporting.figures import Figures
from app.reporting.rendering import Release, Rendered, content, hidden_share, render
from app.reporting.rules import Quarter, Refusal, scale_of

BEST_INFORMED = 2
"""So many contributors, and as many institutions, attack with what they know; the proof covers all."""


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
    dimensions = [each.dimension for each in every.values()]
    if not _fits(material.known, every):
        return Refusal.CLASSES_CHANGED
    tables = offered(figures.size, quarter, material.detail)
    specs = [table.spec(quarter) for table in tables]
    try:
        protected = protect(figures.cases, dimensions, specs, material.rules, material.known)
        shown = [*protected.tables, _earlier(material.known)]
        if _attacked(shown, dimensions, material.rules, figures.cases):
            return Refusal.ATTACK_SUCCEEDED
    except ProtectionError:
        return Refusal.PROOF_FAILED
    except ValueError:
        return Refusal.CONTRADICTION
    return _finished(material, tables, protected, every)


def _fits(known: Sequence[Known], every: Mapping[str, Classes]) -> bool:
    """Whether all that was shown before is expressed in the classes of today."""
    codes = {name: set(each.dimension.codes) for name, each in every.items()}
    return all(name in codes and code in codes[name] for cell in known for name, code in cell.key)


def _earlier(known: Sequence[Known]) -> ProtectedTable:
    """Return what was shown before as one more table for the attacker."""
    cells = [Cell((), cell.key, _count(cell.value), None if cell.persons is None else _count(cell.persons))
             for cell in known]  # fmt: skip
    return ProtectedTable(TableSpec("earlier", {"quarter": 1}), (), tuple(cells), 0.0)


def _count(value: int | None) -> Count:
    if value is None:
        return Count(Status.SUPPRESSED)
    return Count(Status.PUBLISHED if value else Status.ZERO, value)


def _attacked(
    tables: Sequence[ProtectedTable], dimensions: Sequence[Dimension], rules: Rules, cases: Sequence[Unit]
) -> bool:
    """Whether somebody outside, or one of the best informed inside, infers too much."""
    found = attack(
        tables,
        dimensions,
        k=rules.k,
        k_sensitive=rules.k_sensitive,
        k_insider=rules.k_insider,
        own=best_informed(cases),
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
    material: Material, tables: Sequence[Table], protected: Protected, every: Mapping[str, Classes]
) -> Computed:
    cells = tuple(
        (table.spec.name, place, written(cell), cell)
        for table in protected.tables
        for place, cell in enumerate(table.cells)
    )
    release = Release(
        id=material.release_id,
        municipal_area_id=material.municipal_area_id,
        area_name=material.area_name,
        quarter=material.quarter,
        scale=scale_of(material.figures.size, material.detail),
        coverage=material.figures.coverage,
        rules=material.rules,
        hidden_share=hidden_share(
            cell
            for table, shown in zip(tables, protected.tables, strict=True)
            if table.is_public
            for cell in shown.cells
        ),
        proof=_summary(protected.proof),
    )
    public = [table for table in tables if table.is_public]
    return Computed(
        cells=cells,
        rendered=tuple(
            render(release, table, shown, every)
            for table, shown in zip(tables, protected.tables, strict=True)
        ),
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
