"""A table as CSV: one line a cell, each of which says for itself what it is. Pure."""

import csv
import io

from app.protection import Cell
from app.reporting.stated import STATUS, Whole, hidden_share

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a field that begins so for a formula."""


def csv_text(whole: Whole, language: str) -> str:
    """Return the lines of a table; semicolons between fields, as German spreadsheets have them."""
    release, shown, every = whole.release, whole.shown, whole.every
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "de" else ",", lineterminator="\r\n")
    names = [column for name in shown.dimensions for column in (name, f"{name}_label")]
    median = ["median", "median_label"] if whole.table.median else []
    parts = ["numerator", "denominator"] if whole.table.quotient else []
    writer.writerow(
        ["release_id", "municipal_area_id", "period_from", "period_to", "table", *names, "status",
         "status_label", "value", "percent", *parts, *median, "persons_status", "persons", "k",
         "k_sensitive", "hidden_share", "coverage", "note"]
    )  # fmt: skip
    days = [whole.table.first_day(release.quarter).isoformat(), release.quarter.last_day.isoformat()]
    before = [release.id, release.municipal_area_id, *days, whole.table.name]
    rules = release.rules
    after = [
        *((rules.k, rules.k_sensitive) if rules else (None, None)),
        hidden_share(shown.cells),
        rules and release.coverage,
    ]
    for cell, percent in zip(shown.cells, whole.percentages, strict=True):
        where = [
            text
            for name, code in zip(shown.dimensions, cell.codes, strict=True)
            for text in (code, every[name].label(code, language))
        ]
        what: list[object] = [cell.units.status, STATUS[cell.units.status].text(language)]
        what += [whole.told(cell.units.value), percent]
        what += (whole.parts or {}).get(cell.codes, ())
        line = [*before, *where, *what, *_median_columns(whole, cell, language), *_persons_columns(cell)]
        writer.writerow(
            [_field(field, language) for field in (*line, *after, release.words.note.text(language))]
        )
    return out.getvalue()


def _median_columns(whole: Whole, cell: Cell, language: str) -> list[str | None]:
    """Return the median's code and label in the line of the total that it is of."""
    of = whole.table.median
    if of is None:
        return []
    at = whole.shown.dimensions.index(of.dimension)
    others = (*cell.codes[:at], *cell.codes[at + 1 :])
    code = next((each.code for each in whole.medians if each.codes == others), None)
    if code is None or cell.codes[at] != of.below:
        return [None, None]
    return [code, whole.every[of.dimension].label(code, language)]


def _field(field: object, language: str) -> object:
    """Return a field as its readers' spreadsheets take it: German ones would read 12.5 as a date."""
    if isinstance(field, float) and language == "de":
        return str(field).replace(".", ",")
    return safe(field)


def _persons_columns(cell: Cell) -> tuple[object, object]:
    return (None, None) if cell.persons is None else (cell.persons.status, cell.persons.value)


def safe(field: object) -> object:
    """Return a field that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(field, str) and field.startswith(_FORMULA):
        return f"'{field}"
    return field
