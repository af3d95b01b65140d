"""A frozen table as head and rows of words, for a page; suppressed is a word. Pure, in German."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.protection import Status
from app.reporting.numerals import number, rate
from app.reporting.stated import STATUS

Row = tuple[str, ...]
WIDEST = 6
"""Columns that a page takes in."""


def grid(table: Mapping[str, Any]) -> tuple[list[str], list[Row], int]:
    """Return head, rows and how many columns are labels: crossed where a page takes it in, else a list."""
    rows = labelled(table)
    if len(table["dimensions"]) == 2:
        head, lines = crossed(table, rows)
        if len(head) <= WIDEST:
            return head, lines, 1
    head, lines = listed(table, rows)
    return head, lines, len(table["dimensions"])


def labelled(table: Mapping[str, Any]) -> list[Row]:
    """Return label after label and figure of each cell that there are figures for."""
    labels = [{code["code"]: code["label"] for code in each["codes"]} for each in table["dimensions"]]
    return [
        (*(texts[code] for texts, code in zip(labels, cell["codes"], strict=True)), told(cell, table))
        for cell in table["cells"]
        if cell["status"] != Status.NOT_COLLECTED
    ]


def listed(table: Mapping[str, Any], rows: Sequence[Row]) -> tuple[list[str], list[Row]]:
    """Return one line for each cell."""
    return [*(each["title"] for each in table["dimensions"]), figure_title(table)], list(rows)


def figure_title(table: Mapping[str, Any]) -> str:
    """Return what the figures of a table are called."""
    return "Wert" if table["quotient"] else "Anzahl"


def crossed(table: Mapping[str, Any], rows: Sequence[Row]) -> tuple[list[str], list[Row]]:
    """Return a table of two dimensions with the second one across."""
    across = list(dict.fromkeys(row[1] for row in rows))
    at = {row[:2]: row[2] for row in rows}
    down = dict.fromkeys(row[0] for row in rows)
    lines = [(label, *(at[label, each] for each in across)) for label in down]
    return [table["dimensions"][0]["title"], *across], lines


def told(cell: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """Return a figure of a table, or the word that stands for it."""
    if cell["value"] is None:
        return STATUS[Status(cell["status"])].de
    return (rate if table["quotient"] else number)(cell["value"], "de")
