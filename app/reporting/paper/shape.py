"""What a paper is made of, and how its values are written in German. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from app.reporting.numerals import number, rate

Value = str | int | float | Mapping[str, float] | None
"""A text or a number; `{"cents": ...}` is an amount, `{"rate": ...}` a quotient."""


class Grid(TypedDict):
    """One table: `labels` is how many of its columns are words."""

    head: Sequence[str]
    rows: Sequence[Sequence[Value]]
    labels: int


class Section(TypedDict):
    """A heading and what stands under it."""

    title: str
    paragraphs: Sequence[str]
    tables: Sequence[Grid]


class Paper(TypedDict):
    """A whole paper."""

    title: str
    area: str
    facts: Sequence[Sequence[str]]
    sections: Sequence[Section]


def money(cents: int | None) -> Mapping[str, int] | None:
    """Return an amount as a value of a table."""
    return None if cents is None else {"cents": cents}


def written(value: Value) -> str:
    """Return a value as it is printed: 1.234,50 € for an amount, 6,5 for a number or a rate."""
    if isinstance(value, Mapping):
        if "rate" in value:
            return rate(value["rate"], "de")
        euros, rest = divmod(int(value["cents"]), 100)
        return f"{euros:,}".replace(",", ".") + f",{rest:02} €"
    if isinstance(value, int | float):
        return number(value, "de")
    return value or ""


def printed(paper: Mapping[str, Any]) -> dict[str, Any]:
    """Return a paper in which every value of a table is text."""
    sections = [
        {
            **section,
            "tables": [
                {**grid, "rows": [[written(each) for each in row] for row in grid["rows"]]}
                for grid in section["tables"]
            ],
        }
        for section in paper["sections"]
    ]
    return {**paper, "sections": sections}
