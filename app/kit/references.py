"""Where a body names what the database refused: a reference to nothing, or what is there already.

The database says which column of which table found nothing, or which rule was broken, and never the value.
"""

from collections.abc import Collection, Iterator
from itertools import takewhile
from typing import Any

from sqlalchemy import Column, UniqueConstraint

from app.kit.tables import TENANT, Table

_KEY = "_id"
_DEEPEST = 12
"""No body of ours has a reference further down; what is nested further is not looked at."""
Path = tuple[str, ...]


def column_of(table: str | None, constraint: str | None) -> str:
    """Return the column of a foreign key that is named as all are (`app.kit.tables`), otherwise nothing."""
    prefix = f"fk_{table}_"
    return constraint.removeprefix(prefix) if table and constraint and constraint.startswith(prefix) else ""


def unique_columns(table: str | None, rule: str | None) -> tuple[str, ...]:
    """Return the columns that are unique together by a rule of a table, without the area.

    Nothing for another kind of rule, and for one that compares more than columns.
    """
    known = Table.metadata.tables.get(table or "")
    if known is None or rule is None:
        return ()
    compared: dict[Any, list[Any]] = {
        **{each.name: list(each.columns) for each in known.constraints if isinstance(each, UniqueConstraint)},
        **{each.name: list(each.expressions) for each in known.indexes if each.unique},
    }
    parts = compared.get(rule, [])
    if not all(isinstance(part, Column) for part in parts):
        return ()
    return tuple(part.name for part in parts if part.name != TENANT)


def place_of_value(body: Any, columns: Collection[str], fields: Collection[str]) -> str | None:
    """Return where a body says the one of several columns that it says, at one place; None otherwise.

    What the address names is no field, so of a name within an institution the name is left.
    """
    found = [path for name, path in _named(body, fields, ("body",)) if name in columns]
    return ".".join(found[0]) if len(found) == 1 else None


def place_of(body: Any, column: str, fields: Collection[str]) -> str | None:
    """Return where a body names what a column refers to, as `body.memberships.0.unit_id`.

    Of several it is what they have in common, such as their list. A field of another name is meant only where
    it is the one reference of the body. None when that says nothing; no name is repeated that is no field.
    """
    named = list(_named(body, fields, ("body",)))
    found = [path for name, path in named if name in (column, f"{column}s")]
    if not found:
        others = [path for name, path in named if name.endswith((_KEY, f"{_KEY}s"))]
        found = others if len(others) == 1 else []
    place = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, zip(*found, strict=False))]
    return ".".join(place) if len(place) > 1 else None


def _named(value: Any, fields: Collection[str], path: Path) -> Iterator[tuple[str, Path]]:
    """Yield every text and number of a body with the name of its field and its path."""
    if len(path) > _DEEPEST:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in fields:
                yield from _named(inner, fields, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _named(inner, fields, (*path, str(number)))
    elif isinstance(value, str | int) and not isinstance(value, bool):
        name = next((part for part in reversed(path) if not part.isdigit()), "")
        yield name, path
