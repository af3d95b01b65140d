"""Where a body names what is not there: the place of a reference that the database refused.

The database says which column of which table found nothing, and never the value that it held.
"""

from collections.abc import Collection, Iterator
from itertools import takewhile
from typing import Any

_KEY = "_id"
_DEEPEST = 12
"""No body of ours has a reference further down; what is nested further is not looked at."""
Path = tuple[str, ...]


def column_of(table: str | None, constraint: str | None) -> str:
    """Return the column of a foreign key that is named as all are (`app.kit.tables`), otherwise nothing."""
    prefix = f"fk_{table}_"
    return constraint.removeprefix(prefix) if table and constraint and constraint.startswith(prefix) else ""


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
    """Yield every text of a body with the name of its field and its path."""
    if len(path) > _DEEPEST:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in fields:
                yield from _named(inner, fields, (*path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _named(inner, fields, (*path, str(number)))
    elif isinstance(value, str):
        name = next((part for part in reversed(path) if not part.isdigit()), "")
        yield name, path
