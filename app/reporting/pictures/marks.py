"""What all charts are made of: their rows, axes and colours."""

from collections.abc import Sequence
from typing import Any

from app.protection import Status
from app.reporting.numerals import number, rate
from app.reporting.pictures.reading import Axis, Place
from app.reporting.stated import STATUS

Spec = dict[str, Any]

BLUE, GREY, INK = "#2b6ca3", "#d9d9d9", "#333333"
IS_TOLD: Spec = {"filter": "datum.value !== null"}
IS_HIDDEN: Spec = {"filter": "datum.status === 'suppressed'"}
WHOLE: Spec = {"format": "d", "tickMinStep": 1}
_PARTS = ("replace(format(datum.value, '.2~f'), '.', ',')", "format(datum.value, '.2~f')")


def rows(along: Sequence[Axis], cells: Sequence[Place], language: str) -> list[Spec]:
    """Return a row for each cell: `told` is written at `end`; `value` is null where nothing may be told."""
    return [
        {
            **{axis.name: axis.labels[code] for axis, code in zip(along, each.codes, strict=True)},
            "status": each.status,
            "value": each.value,
            "end": each.value or 0,
            "told": _told(each, language),
        }
        for each in cells
        if each.status != "not_collected"
    ]


def _told(place: Place, language: str) -> str:
    if place.value is None:
        return in_words(place.status, language)
    return (rate if place.is_rate else number)(place.value, language)


def in_words(status: str, language: str) -> str:
    """Return what stands where there is no figure: suppressed, or why a quotient is not computable."""
    return STATUS[Status(status)].text(language)


def axis_of(cells: Sequence[Place], language: str) -> Spec:
    """Return the axis of the figures: whole numbers, or decimals where some are not whole."""
    if all(each.value is None or each.value % 1 == 0 for each in cells):
        return WHOLE
    return {"labelExpr": _PARTS[0 if language == "de" else 1]}


def ordered(axis: Axis, title: str | None = "") -> Spec:
    return {
        "field": axis.name,
        "type": "nominal",
        "sort": list(axis.labels.values()),
        "title": axis.title if title == "" else title,
    }


def count(field: str = "value", **more: Any) -> Spec:
    return {"field": field, "type": "quantitative", **more}
