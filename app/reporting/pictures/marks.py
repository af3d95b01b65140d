"""What all charts are made of: their rows, axes and colours."""

from collections.abc import Sequence
from typing import Any

from app.reporting.classes import Label
from app.reporting.pictures.reading import Axis, Place

Spec = dict[str, Any]

BLUE, GREY, INK = "#2b6ca3", "#d9d9d9", "#333333"
IS_TOLD: Spec = {"filter": "datum.value !== null"}
IS_HIDDEN: Spec = {"filter": "datum.status === 'suppressed'"}
WHOLE: Spec = {"format": "d", "tickMinStep": 1}
SUPPRESSED = Label("gesperrt", "suppressed")


def rows(along: Sequence[Axis], cells: Sequence[Place], language: str) -> list[Spec]:
    """Return a row for each cell: `told` is written at `end`; `value` is null where nothing may be told."""
    suppressed = SUPPRESSED.text(language)
    return [
        {
            **{axis.name: axis.labels[code] for axis, code in zip(along, each.codes, strict=True)},
            "status": each.status,
            "value": each.value,
            "end": each.value or 0,
            "told": str(each.value) if each.value is not None else suppressed,
        }
        for each in cells
        if each.status != "not_collected"
    ]


def ordered(axis: Axis, title: str | None = "") -> Spec:
    return {
        "field": axis.name,
        "type": "nominal",
        "sort": list(axis.labels.values()),
        "title": axis.title if title == "" else title,
    }


def count(field: str = "value", **more: Any) -> Spec:
    return {"field": field, "type": "quantitative", **more}
