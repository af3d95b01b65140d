"""A release as one XLSX workbook: what it states, then a sheet for each table, a row for each cell.

Figures are numbers, percentages are of the format of percentages; what is suppressed is a word on grey.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from app.protection import Status
from app.reporting.cell_text import cell_text
from app.reporting.classes import Label
from app.reporting.numerals import RATE_IN_A_SHEET
from app.reporting.pictures.reading import told_medians
from app.reporting.pictures.times import when_of
from app.reporting.stated import STATED, STATUS, covered

_WORDS = {
    "area": Label("Kommune", "Municipality"),
    "period": Label("Zeitraum", "Period"),
    "sha256": Label("Prüfsumme (SHA-256) über alle Zellen", "Digest (SHA-256) of all cells"),
    **STATED,
    "k": Label("Schwelle (Personen)", "Threshold (persons)"),
    "k_sensitive": Label("Schwelle bei sensiblen Merkmalen", "Threshold for sensitive attributes"),
    "hidden_share": Label("Anteil gesperrter Zellen", "Share of suppressed cells"),
    "coverage": Label("Meldende", "Who reported"),
    "tables": Label("Tabellen", "Tables"),
    "value": Label("Anzahl", "Number"),
    "percent": Label("Anteil an Insgesamt", "Share of all"),
    "persons": Label("Personen", "Persons"),
    "quotient": Label("Wert", "Value"),
    "numerator": Label("Zähler", "Numerator"),
    "denominator": Label("Nenner", "Denominator"),
    "left_out": Label("Nicht in diesem Berichtsstand", "Not in this release"),
    "status": Label("Status", "Status"),
    "median": Label("Median", "Median"),
    "back": Label("Zur Übersicht", "To the overview"),
}
_GREY = PatternFill("solid", fgColor="D9D9D9")
_HEAD = PatternFill("solid", fgColor="DCE8F2")
_BOLD, _TITLE, _LINK = Font(bold=True), Font(bold=True, size=14), Font(color="0563C1", underline="single")
_WRAP = Alignment(wrap_text=True, vertical="top")
_LABEL_WIDTH, _FIGURE_WIDTH = 44, 16
_OVERVIEW = Label("Übersicht", "Overview")
_GAPS = "G"


class _Sheet:
    """A sheet that is written row by row; a text is a text, whatever it begins with."""

    def __init__(self, book: Workbook, title: str, widths: Sequence[int]) -> None:
        self.sheet: WriteOnlyWorksheet = book.create_sheet(title)
        for place, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(place)].width = width

    def row(self, *cells: object) -> None:
        self.sheet.append([each if isinstance(each, Cell) else self.cell(each) for each in cells])

    def cell(self, value: object, **style: Any) -> Cell:
        cell = WriteOnlyCell(self.sheet, cell_text(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            cell.data_type = "s"
        for name, each in style.items():
            setattr(cell, name, each)
        return cell

    def link(self, text: str, sheet: str) -> Cell:
        cell = self.cell(text, font=_LINK)
        cell.hyperlink = f"#'{sheet}'!A1"
        return cell


def workbook(of: Mapping[str, Any]) -> bytes:
    """Return the workbook of a release: `{language, sha256, content, tables, gaps}`.

    It is dated by the last day that it tells of: when a release was computed depends on hidden figures.
    """
    language, tables = of["language"], of["tables"]
    book = Workbook(write_only=True)
    book.properties.creator = "KIM"
    book.properties.title = cell_text(f"{of['content']['area']} {of['content']['period']['to']}")
    book.properties.created = datetime.fromisoformat(of["content"]["period"]["to"])
    _overview(book, of, language)
    for number, table in enumerate(tables, 1):
        _table(book, _name(number), table, language)
    if "gaps" in of:
        _gaps(book, of["gaps"], language)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _name(number: int) -> str:
    return f"T{number:02}"


def _overview(book: Workbook, of: Mapping[str, Any], language: str) -> None:
    content = of["content"]
    sheet = _Sheet(book, _OVERVIEW.text(language), (_LABEL_WIDTH, 110))
    sheet.row(sheet.cell(content["area"], font=_TITLE))
    period = f"{content['period']['from']} - {content['period']['to']}"
    stated = {"period": period, **{name: content[name] for name in ("unit", "source", "method", "note")}}
    thresholds = {name: content["thresholds"][name] for name in ("k", "k_sensitive")}
    rest = {
        "hidden_share": content["hidden_share"],
        "coverage": covered(content["coverage"], language),
        "sha256": of["sha256"],
    }
    for name, value in {**stated, **thresholds, **rest}.items():
        shown = sheet.cell(value, alignment=_WRAP)
        if name == "hidden_share":
            shown.number_format = "0.0%"
        sheet.row(sheet.cell(_WORDS[name].text(language), font=_BOLD, alignment=_WRAP), shown)
    sheet.row()
    sheet.row(sheet.cell(_WORDS["tables"].text(language), font=_BOLD))
    for number, table in enumerate(of["tables"], 1):
        sheet.row(sheet.link(_name(number), _name(number)), table["title"])
    if "gaps" in of:
        sheet.row(sheet.link(_GAPS, _GAPS), of["gaps"]["title"])
    _left_out(sheet, content["left_out"], language)


def _left_out(sheet: _Sheet, missing: Sequence[Mapping[str, str]], language: str) -> None:
    """Write which tables the release does not have, and why."""
    if missing:
        sheet.row()
        sheet.row(sheet.cell(_WORDS["left_out"].text(language), font=_BOLD))
    for each in missing:
        sheet.row(*(sheet.cell(each[word], alignment=_WRAP) for word in ("title", "explanation")))


def _gaps(book: Workbook, view: Mapping[str, Any], language: str) -> None:
    """Write needs beside offers, in a row for each topic and region."""
    figures = len(view["head"]) - view["labels"]
    sheet = _Sheet(book, _GAPS, [_LABEL_WIDTH] * view["labels"] + [_FIGURE_WIDTH] * figures)
    sheet.row(sheet.cell(view["title"], font=_TITLE))
    for name in ("definition", "note"):
        sheet.row(view[name])
    sheet.row(sheet.link(_WORDS["back"].text(language), _OVERVIEW.text(language)))
    sheet.row(*(sheet.cell(each, font=_BOLD, fill=_HEAD, alignment=_WRAP) for each in view["head"]))
    untold = STATUS[Status.SUPPRESSED].text(language)
    for row in view["rows"]:
        sheet.row(*(sheet.cell(each, fill=_GREY) if each == untold else each for each in row))


def _table(book: Workbook, name: str, table: Mapping[str, Any], language: str) -> None:
    dimensions = table["dimensions"]
    labels = [{code["code"]: code["label"] for code in each["codes"]} for each in dimensions]
    figures = _columns(table)
    sheet = _Sheet(book, name, [_LABEL_WIDTH] * len(dimensions) + [_FIGURE_WIDTH] * len(figures))
    when = f"{_WORDS['period'].text(language)}: {when_of(table, language)}"
    stated = [when, table["definition"], table["unit"], table["source"], table["note"]]
    sheet.row(sheet.cell(table["title"], font=_TITLE))
    for text in stated:
        sheet.row(text)
    sheet.row(sheet.link(_WORDS["back"].text(language), _OVERVIEW.text(language)))
    head = [each["title"] for each in dimensions] + [_WORDS[each].text(language) for each in figures]
    sheet.row(*(sheet.cell(each, font=_BOLD, fill=_HEAD, alignment=_WRAP) for each in head))
    top = len(stated) + 3
    sheet.sheet.freeze_panes = f"A{top + 1}"
    for cell in table["cells"]:
        where = [texts[code] for texts, code in zip(labels, cell["codes"], strict=True)]
        sheet.row(*where, *_figures(sheet, cell, language, figures))
    last = get_column_letter(len(head))
    sheet.sheet.auto_filter.ref = f"A{top}:{last}{top + len(table['cells'])}"
    _medians(sheet, table, language)


def _medians(sheet: _Sheet, table: Mapping[str, Any], language: str) -> None:
    """Write which medians are told below the figures that they are made of."""
    told = told_medians(table)
    if told:
        sheet.row()
        sheet.row(sheet.cell(_WORDS["median"].text(language), font=_BOLD))
    for where, band in told:
        sheet.row(*where, band)


def _columns(table: Mapping[str, Any]) -> list[str]:
    """Return what is written of each cell: a quotient has what it is made of, and is no share of a total."""
    if table["quotient"]:
        return ["quotient", "numerator", "denominator", "status"]
    with_persons = any(cell["persons"] for cell in table["cells"])
    return ["value", "percent", *(["persons"] if with_persons else []), "status"]


def _figures(sheet: _Sheet, cell: Mapping[str, Any], language: str, columns: Sequence[str]) -> list[Cell]:
    figure = _figure(sheet, cell["status"], cell["value"], language)
    if "quotient" in columns:
        figure.number_format = RATE_IN_A_SHEET
    persons, parts, share = cell["persons"] or {}, cell["parts"] or {}, cell["percent"]
    every = {
        "value": figure,
        "quotient": figure,
        "percent": sheet.cell(None if share is None else share / 100, number_format="0.0%"),
        "persons": _figure(sheet, persons.get("status"), persons.get("value"), language),
        "numerator": sheet.cell(parts.get("numerator")),
        "denominator": sheet.cell(parts.get("denominator")),
        "status": sheet.cell(STATUS[Status(cell["status"])].text(language)),
    }
    return [every[column] for column in columns]


def _figure(sheet: _Sheet, status: str | None, value: float | None, language: str) -> Cell:
    """Return a number, or a word on grey where there is none; empty where nothing was asked for."""
    if value is not None or status is None:
        return sheet.cell(value)
    return sheet.cell(STATUS[Status(status)].text(language), fill=_GREY)
