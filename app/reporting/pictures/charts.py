"""Charts as Vega-Lite specifications (https://vega.github.io/vega-lite/) with the data inside.

A table's form decides its chart: one dimension is ranked, quarters make a trend, leaving and entering a
legal domain make a flow, any other two dimensions a heat map. What is suppressed is never drawn as zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.reporting.classes import Label
from app.reporting.pictures.flow import flow
from app.reporting.pictures.forms import divided_down, heat_map, ranking, trend
from app.reporting.pictures.marks import INK, Spec
from app.reporting.pictures.reading import QUARTER, Axis, Place, axes, places
from app.reporting.pictures.room import ENDLESS, Room, largest
from app.reporting.pictures.times import when_of

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_NOT_ZERO = Label("gesperrt heißt nicht null", "suppressed does not mean zero")
_LONG = 20
"""An axis of more codes is shown without those that are empty."""
_FLOW = ("interface_from", "interface_to")


def chart(table: Mapping[str, Any], language: str, room: Room = ENDLESS) -> Spec:
    """Return the chart of a table as it was frozen, in the language in which the table is given.

    Where there is less room than rows it has the largest of them (`largest`).
    """
    along = axes(table)
    cells = places(table, along)
    when = when_of(table, language)
    along, cells, alone = _without_single(along, cells)
    when = "; ".join([when, *alone])
    names = tuple(axis.name for axis in along)
    if names == _FLOW:
        body = flow(along, cells, language)
    elif names[-1] == QUARTER and len(names) > 1:
        told = _told_quarters(along, cells)
        if len(names) == 2 and len(told) > 1:
            shown = [each for each in cells if each.codes[-1] in told]
            body = trend(*largest(along, shown, 0, room.trends), language)
        else:
            last = [each for each in cells if each.codes[-1] == told[-1]] if told else []
            when = along[-1].labels[told[-1]] if told else when
            body = _of_form(along[:-1], [_without_quarter(each) for each in last], language, room)
    else:
        body = _of_form(along, cells, language, room)
    return {**frame(table, when, language), **body}


def _without_single(
    along: Sequence[Axis], cells: Sequence[Place]
) -> tuple[list[Axis], list[Place], list[str]]:
    """Return axes and cells without the axes of one class, and what these classes are called."""
    many = [at for at, axis in enumerate(along) if len(axis.labels) > 1] or [0]
    alone = [label for at, axis in enumerate(along) if at not in many for label in axis.labels.values()]
    kept = [replace(each, codes=tuple(each.codes[at] for at in many)) for each in cells]
    return [along[at] for at in many], kept, alone


def _of_form(along: Sequence[Axis], cells: Sequence[Place], language: str, room: Room) -> Spec:
    along = [_without_empty(axis, at, cells) for at, axis in enumerate(along)]
    cells = [
        each
        for each in cells
        if all(code in axis.labels for code, axis in zip(each.codes, along, strict=True))
    ]
    if len(along) == 1:
        (axis,), cells = largest(along, cells, 0, room.bars)
        return ranking(axis, cells, language)
    along, cells = largest(along, cells, along.index(divided_down(along)), room.lines)
    return heat_map(along, cells, language, room.columns)


def _without_empty(axis: Axis, at: int, cells: Sequence[Place]) -> Axis:
    """Return a long axis without the codes of which there is nothing but zeros: the table has them."""
    if len(axis.labels) <= _LONG:
        return axis
    filled = {each.codes[at] for each in cells if each.value or each.status == "suppressed"}
    labels = {code: label for code, label in axis.labels.items() if code in filled}
    return Axis(axis.name, axis.title, labels) if labels else axis


def _told_quarters(along: Sequence[Axis], cells: Sequence[Place]) -> list[str]:
    told = {each.codes[-1] for each in cells if each.status != "not_collected"}
    return [code for code in along[-1].labels if code in told]


def _without_quarter(place: Place) -> Place:
    return replace(place, codes=place.codes[:-1])


def frame(table: Mapping[str, Any], when: str, language: str) -> Spec:
    """Return what every chart states: area, time, unit, and that suppressed is not zero."""
    return {
        "$schema": SCHEMA,
        "description": f"{table['title']}. {table['definition']} {table['note']}",
        "title": {
            "text": table["title"],
            "subtitle": [
                f"{table['area']}, {when}" + (f"; {_NOT_ZERO.text(language)}" if table["thresholds"] else ""),
                f"{table['unit']}",
            ],
            "anchor": "start",
            "offset": 12,
            "limit": 760,
        },
        "background": "white",
        "padding": 12,
        "config": {
            "font": "sans-serif",
            "axis": {"labelLimit": 320, "labelColor": INK, "titleColor": INK, "grid": False},
            "title": {"fontSize": 15, "subtitleFontSize": 10, "subtitleColor": "#666666"},
            "view": {"stroke": None},
        },
    }
