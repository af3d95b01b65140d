"""Tables as people read them: JSON with labels in one language, and CSV that says the same.

Rendered once, when a release is computed. Percentages come from published figures only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from itertools import product

import orjson

from app.protection import Count, ProtectedTable, Rules
from app.reporting.catalogue import Table
from app.reporting.classes import Classes
from app.reporting.csv_text import csv_text
from app.reporting.left_out import LeftOut
from app.reporting.medians import LEAST, medians
from app.reporting.rules import Quarter
from app.reporting.stated import LANGUAGES, Parts, Release, Rendered, Whole, hidden_share


def content(
    release: Release, tables: Sequence[Table], language: str, left_out: Sequence[LeftOut] = ()
) -> dict[str, object]:
    """Return what a release says about itself, and which tables it does not have."""
    first = Quarter(release.quarter.year, 1).first_day
    return {
        "area": release.area_name,
        "period": _period(first, release.quarter),
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
        "left_out": [each.told(language) for each in left_out],
        "proof": dict(release.proof),
    }


def _period(first: date, quarter: Quarter) -> dict[str, object]:
    return {"year": quarter.year, "from": first, "to": quarter.last_day}


def _thresholds(rules: Rules) -> dict[str, int]:
    return {
        "k": rules.k,
        "k_sensitive": rules.k_sensitive,
        "k_insider": rules.k_insider,
        "households": rules.households,
        "case_managers": rules.contributors,
    }


def render(
    release: Release,
    table: Table,
    shown: ProtectedTable,
    every: Mapping[str, Classes],
    parts: Parts | None = None,
) -> Rendered:
    """Return a protected table as JSON and CSV in both languages, its codes in the order of the catalogue.

    `parts` of a quotient: what its figures are made of.
    """
    shown = _in_order(shown, every)
    told = medians(shown, every, table.median) if table.median else []
    shares = [None] * len(shown.cells) if table.quotient else _percentages(shown, every)
    whole = Whole(release, table, shown, every, shares, told, parts)
    texts = {}
    for language in LANGUAGES:
        texts[f"json_{language}"] = _json(whole, language)
        texts[f"csv_{language}"] = csv_text(whole, language)
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


def _percentages(shown: ProtectedTable, every: Mapping[str, Classes]) -> list[float | None]:
    """Return the share of each cell in the total of its first dimension, where both are published."""
    total = every[shown.dimensions[0]].dimension.total
    value = {cell.codes: cell.units.value for cell in shown.cells}
    shares: list[float | None] = []
    for cell in shown.cells:
        part, whole = cell.units.value, value[total, *cell.codes[1:]]
        shares.append(None if part is None or not whole else round(100 * part / whole, 1))
    return shares


def _json(whole: Whole, language: str) -> str:
    release, table, shown, every = whole.release, whole.table, whole.shown, whole.every
    stated = content(release, [], language)
    body = {
        "release_id": release.id,
        "municipal_area_id": release.municipal_area_id,
        "quarter": str(release.quarter),
        "name": table.name,
        "title": table.title.text(language),
        "definition": table.definition.text(language),
        "period": _period(table.first_day(release.quarter), release.quarter),
        **{name: stated[name] for name in ("area", "unit", "source", "method", "note")},
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
                "value": whole.told(cell.units.value),
                "percent": percent,
                "persons": _persons(cell.persons),
                "parts": _parts(whole, cell.codes),
            }
            for cell, percent in zip(shown.cells, whole.percentages, strict=True)
        ],
        "medians": _medians(whole),
        "quotient": table.quotient and asdict(table.quotient),
    }
    return orjson.dumps(body).decode()


def _parts(whole: Whole, codes: tuple[str, ...]) -> dict[str, object] | None:
    if whole.parts is None:
        return None
    numerator, denominator = whole.parts[codes]
    return {"numerator": numerator, "denominator": denominator}


def _medians(whole: Whole) -> dict[str, object] | None:
    if whole.table.median is None:
        return None
    places = [{"codes": each.codes, "status": each.status, "code": each.code} for each in whole.medians]
    return {"dimension": whole.table.median.dimension, "least": LEAST, "places": places}


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
