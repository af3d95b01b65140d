"""How the tables of a report stand on its pages: with bars or shades in them, as charts, side by side. Pure.

What a chart of one or two dimensions says, bars and shades say inside the table: so no figure is there twice,
and who listens to the report instead of looking at it hears the table.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.protection import Status
from app.reporting.pictures.reading import QUARTER
from app.reporting.report.grids import figure_title, labelled, listed, told

Json = Mapping[str, Any]
LONGEST = 60
"""Rows of a table; of larger ones the report has the chart, and the workbook the figures."""
_WIDEST = 8
"""Columns that a page takes in."""
_NARROW = 3
"""Columns that half a page takes in."""
_DIMENSIONS = 2
"""Of more, a table is a list."""


def placed(table: Json) -> dict[str, Any]:
    """Return head, lines and marks of a table, and how it stands on a page.

    A line has `depth` (0: the total), `cells` (words) and `shares` of the largest part, one for each figure.
    """
    if len(table["dimensions"]) > _DIMENSIONS:
        head, rows = listed(table, labelled(table))
        lines = [{"depth": 1, "cells": list(row), "shares": [0]} for row in rows]
    else:
        head, lines = _crossed(table)
    is_short, is_trend = len(lines) <= LONGEST and len(head) <= _WIDEST, _is_trend(table)
    return {
        "head": head,
        "lines": lines if is_short else [],
        "labels": len(table["dimensions"]) if len(table["dimensions"]) > _DIMENSIONS else 1,
        "has_chart": is_trend or not is_short,
        "is_narrow": is_short and not is_trend and len(head) <= _NARROW,
    }


def in_rows(tables: Sequence[Json]) -> list[list[Json]]:
    """Return the tables in their order, two narrow ones that follow each other in one row."""
    found: list[list[Json]] = []
    for each in tables:
        last = found[-1] if found else []
        if len(last) == 1 and last[0]["is_narrow"] and each["is_narrow"]:
            last.append(each)
        else:
            found.append([each])
    return found


def _crossed(table: Json) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the first dimension down and the second one across, without what there are no figures for."""
    down, across = table["dimensions"][0], table["dimensions"][1:]
    cells = {tuple(each["codes"]): each for each in table["cells"] if _is_collected(each)}
    columns: list[tuple[tuple[str, ...], str, bool]] = [
        ((code["code"],), code["label"], code["parent"] is not None)
        for each in across
        for code in each["codes"]
        if any(place[-1] == code["code"] for place in cells)
    ]
    columns = columns or [((), figure_title(table), True)]
    depths = _depths(down)
    found = [
        (code, [cells[code["code"], *column] for column, _, _ in columns])
        for code in down["codes"]
        if all((code["code"], *column) in cells for column, _, _ in columns)
    ]
    is_part = [part or len(columns) == 1 for _, _, part in columns]
    parts = [
        cell["value"] or 0
        for code, row in found
        if depths[code["code"]]
        for cell, part in zip(row, is_part, strict=True)
        if part
    ]
    most = max(parts, default=0)
    lines = [
        {
            "depth": depths[code["code"]],
            "cells": [code["label"], *(told(cell, table) for cell in row)],
            "shares": [
                round((cell["value"] or 0) / most, 3) if most and part and depths[code["code"]] else 0
                for cell, part in zip(row, is_part, strict=True)
            ],
        }
        for code, row in found
    ]
    return [down["title"], *(label for _, label, _ in columns)], lines


def _is_collected(cell: Json) -> bool:
    return bool(cell["status"] != Status.NOT_COLLECTED)


def _is_trend(table: Json) -> bool:
    """Tell whether a table tells of several quarters."""
    names = [each["name"] for each in table["dimensions"]]
    if QUARTER not in names:
        return False
    at = names.index(QUARTER)
    return len({cell["codes"][at] for cell in table["cells"] if _is_collected(cell)}) > 1


def _depths(dimension: Json) -> dict[str, int]:
    """Return how many codes lie above each code."""
    found: dict[str, int] = {}
    for each in dimension["codes"]:  # each directly above its own
        found[each["code"]] = 0 if each["parent"] is None else found[each["parent"]] + 1
    return found
