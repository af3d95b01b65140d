"""A chart of how cases lie between two legal domains: the one left and the one entered."""

from collections.abc import Sequence
from typing import Any

from app.reporting.pictures.marks import BLUE, INK, IS_HIDDEN, IS_TOLD, Spec, count, rows
from app.reporting.pictures.reading import Axis, Place

_NAMED = 12
"""So many of the widest lines have their number beside them; more would lie upon each other."""


def flow(along: Sequence[Axis], cells: Sequence[Place], language: str) -> Spec:
    """Return lines from the domain left to the one entered, as wide as the cases are many; dashed: hidden."""
    left, right = along
    at = [{code: place for place, code in enumerate(axis.labels)} for axis in along]
    shown = [each for each in cells if each.status in ("published", "suppressed")]
    widest = sorted((each.value or 0 for each in shown), reverse=True)[:_NAMED]
    lines = [
        {
            **row,
            "named": each.value is not None and each.value in widest,
            "left": at[0][each.codes[0]],
            "right": at[1][each.codes[1]],
            "middle": at[0][each.codes[0]] * 0.75 + at[1][each.codes[1]] * 0.25,
        }
        for each, row in zip(shown, rows(along, shown, language), strict=True)
    ]
    most = max(len(left.labels), len(right.labels))
    y = _hidden_axis(domain=[-0.5, most - 0.5], reverse=True)
    x = {"datum": 0, "type": "quantitative", "axis": None, "scale": {"domain": [-0.9, 1.9]}}
    line = {"x": x, "x2": {"datum": 1}, "y": {**y, "field": "left"}, "y2": {"field": "right"}}
    return {
        "data": {"values": lines},
        "width": 736,
        "height": 44 * most,
        "layer": [
            {
                "transform": [IS_HIDDEN],
                "mark": {"type": "rule", "color": "#999999", "strokeDash": [3, 4]},
                "encoding": line,
            },
            {
                "transform": [IS_TOLD],
                "mark": {"type": "rule", "color": BLUE, "opacity": 0.65},
                "encoding": {**line, "strokeWidth": count(legend=None, scale={"range": [1, 18]})},
            },
            {
                "transform": [{"filter": "datum.named"}],
                "mark": {"type": "text", "fontSize": 10, "fontWeight": "bold", "color": INK},
                "encoding": {
                    "x": {**x, "datum": 0.25},
                    "y": {**y, "field": "middle"},
                    "text": {"field": "told"},
                },
            },
            _names(left, {**x, "datum": -0.02}, y, "right"),
            _names(right, {**x, "datum": 1.02}, y, "left"),
        ],
    }


def _hidden_axis(**scale: Any) -> Spec:
    return {"type": "quantitative", "axis": None, "scale": {"zero": False, "nice": False, **scale}}


def _names(axis: Axis, x: Spec, y: Spec, align: str) -> Spec:
    """Return the names of one side of a flow, each at its place."""
    values = [{"name": label, "place": place} for place, label in enumerate(axis.labels.values())]
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": align, "color": INK},
        "encoding": {"x": x, "y": {**y, "field": "place"}, "text": {"field": "name"}},
    }
