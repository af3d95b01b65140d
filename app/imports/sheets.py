"""Reading a sheet row by row: XLSX and CSV, in a process of its own whose memory and time are bounded.

Nothing is computed: a formula is marked as one. Cells keep the type that the sheet gives them.
"""

import csv
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from app.documents.inspection import Reason, Refused, kind_of
from app.imports.rules import MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED

MOST_SHEET_ROWS = 100_000
"""As far as anything is looked for, empty rows included."""
MOST_CELL = 20_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class SheetRefused(Exception):
    """The sheet cannot be read; `code` is one of `sentences.SHEET`, `field` the place in the mapping."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell that is not taken over: a formula, or an error of the spreadsheet."""

    kind: str


_UNUSABLE = {"f": "formula", "e": "error_value"}
"""Types of cells as the format names them."""
Value = str | int | float | bool | date | datetime | Unusable | None
Row = tuple[int, list[Value]]

_REASONS = {
    Reason.EMPTY: "sheet_empty",
    Reason.DAMAGED: "sheet_damaged",
    Reason.ENCRYPTED: "sheet_encrypted",
    Reason.ACTIVE: "sheet_active",
    Reason.BOMB: "sheet_bomb",
    Reason.AMBIGUOUS: "sheet_damaged",
    Reason.KIND: "sheet_kind",
}


def read_sheet(content: bytes, sheet: str | None = None) -> Iterator[Row]:
    """Yield number and cells of each row that is not empty, the headings first. Raises SheetRefused."""
    if not content:
        raise SheetRefused("sheet_empty")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-")):
        rows = _read_xlsx(content, sheet)
    else:
        rows = _read_csv(content)
    count = 0
    for number, cells in rows:
        if number > MOST_SHEET_ROWS:
            raise SheetRefused("too_many_rows")
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise SheetRefused("too_many_columns")
        if any(value not in (None, "") for value in cells):
            count += 1
            if count > MOST_ROWS + 1:
                raise SheetRefused("too_many_rows")
            yield number, cells


def _read_xlsx(content: bytes, sheet: str | None) -> Iterator[Row]:
    from openpyxl import load_workbook

    _look_at(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(
                io.BytesIO(content), read_only=True, data_only=False, keep_links=False, keep_vba=False
            )
            page = _page(book, sheet)
            page.reset_dimensions()
            for number, cells in enumerate(page.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
                yield number, [_value(cell) for cell in cells]
        except (SheetRefused, MemoryError):
            raise
        except Exception as error:
            raise SheetRefused("sheet_damaged") from error


def _look_at(content: bytes) -> None:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise SheetRefused("sheet_bomb")
        kind = kind_of(content)
    except Refused as refused:
        raise SheetRefused(_REASONS[refused.reason]) from None
    except BadZipFile:
        try:
            kind_of(content)
        except Refused as refused:
            raise SheetRefused(_REASONS[refused.reason]) from None
        raise SheetRefused("sheet_kind") from None
    if kind.code != "xlsx":
        raise SheetRefused("sheet_kind")


def _page(book: Any, name: str | None) -> Any:
    """Return the page that is meant: the named one, or the only one that is to be seen and not empty."""
    pages = [page for page in book.worksheets if page.sheet_state == "visible"]
    if name is not None:
        found = next(
            (page for page in pages if page.title.strip().casefold() == name.strip().casefold()), None
        )
        if found is None:
            raise SheetRefused("sheet_unknown", "sheet")
        return found
    filled = [page for page in pages if any(True for row in page.iter_rows(max_row=50, max_col=5)
              if any(cell.value is not None for cell in row))]  # fmt: skip
    if not filled:
        raise SheetRefused("sheet_empty")
    if len(filled) > 1:
        raise SheetRefused("sheet_ambiguous", "sheet")
    return filled[0]


def _value(cell: Any) -> Value:
    value = cell.value
    if cell.data_type in _UNUSABLE:
        return Unusable(_UNUSABLE[cell.data_type])
    if isinstance(value, str):
        if len(value) > MOST_CELL:
            raise SheetRefused("cell_too_long")
        return value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value, str(cell.number_format))
    return value if value is None or isinstance(value, (bool, datetime, date)) else str(value)


def _number(value: float, form: str) -> Value:
    """Return a number; with the leading zeros that its format shows, as a postcode has them."""
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    if isinstance(whole, int) and len(form) > 1 and set(form) == {"0"}:
        return f"{whole:0{len(form)}d}"
    return whole


def _read_csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [_text(value) for value in cells]
    except csv.Error as error:
        code = "cell_too_long" if "field limit" in str(error) else "sheet_damaged"
        raise SheetRefused(code) from None


def _text(value: str) -> Value:
    stripped = value.strip()
    return Unusable("formula") if stripped.startswith("=") else stripped


def _decoded(content: bytes) -> str:
    for encoding in ["utf-16"] if content.startswith(_UTF_16) else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise SheetRefused("sheet_kind")
        return text
    raise SheetRefused("sheet_encoding")


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {sign: _outside_quotes(first, sign) for sign in ";\t,"}
    return max(counts, key=lambda sign: counts[sign])


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])
