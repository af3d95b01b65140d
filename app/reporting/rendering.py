"""Tables as people read them: JSON with labels in one language, and CSV that says the same.

Rendered once, when a release is computed. Percentages come from published figures only.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import orjson

from app.protection import Cell, Count, ProtectedTable, Rules, Status
from app.reporting.catalogue import Table
from app.reporting.classes import Classes, Label
from app.reporting.medians import LEAST, Place, medians
from app.reporting.rules import Quarter, Scale, Scope
from app.reporting.words import OF_BARRIERS, Words

LANGUAGES = ("de", "en")

STATUS = {
    Status.PUBLISHED: Label("veröffentlicht", "published"),
    Status.ZERO: Label("Null", "zero"),
    Status.SUPPRESSED: Label("gesperrt", "suppressed"),
    Status.NOT_COLLECTED: Label("liegt nicht vor", "not available"),
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a field that begins so for a formula."""


@dataclass(frozen=True, slots=True)
class Release:
    """What every table of a release states."""

    id: str
    municipal_area_id: str
    area_name: str
    quarter: Quarter
    scope: Scope
    scale: Scale
    coverage: str
    rules: Rules | None
    """None for what is no subject of the protection."""
    hidden_share: float
    proof: Mapping[str, object]
    words: Words = OF_BARRIERS


@dataclass(frozen=True, slots=True)
class Rendered:
    """One table in both languages."""

    name: str
    is_public: bool
    json_de: str
    json_en: str
    csv_de: str
    csv_en: str


@dataclass(frozen=True, slots=True)
class _Whole:
    """A protected table with all that is told of it."""

    release: Release
    table: Table
    shown: ProtectedTable
    every: Mapping[str, Classes]
    percentages: Sequence[float | None]
    medians: Sequence[Place]


def content(release: Release, tables: Sequence[Table], language: str) -> dict[str, object]:
    """Return what a release says about itself."""
    first = Quarter(release.quarter.year, 1).first_day
    return {
        "area": release.area_name,
        "period": {"year": release.quarter.year, "from": first, "to": release.quarter.last_day},
        "scope": release.scope,
        "scale": release.scale.name.lower(),
        "thresholds": release.rules and _thresholds(release.rules),
        "method": release.words.method.text(language),
        "unit": release.words.unit.text(language),
        "source": release.words.source.text(language),
        "note": release.words.note.text(language),
        "hidden_share": release.hidden_share,
        "coverage": release.coverage,
        "tables": [
            {
                "name": table.name,
                "title": table.title.text(language),
                "definition": table.definition.text(language),
            }
            for table in tables
        ],
        "proof": dict(release.proof),
    }


def _thresholds(rules: Rules) -> dict[str, int]:
    return {
        "k": rules.k,
        "k_sensitive": rules.k_sensitive,
        "k_insider": rules.k_insider,
        "households": rules.households,
        "case_managers": rules.contributors,
    }


def render(release: Release, table: Table, shown: ProtectedTable, every: Mapping[str, Classes]) -> Rendered:
    """Return a protected table as JSON and CSV in both languages, its codes in the order of the catalogue."""
    shown = _in_order(shown, every)
    told = medians(shown, every, table.median) if table.median else []
    whole = _Whole(release, table, shown, every, _percentages(shown, every), told)
    texts = {}
    for language in LANGUAGES:
        texts[f"json_{language}"] = _json(whole, language)
        texts[f"csv_{language}"] = _csv(whole, language)
    return Rendered(table.name, table.is_public, **texts)


def _in_order(shown: ProtectedTable, every: Mapping[str, Classes]) -> ProtectedTable:
    """Return the same grid in the order in which people read its classes: 6 to 9 years before 10 to 15."""
    cells = {cell.codes: cell for cell in shown.cells}
    choices = [_codes(every[name], shown.spec.levels[name]) for name in shown.dimensions]
    return replace(shown, cells=tuple(cells[codes] for codes in product(*choices)))


def _codes(of: Classes, level: int) -> list[str]:
    """Return the codes down to a level, each directly above its own, otherwise as the catalogue has them."""
    place = {code: number for number, code in enumerate(of.labels)}
    tree = of.dimension

    def below(code: str) -> Iterator[str]:
        yield code
        if tree.depth[code] < level:
            for each in sorted(tree.children[code], key=place.__getitem__):
                yield from below(each)

    return list(below(tree.total))


def hidden_share(cells: Iterable[Cell]) -> float:
    """Return the share of the distinct cells with figures that are hidden: of cells, never of persons."""
    status = {cell.key: cell.units.status for cell in cells}
    collected = [each for each in status.values() if each is not Status.NOT_COLLECTED]
    return round(sum(each is Status.SUPPRESSED for each in collected) / max(len(collected), 1), 3)


def _percentages(shown: ProtectedTable, every: Mapping[str, Classes]) -> list[float | None]:
    """Return the share of each cell in the total of its first dimension, where both are published."""
    total = every[shown.dimensions[0]].dimension.total
    value = {cell.codes: cell.units.value for cell in shown.cells}
    shares: list[float | None] = []
    for cell in shown.cells:
        part, whole = cell.units.value, value[total, *cell.codes[1:]]
        shares.append(None if part is None or not whole else round(100 * part / whole, 1))
    return shares


def _json(whole: _Whole, language: str) -> str:
    release, table, shown, every = whole.release, whole.table, whole.shown, whole.every
    stated = content(release, [], language)
    body = {
        "release_id": release.id,
        "municipal_area_id": release.municipal_area_id,
        "quarter": str(release.quarter),
        "name": table.name,
        "title": table.title.text(language),
        "definition": table.definition.text(language),
        **{name: stated[name] for name in ("area", "period", "unit", "source", "method", "note")},
        "thresholds": stated["thresholds"],
        "coverage": release.rules and stated["coverage"],
        "hidden_share": hidden_share(shown.cells),
        "dimensions": [
            _dimension(every[name], shown.spec.levels[name], language) for name in shown.dimensions
        ],
        "cells": [
            {
                "codes": cell.codes,
                "status": cell.units.status,
                "value": _told(table, cell.units.value),
                "percent": percent,
                "persons": _persons(cell.persons),
            }
            for cell, percent in zip(shown.cells, whole.percentages, strict=True)
        ],
        "medians": _medians(whole),
    }
    return orjson.dumps(body).decode()


def _medians(whole: _Whole) -> dict[str, object] | None:
    if whole.table.median is None:
        return None
    places = [{"codes": each.codes, "status": each.status, "code": each.code} for each in whole.medians]
    return {"dimension": whole.table.median.dimension, "least": LEAST, "places": places}


def _told(table: Table, value: int | None) -> int | float | None:
    return value / 100 if table.hundredths and value is not None else value


def _dimension(of: Classes, depth: int, language: str) -> dict[str, object]:
    return {
        "name": of.dimension.name,
        "title": of.title.text(language),
        "codes": [
            {"code": code, "label": of.label(code, language), "parent": of.dimension.parents.get(code)}
            for code in _codes(of, depth)
        ],
    }


def _persons(count: Count | None) -> dict[str, object] | None:
    return None if count is None else {"status": count.status, "value": count.value}


def _csv(whole: _Whole, language: str) -> str:
    """One line a cell, each of which says for itself what it is; semicolons, as German spreadsheets do."""
    release, shown, every = whole.release, whole.shown, whole.every
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "de" else ",", lineterminator="\r\n")
    names = [column for name in shown.dimensions for column in (name, f"{name}_label")]
    median = ["median", "median_label"] if whole.table.median else []
    writer.writerow(
        ["release_id", "municipal_area_id", "period_to", "table", *names, "status", "status_label", "value",
         "percent", *median, "persons_status", "persons", "k", "k_sensitive", "hidden_share", "coverage",
         "note"]
    )  # fmt: skip
    before = [release.id, release.municipal_area_id, release.quarter.last_day.isoformat(), whole.table.name]
    rules = release.rules
    after = [
        *((rules.k, rules.k_sensitive) if rules else (None, None)),
        hidden_share(shown.cells),
        rules and release.coverage,
    ]
    for cell, percent in zip(shown.cells, whole.percentages, strict=True):
        where = [
            text
            for name, code in zip(shown.dimensions, cell.codes, strict=True)
            for text in (code, every[name].label(code, language))
        ]
        what: list[object] = [cell.units.status, STATUS[cell.units.status].text(language)]
        what += [_told(whole.table, cell.units.value), percent]
        line = [*before, *where, *what, *_median_columns(whole, cell, language), *_persons_columns(cell)]
        writer.writerow(
            [_field(field, language) for field in (*line, *after, release.words.note.text(language))]
        )
    return out.getvalue()


def _median_columns(whole: _Whole, cell: Cell, language: str) -> list[str | None]:
    """Return the median's code and label in the line of the total that it is of."""
    of = whole.table.median
    if of is None:
        return []
    at = whole.shown.dimensions.index(of.dimension)
    others = (*cell.codes[:at], *cell.codes[at + 1 :])
    code = next((each.code for each in whole.medians if each.codes == others), None)
    if code is None or cell.codes[at] != of.below:
        return [None, None]
    return [code, whole.every[of.dimension].label(code, language)]


def _field(field: object, language: str) -> object:
    """Return a field as its readers' spreadsheets take it: German ones would read 12.5 as a date."""
    if isinstance(field, float) and language == "de":
        return str(field).replace(".", ",")
    return safe(field)


def _persons_columns(cell: Cell) -> tuple[object, object]:
    return (None, None) if cell.persons is None else (cell.persons.status, cell.persons.value)


def safe(field: object) -> object:
    """Return a field that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(field, str) and field.startswith(_FORMULA):
        return f"'{field}"
    return field
