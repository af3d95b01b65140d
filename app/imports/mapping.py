"""The mapping of a sheet: which heading stands for which field. Checked when announced, used in reading."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.imports.fields import FIELDS, Field, field_named
from app.imports.schemas import SheetMapping
from app.imports.sheets import SheetRefused
from app.kit.errors import FieldError, Invalid


def check_mapping(kind: str, mapping: SheetMapping) -> None:
    """Raise 422 for fields that this kind does not have, that stand twice, or that are missing."""
    errors = list(_faults(kind, mapping))
    if errors:
        raise Invalid("The mapping does not fit this kind of sheet.", code="mapping_wrong", errors=errors)


def _faults(kind: str, mapping: SheetMapping) -> Iterator[FieldError]:
    for part in ("columns", "constants", "values"):
        for name in getattr(mapping, part):
            if field_named(kind, name) is None:
                yield _error(f"{part}.{name}", "unknown_field", "There is no such field.")
    for name in sorted(mapping.columns.keys() & mapping.constants.keys()):
        yield _error(f"constants.{name}", "twice", "This field has a column already.")
    for field in FIELDS[kind]:
        if field.required and field.name not in mapping.columns.keys() | mapping.constants.keys():
            yield _error(f"columns.{field.name}", "missing", "This field is required.")
    if "key" in mapping.constants:
        yield _error("constants.key", "key_constant", "Each row has a key of its own.")


def _error(place: str, kind: str, message: str) -> FieldError:
    return FieldError(place=f"body.mapping.{place}", kind=kind, message=message)


@dataclass(frozen=True, slots=True)
class Column:
    """A field and where it stands in a row; without a place it is the constant."""

    field: Field
    place: int | None
    heading: str
    constant: str | None
    words: Mapping[str, str]

    def value(self, cells: Sequence[Any]) -> Any:
        """Return what stands in a row for this field."""
        if self.place is None:
            return self.constant
        return cells[self.place] if self.place < len(cells) else None


def columns_of(
    kind: str, mapping: SheetMapping, headings: Sequence[Any], *, is_template: bool = False
) -> list[Column]:
    """Return the columns of a sheet by its headings. Raises SheetRefused for one missing or doubled.

    Of the template's columns a sheet needs only those that are required.
    """
    places: dict[str, list[int]] = {}
    for place, heading in enumerate(headings):
        places.setdefault(_plain(heading), []).append(place)
    columns = []
    for field in FIELDS[kind]:
        heading = mapping.columns.get(field.name)
        words = {_plain(key): value for key, value in mapping.values.get(field.name, {}).items()}
        if heading is not None:
            found = places.get(_plain(heading), [])
            if is_template and not found and not field.required:
                continue
            if len(found) != 1:
                raise SheetRefused("heading_twice" if found else "heading_missing", f"columns.{field.name}")
            columns.append(Column(field, found[0], heading, None, words))
        elif field.name in mapping.constants:
            columns.append(Column(field, None, "", mapping.constants[field.name], words))
    return columns


def _plain(heading: Any) -> str:
    return " ".join(str("" if heading is None else heading).split()).casefold()
