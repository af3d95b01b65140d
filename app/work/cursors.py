"""Places in the lists of this package: a moment or day, an id, and what comes in addition."""

import re
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from app.kit.errors import Invalid
from app.kit.pages import PageRequest

_CODE = re.compile(r"[a-z_0-9]{1,60}")
LARGEST = 1_000
"""Numbers in a cursor are places in our own lists."""


def _matched(part: str) -> str:
    if not _CODE.fullmatch(part):
        raise ValueError(part)
    return part


def _small(number: int) -> int:
    if not 0 <= number <= LARGEST:
        raise ValueError(number)
    return number


READERS: dict[str, Callable[[str], str]] = {
    "at": lambda part: datetime.fromisoformat(part).isoformat(),
    "day": lambda part: date.fromisoformat(part).isoformat(),
    "id": lambda part: str(UUID(part)),
    "code": _matched,
    "number": lambda part: str(_small(int(part))),
}


def place_of(page: PageRequest, *kinds: str | frozenset[str]) -> tuple[str, ...] | None:
    """Return the parts of the page's cursor; None for the first page.

    Each part is of a kind in READERS or one of a set of words. Raises `Invalid` for a foreign cursor.
    """
    parts = page.after(len(kinds))
    if parts is None:
        return None
    try:
        return tuple(_read(kind, part) for kind, part in zip(kinds, parts, strict=True))
    except ValueError:
        raise bad_cursor() from None


def bad_cursor() -> Invalid:
    """Return the error for a cursor of another list."""
    return Invalid.at("query.cursor", "cursor_invalid", "The cursor does not belong to this list.")


def _read(kind: str | frozenset[str], part: str) -> str:
    if isinstance(kind, str):
        return READERS[kind](part)
    if part not in kind:
        raise ValueError(part)
    return part
