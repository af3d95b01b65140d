"""Rows of a catalogue file as text that knows its file and line, so that every fault can be pointed at.

Technique only: which file holds which vocabulary is said in `source`.
"""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from types import MappingProxyType

VALIDITY = ("valid_from", "valid_to")


class CatalogueError(ValueError):
    """A catalogue file says something impossible; names the file and the line (the header is line 1)."""

    def __init__(self, file: str, line: int, fault: str) -> None:
        super().__init__(f"{file}, line {line}: {fault}")
        self.file = file
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a catalogue file, read column by column; each reading raises CatalogueError."""

    file: str
    line: int
    values: Mapping[str, str]

    def fault(self, sentence: str) -> CatalogueError:
        """Return the error that names this row."""
        return CatalogueError(self.file, self.line, sentence)

    def optional(self, column: str) -> str | None:
        """Return the text of a column, or nothing when it is empty or the file has no such column."""
        value = self.values.get(column, "")
        if value != value.strip():
            raise self.fault(f"{column} has blanks around it: {value!r}")
        return value or None

    def text(self, column: str) -> str:
        """Return the text of a column that may not be empty."""
        value = self.optional(column)
        if value is None:
            raise self.fault(f"{column} is empty")
        return value

    def flag(self, column: str) -> bool:
        """Return a boolean, written `true` or `false` and in no other way."""
        return self.choice(column, ("true", "false")) == "true"

    def number(self, column: str) -> int:
        """Return a number of things, not negative."""
        value = self.text(column)
        if not (value.isascii() and value.isdigit()):
            raise self.fault(f"{column} is no number: {value!r}")
        return int(value)

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """Return a text that is one of the allowed ones."""
        value = self.text(column)
        if value not in allowed:
            raise self.fault(f"{column} is {value!r}, but must be one of {', '.join(sorted(allowed))}")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        """Return the words of a column, in order, none twice; empty when the column is."""
        words = tuple((self.optional(column) or "").split())
        if len(words) != len(set(words)):
            raise self.fault(f"{column} names a word twice: {' '.join(words)}")
        return words

    def day(self, column: str) -> date | None:
        """Return a date written as 2026-08-01, or nothing when the column is empty or absent."""
        value = self.optional(column)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.fault(f"{column} is no date: {value!r}") from error


def read_rows(directory: Traversable, file: str, columns: Collection[str]) -> tuple[Row, ...]:
    """Read a file whose header holds exactly these columns, and `valid_from`, `valid_to` where it likes."""
    try:
        text = (directory / file).read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise CatalogueError(file, 1, "the file is missing") from error
    except UnicodeDecodeError as error:
        raise CatalogueError(file, 1, f"the file is not UTF-8 at byte {error.start}") from error
    rows = tuple(_rows(file, text, columns))
    if not rows:
        raise CatalogueError(file, 1, "the file has no entries")
    return rows


def _rows(file: str, text: str, columns: Collection[str]) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(lines, [])
        named = [column for column in header if column not in VALIDITY]
        if sorted(named) != sorted(columns) or len(header) != len(set(header)):
            raise CatalogueError(file, 1, f"the columns are {header}, but must be {list(columns)}")
        for fields in lines:
            if len(fields) != len(header):
                raise CatalogueError(
                    file, lines.line_num, f"{len(fields)} fields under {len(header)} columns"
                )
            yield Row(file, lines.line_num, MappingProxyType(dict(zip(header, fields, strict=True))))
    except csv.Error as error:
        raise CatalogueError(file, lines.line_num, f"the line is no CSV: {error}") from error
