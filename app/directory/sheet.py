"""A sheet of institutions as text, read and checked line by line. Pure: nothing here knows the database."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from app.catalogues.check import vocabulary
from app.directory.rules import address_of_shelter
from app.directory.schemas import Fault, InstitutionCreate

COLUMNS = ("name", "institution_type", "municipality", "street", "postcode", "phone", "email", "languages")
REQUIRED = ("name", "institution_type")
LINES_AT_MOST = 5000
_CODES = {"institution_type": "institution_type", "municipality": "municipality"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The good lines, and every fault of the others."""

    institutions: tuple[InstitutionCreate, ...]
    faults: tuple[Fault, ...]


def read_sheet(text: str) -> Sheet:
    """Read a sheet: comma or semicolon between columns, several languages of a line separated by blanks.

    The header names the columns in any order; `name` and `institution_type` must be there.
    """
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    institutions: list[InstitutionCreate] = []
    faults: list[Fault] = []
    try:
        header = [column.strip() for column in next(lines, [])]
        faults.extend(_header_faults(header))
        if faults:
            return Sheet((), tuple(faults))
        seen: set[str] = set()
        for fields in lines:
            if not any(field.strip() for field in fields):
                continue
            if len(institutions) + len(faults) >= LINES_AT_MOST:
                faults.append(Fault(line=lines.line_num, field="line", kind="too_many_lines"))
                break
            good, bad = _line(header, fields, lines.line_num, seen)
            institutions.extend(good)
            faults.extend(bad)
    except csv.Error:
        faults.append(Fault(line=lines.line_num, field="line", kind="not_csv"))
    return Sheet(tuple(institutions), tuple(faults))


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return ";" if header.count(";") > header.count(",") else ","


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
    header: Sequence[str], fields: Sequence[str], line: int, seen: set[str]
) -> tuple[list[InstitutionCreate], list[Fault]]:
    if len(fields) != len(header):
        return [], [Fault(line=line, field="line", kind="columns_differ")]
    values = {column: field.strip() for column, field in zip(header, fields, strict=True) if field.strip()}
    languages = values.pop("languages", "").split()
    try:
        institution = InstitutionCreate.model_validate({**values, "languages": languages})
    except ValidationError as error:
        return [], [
            Fault(line=line, field=str(entry["loc"][0]), kind=entry["type"]) for entry in error.errors()
        ]
    faults = [Fault(line=line, field=field, kind=kind) for field, kind in _contradictions(institution, seen)]
    seen.add(institution.name)
    return ([], faults) if faults else ([institution], [])


def _contradictions(institution: InstitutionCreate, seen: set[str]) -> Iterator[tuple[str, str]]:
    if institution.name in seen:
        yield "name", "twice"
    for field in address_of_shelter(institution.institution_type, institution.model_dump()):
        yield field, "address_of_shelter"
    for field, name in _CODES.items():
        code = getattr(institution, field)
        if code is not None and code not in vocabulary(name):
            yield field, "unknown_code"
    if any(code not in vocabulary("language") for code in institution.languages):
        yield "languages", "unknown_code"
