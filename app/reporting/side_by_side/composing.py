"""From the published tables of the areas to one table over them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from app.protection import Status
from app.reporting.catalogue import Table
from app.reporting.classes import ALL, Label
from app.reporting.words import Words

Frozen = Mapping[str, Any]
Cells = Mapping[tuple[str, ...], Mapping[str, Any]]
AREA, TOTAL, QUARTER = "area", "total", "quarter"
NOT_PUBLISHED = "not_published"
_AREA = Label("KIM-Kommune", "KIM municipality")
_TOLD = (Status.PUBLISHED, Status.ZERO)


@dataclass(frozen=True, slots=True)
class Published:
    """What an area published of a quarter: its release, and the table when the release has it."""

    id: str
    name: str
    release: Mapping[str, Any] | None
    table: Frozen | None

    @property
    def status(self) -> str:
        """Tell apart who published the table, a release without it, and none."""
        if self.table is not None:
            return "published"
        return "without_table" if self.release is not None else NOT_PUBLISHED


def side_by_side(
    areas: Sequence[Published], table: Table, words: Words, quarter: str, language: str
) -> dict[str, Any]:
    """Return the table over areas; its first dimension is the area, with the sum as its total.

    Quotients of areas are not added up: a derived table has no total.
    """
    tables = [each.table for each in areas if each.table is not None]
    dimensions = _dimensions(tables)
    places = list(product(*([code["code"] for code in each["codes"]] for each in dimensions)))
    told = {each.id: _cells(each.table, quarter) for each in areas if each.table is not None}
    rows: list[tuple[str, Cells | None]] = []
    if table.quotient is None:
        rows.append((TOTAL, {place: _sum(place, told.values()) for place in places}))
    rows += [(each.id, told.get(each.id)) for each in areas]
    stated = {"title": table.title, "definition": table.definition, "unit": words.unit,
              "source": words.source, "method": words.method, "note": words.note}  # fmt: skip
    return {
        "quarter": quarter,
        "name": table.name,
        **{name: text.text(language) for name, text in stated.items()},
        "areas_published": len(tables),
        "areas": [_area(each) for each in areas],
        "dimensions": [_areas_dimension(areas, language, with_total=table.quotient is None), *dimensions],
        "cells": [
            {"codes": [area, *place], **_cell(cells, place)} for area, cells in rows for place in places
        ],
    }


def _cell(cells: Cells | None, place: tuple[str, ...]) -> dict[str, Any]:
    if cells is None:
        return {"status": NOT_PUBLISHED, "value": None}
    cell = cells.get(place)
    # A class that this area's release does not have, such as a town of another one.
    return (
        {name: cell[name] for name in ("status", "value")}
        if cell
        else {"status": "not_collected", "value": None}
    )


def _sum(place: tuple[str, ...], areas: Iterable[Cells]) -> dict[str, Any]:
    """Return the sum where every part is told; otherwise the areas' own figures would tell the hidden one."""
    cells = [each.get(place) for each in areas]
    if not cells:
        return {"status": NOT_PUBLISHED, "value": None}
    if any(cell is not None and cell["status"] == Status.SUPPRESSED for cell in cells):
        return {"status": Status.SUPPRESSED, "value": None}
    values = [cell["value"] for cell in cells if cell is not None and cell["status"] in _TOLD]
    if len(values) < len(cells):
        return {"status": Status.NOT_COLLECTED, "value": None}
    total = round(sum(values), 2)
    return {"status": Status.PUBLISHED if total else Status.ZERO, "value": total}


def _cells(table: Frozen, quarter: str) -> dict[tuple[str, ...], Frozen]:
    """Return the cells of a table by code; of a table over quarters, those of the one that is asked for."""
    names = [each["name"] for each in table["dimensions"]]
    if QUARTER not in names:
        return {tuple(cell["codes"]): cell for cell in table["cells"]}
    at = names.index(QUARTER)
    return {
        (*cell["codes"][:at], *cell["codes"][at + 1 :]): cell
        for cell in table["cells"]
        if cell["codes"][at] == quarter
    }


def _dimensions(tables: Sequence[Frozen]) -> list[dict[str, Any]]:
    """Return the dimensions beside area and quarter, with every code that any area has."""
    found: dict[str, dict[str, Any]] = {}
    for table in tables:
        for each in table["dimensions"]:
            if each["name"] != QUARTER:
                known = found.setdefault(each["name"], {**each, "codes": {}})
                known["codes"] |= {
                    code["code"]: code for code in each["codes"] if code["code"] not in known["codes"]
                }
    return [{**each, "codes": list(each["codes"].values())} for each in found.values()]


def _areas_dimension(areas: Sequence[Published], language: str, *, with_total: bool) -> dict[str, Any]:
    total = TOTAL if with_total else None
    codes = [{"code": total, "label": ALL.text(language), "parent": None}] if total else []
    codes += [{"code": each.id, "label": each.name, "parent": total} for each in areas]
    return {"name": AREA, "title": _AREA.text(language), "codes": codes}


def _area(each: Published) -> dict[str, Any]:
    release = each.release or {}
    return {
        "id": each.id,
        "name": each.name,
        "status": each.status,
        **{word: release.get(word) for word in ("release_id", "sha256", "published_at")},
        "thresholds": each.table["thresholds"] if each.table else None,
    }
