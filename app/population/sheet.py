"""A sheet of official figures as text, read and checked line by line. Pure."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.catalogues.check import vocabulary
from app.directory.schemas import Fault

TOWN, GROUP, AGE, PERSONS = "municipality", "nationality_group", "age_band", "persons"
COLUMNS = (TOWN, GROUP, AGE, PERSONS)
REQUIRED = (TOWN, GROUP, PERSONS)
LINES_AT_MOST = 20_000
MOST_PERSONS = 5_000_000
"""In one line: more than the largest city of the country has."""
Line = tuple[str, str, str | None, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The good lines, and every fault of the others."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


def read_sheet(text: str, towns: frozenset[str]) -> Sheet:
    """Read a sheet: comma or semicolon between columns, the header in any order; `towns` are the area's."""
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    header_line = text.split("\n", 1)[0]
    delimiter = ";" if header_line.count(";") > header_line.count(",") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: dict[tuple[str, str, str | None], Line] = {}
    faults: list[Fault] = []
    try:
        header = [column.strip() for column in next(rows, [])]
        faults.extend(_header_faults(header))
        for fields in () if faults else rows:
            if not any(field.strip() for field in fields):
                continue
            if len(lines) + len(faults) >= LINES_AT_MOST:
                faults.append(Fault(line=rows.line_num, field="line", kind="too_many_lines"))
                break
            found = _line(header, fields, towns)
            if isinstance(found, tuple) and found[:3] in lines:
                found = [(GROUP, "twice")]
            if isinstance(found, tuple):
                lines[found[:3]] = found
            else:
                faults.extend(Fault(line=rows.line_num, field=field, kind=kind) for field, kind in found)
    except csv.Error:
        faults.append(Fault(line=rows.line_num, field="line", kind="not_csv"))
    if not lines and not faults:
        faults.append(Fault(line=1, field="line", kind="no_lines"))
    return Sheet(tuple(lines.values()), tuple(faults))


def _header_faults(header: Sequence[str]) -> Iterator[Fault]:
    for column in REQUIRED:
        if column not in header:
            yield Fault(line=1, field=column, kind="column_missing")
    for number, column in enumerate(header, 1):
        if column not in COLUMNS:
            yield Fault(line=1, field=f"column {number}", kind="column_unknown")
        elif column in header[: number - 1]:
            yield Fault(line=1, field=column, kind="column_twice")


def _line(
    header: Sequence[str], fields: Sequence[str], towns: frozenset[str]
) -> Line | list[tuple[str, str]]:
    """Return a good line, or what is wrong with it: column and kind."""
    if len(fields) != len(header):
        return [("line", "columns_differ")]
    values = {column: field.strip() for column, field in zip(header, fields, strict=True)}
    faults = list(_faults(values, towns))
    if faults:
        return faults
    return values[TOWN], values[GROUP], values.get(AGE) or None, int(values[PERSONS])


def _faults(values: dict[str, str], towns: frozenset[str]) -> Iterator[tuple[str, str]]:
    for column in REQUIRED:
        if not values[column]:
            yield column, "missing"
    if values[TOWN] and values[TOWN] not in vocabulary("municipality"):
        yield TOWN, "unknown_code"
    elif values[TOWN] and values[TOWN] not in towns:
        yield TOWN, "not_in_the_area"
    if values[GROUP] and values[GROUP] not in vocabulary("nationality_group"):
        yield GROUP, "unknown_code"
    if values.get(AGE) and values[AGE] not in vocabulary("age_band"):
        yield AGE, "unknown_code"
    # Not with a dot or comma: 1.234 means something else in each language.
    if values[PERSONS] and not (values[PERSONS].isascii() and values[PERSONS].isdecimal()):
        yield PERSONS, "not_a_whole_number"
    elif values[PERSONS] and (
        len(values[PERSONS]) > len(str(MOST_PERSONS)) or int(values[PERSONS]) > MOST_PERSONS
    ):
        yield PERSONS, "too_many"
