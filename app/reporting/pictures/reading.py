"""A frozen table as its pictures read it: its lowest codes, and one figure for each place. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

QUARTER = "quarter"
LONGEST = 46
"""Characters of a label in a picture."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One dimension: its title, and the codes that are not divided any further."""

    name: str
    title: str
    labels: Mapping[str, str]
    """Label of each lowest code, in the order of the catalogue."""


@dataclass(frozen=True, slots=True)
class Place:
    """One cell: where it lies, and what may be told of it."""

    codes: tuple[str, ...]
    status: str
    value: int | float | None
    is_rate: bool = False
    """Whether the figure is a quotient of two others."""


def axes(table: Mapping[str, Any]) -> list[Axis]:
    """Return the dimensions of a table, without totals and without codes that others divide."""
    return [Axis(each["name"], each["title"], _labels(each)) for each in table["dimensions"]]


def _labels(dimension: Mapping[str, Any]) -> dict[str, str]:
    divided = {code["parent"] for code in dimension["codes"]}
    short = {
        each["code"]: _short(each["label"]) for each in dimension["codes"] if each["code"] not in divided
    }
    often = Counter(short.values())
    return {code: f"{text} ({code})" if often[text] > 1 else text for code, text in short.items()}


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"


def places(table: Mapping[str, Any], along: Sequence[Axis]) -> list[Place]:
    """Return the cells of the lowest codes, in the order of the table."""
    return [
        Place(tuple(cell["codes"]), cell["status"], cell["value"], is_rate=table["quotient"] is not None)
        for cell in table["cells"]
        if all(code in axis.labels for code, axis in zip(cell["codes"], along, strict=True))
    ]


def told_medians(table: Mapping[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    """Return where a median is told, by the labels of the other dimensions' codes, and its band's label."""
    of = table.get("medians")
    if of is None:
        return []
    labels = {
        each["name"]: {code["code"]: code["label"] for code in each["codes"]} for each in table["dimensions"]
    }
    others = [each["name"] for each in table["dimensions"] if each["name"] != of["dimension"]]
    return [
        (
            tuple(labels[name][code] for name, code in zip(others, place["codes"], strict=True)),
            labels[of["dimension"]][place["code"]],
        )
        for place in of["places"]
        if place["code"] is not None
    ]
