"""How much of a chart a page takes in with letters that can be read, and what is left out of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from app.reporting.pictures.reading import Axis, Place, axes, places


@dataclass(frozen=True, slots=True)
class Room:
    """The rows that each form of a chart may have, and the pixels of all columns of a heat map."""

    bars: float
    lines: float
    trends: float
    columns: float


ENDLESS = Room(inf, inf, inf, inf)
PAGE = Room(bars=36, lines=26, trends=21, columns=470)
"""What stands on a page of A4 with letters of 6 points and more, where a letter of a chart has 10 pixels."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Rows of a table that its chart does not have."""

    rows: int
    hidden: int
    """So many of them tell no figure, since all are suppressed."""


def largest(
    along: Sequence[Axis], cells: Sequence[Place], at: int, most: float
) -> tuple[list[Axis], list[Place]]:
    """Return axes and cells with so many codes of one axis: those of the largest figures, hidden last."""
    axis = along[at]
    if len(axis.labels) <= most:
        return [*along], [*cells]
    told = dict.fromkeys(axis.labels, 0.0)
    for each in cells:
        told[each.codes[at]] += each.value or 0
    kept = sorted(told, key=lambda code: -told[code])[: int(most)]
    labels = {code: label for code, label in axis.labels.items() if code in kept}
    shown = [Axis(axis.name, axis.title, labels) if each is axis else each for each in along]
    return shown, [each for each in cells if each.codes[at] in labels]


def missing(table: Mapping[str, Any], spec: Mapping[str, Any]) -> Missing:
    """Return how many rows of a table its chart leaves out; a flow leaves out none."""
    by = spec.get("facet") or spec.get("encoding", {}).get("y")
    if by is None:
        return Missing(0, 0)
    along = axes(table)
    at = [axis.name for axis in along].index(by["field"])
    drawn = {row[by["field"]] for row in spec["data"]["values"]}
    collected: dict[str, list[str]] = {}
    for each in places(table, along):
        if each.status != "not_collected" and along[at].labels[each.codes[at]] not in drawn:
            collected.setdefault(each.codes[at], []).append(each.status)
    hidden = sum(set(statuses) == {"suppressed"} for statuses in collected.values())
    return Missing(len(collected), hidden)
