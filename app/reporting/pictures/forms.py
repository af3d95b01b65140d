"""Charts of one dimension, of two, and of one over the quarters."""

import re
from collections.abc import Sequence
from math import inf, isfinite

import orjson

from app.reporting.pictures.marks import (
    BLUE,
    GREY,
    INK,
    IS_HIDDEN,
    IS_TOLD,
    Spec,
    axis_of,
    count,
    ordered,
    rows,
)
from app.reporting.pictures.reading import Axis, Place

_STEP = 22
_COLUMN, _WORD = 64, 48
"""Pixels of a column of a heat map, and of one that has room for a word."""


def _from_zero(cells: Sequence[Place]) -> Spec:
    """Begin at zero, also where nothing but zeros may be told."""
    return {"zero": True} if any(each.value for each in cells) else {"domain": [0, 1]}


def ranking(axis: Axis, cells: Sequence[Place], language: str) -> Spec:
    """Return bars by size; what is suppressed comes after what is told, in the order of the catalogue."""
    scale = _from_zero(cells)
    ranked = sorted(cells, key=lambda each: (each.value is None, -(each.value or 0)))
    told = rows([axis], ranked, language)
    y = {**ordered(axis, None), "sort": [row[axis.name] for row in told]}
    return {
        "data": {"values": told},
        "width": 420,
        "height": {"step": _STEP},
        "encoding": {"y": y},
        "layer": [
            {
                "transform": [IS_TOLD],
                "mark": {"type": "bar", "color": BLUE},
                "encoding": {"x": count(title=None, axis=axis_of(cells, language), scale=scale)},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": INK},
                "encoding": {
                    "text": {"field": "told"},
                    "x": count("end", axis=None, scale=scale),
                },
            },
        ],
    }


def divided_down(along: Sequence[Axis]) -> Axis:
    """Return the axis that stands at the side of a heat map: the longer one."""
    return max(reversed(along), key=lambda axis: len(axis.labels))


def heat_map(along: Sequence[Axis], cells: Sequence[Place], language: str, width: float = inf) -> Spec:
    """Return a field of numbers, darker where they are higher; grey where nothing may be told.

    `width` are the pixels that all columns have together. In narrow ones a word is its first letter.
    """
    down = divided_down(along)
    (across,) = (axis for axis in along if axis is not down)
    most = max((each.value or 0 for each in cells), default=0)
    step = min(_COLUMN, int(width / max(len(across.labels), 1)) if isfinite(width) else _COLUMN)
    is_narrow = step < _WORD
    told = rows(along, cells, language)
    return {
        "data": {"values": [*map(_with_short, told)] if is_narrow else told},
        "width": {"step": step},
        "height": {"step": _STEP + 4},
        "encoding": {
            "x": {
                **ordered(across, None),
                "axis": {"orient": "top", "labelAngle": -90 if is_narrow else -40, "labelLimit": 180},
            },
            "y": ordered(down, None),
        },
        "layer": [
            {"mark": {"type": "rect", "color": GREY, "stroke": "white"}, "transform": [IS_HIDDEN]},
            {
                "transform": [IS_TOLD],
                "mark": {"type": "rect", "stroke": "white"},
                "encoding": {"color": count(legend=None, scale={"scheme": "blues", **_from_zero(cells)})},
            },
            {
                "mark": {"type": "text", "fontSize": 10},
                "encoding": {
                    "text": {"field": "short" if is_narrow else "told"},
                    "color": {
                        "condition": {"test": f"datum.end > {most / 2}", "value": "white"},
                        "value": INK,
                    },
                },
            },
        ],
    }


def _with_short(row: Spec) -> Spec:
    """Return a row with what a narrow column has room for: a figure, or the first letter of a word."""
    return {**row, "short": row["told"] if row["value"] is not None else row["told"][0]}


def trend(along: Sequence[Axis], cells: Sequence[Place], language: str) -> Spec:
    """Return a small chart for each class, a bar for each quarter, and a word where one is hidden."""
    scale = _from_zero(cells)
    of, quarters = along
    told = [label for code, label in quarters.labels.items() if any(code == each.codes[-1] for each in cells)]
    x = {**ordered(quarters, None), "sort": told, "axis": {"labelAngle": 0, "labelExpr": _short_of(quarters)}}
    return {
        "data": {"values": rows(along, cells, language)},
        "columns": 3,
        "facet": {**ordered(of, None), "header": {"labelLimit": 240, "labelAnchor": "start"}},
        "spec": {
            "width": 228,
            "height": 70,
            "encoding": {"x": x},
            "layer": [
                {
                    "transform": [IS_TOLD],
                    "mark": {"type": "bar", "color": BLUE},
                    "encoding": {"y": count(title=None, axis=axis_of(cells, language), scale=scale)},
                },
                {
                    "mark": {"type": "text", "dy": -6, "fontSize": 10, "color": INK},
                    "encoding": {
                        "text": {"field": "told"},
                        "y": count("end", axis=None, scale=scale),
                    },
                },
            ],
        },
    }


def _short_of(quarters: Axis) -> str:
    """Return the expression by which `2025Q3` is written `Q3/2025`: four stand below one small chart."""
    short = {label: "/".join(reversed(re.split("(?=Q)", code))) for code, label in quarters.labels.items()}
    return f"({orjson.dumps(short).decode()})[datum.label]"
