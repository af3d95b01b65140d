"""A paper as an XLSX workbook: what it states, then a sheet for each section with a table.

Figures are numbers, amounts are numbers in euros, rates are shown with one decimal; a text is a text,
whatever it begins with.
"""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from app.reporting.cell_text import cell_text
from app.reporting.numerals import RATE_IN_A_SHEET
from app.reporting.paper.shape import Value

_BOLD, _TITLE = Font(bold=True), Font(bold=True, size=14)
_HEAD, _GREY = PatternFill("solid", fgColor="DCE8F2"), PatternFill("solid", fgColor="D9D9D9")
_LABEL_WIDTH, _FIGURE_WIDTH = 40, 16
_LONGEST_NAME = 28
_EUROS = '#,##0.00 "€"'
_UNTOLD = frozenset({"gesperrt", "suppressed"})


def paper_workbook(paper: Mapping[str, Any]) -> bytes:
    """Return the workbook of a paper."""
    book = Workbook()
    book.properties.creator = "KIM"
    book.properties.title = cell_text(f"{paper['title']}, {paper['area']}")
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = "Übersicht"
    _row(first, [f"{paper['title']}, {paper['area']}"], font=_TITLE)
    for fact in paper["facts"]:
        _row(first, fact)
    for section in paper["sections"]:
        for words in section["paragraphs"]:
            _row(first, [section["title"], words])
        for grid in section["tables"]:
            _sheet(book, section["title"], grid)
    _widen(first, (_LABEL_WIDTH, 110))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book: Workbook, title: str, grid: Mapping[str, Any]) -> None:
    name = "".join(" " if sign in r"\/*?:[]" else sign for sign in cell_text(title))[:_LONGEST_NAME]
    sheet = book.create_sheet(f"{len(book.sheetnames)} {name}")
    _row(sheet, grid["head"], font=_BOLD, fill=_HEAD)
    for row in grid["rows"]:
        _row(sheet, row)
    figures = len(grid["head"]) - grid["labels"]
    _widen(sheet, (_LABEL_WIDTH,) * grid["labels"] + (_FIGURE_WIDTH,) * figures)
    sheet.freeze_panes = "A2"


def _row(sheet: Worksheet, values: Sequence[Value], **style: Any) -> None:
    at = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for column, value in enumerate(values, 1):
        cell = sheet.cell(at, column)
        if isinstance(value, Mapping) and "rate" in value:
            cell.value, cell.number_format = value["rate"], RATE_IN_A_SHEET
        elif isinstance(value, Mapping):
            cell.value, cell.number_format = Decimal(int(value["cents"])) / 100, _EUROS
        else:
            cell.value = cell_text(value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"
            if value in _UNTOLD:
                cell.fill = _GREY
        for name, each in style.items():
            setattr(cell, name, each)


def _widen(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
