"""Whether a code that was sent belongs to its vocabulary."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from app.catalogues.source import Entry, load_entries
from app.kit.errors import Invalid


@cache
def vocabulary(name: str) -> Mapping[str, Entry]:
    """Return the entries of a vocabulary by code; KeyError for an unknown vocabulary."""
    found = {entry.code: entry for entry in load_entries() if entry.vocabulary == name}
    if not found:
        raise KeyError(name)
    return MappingProxyType(found)


def require_code(name: str, code: str | None, place: str, *, on: date | None = None) -> None:
    """Raise 422 at this place unless the code is in the vocabulary (and valid on the day, when given)."""
    if code is None:
        return
    entry = vocabulary(name).get(code)
    if entry is None:
        raise Invalid.at(place, "unknown_code", f"This is no code of the vocabulary {name}.")
    if on is not None and not _valid(entry, on):
        raise Invalid.at(place, "code_not_valid", f"This code of {name} is not valid on that day.")


def _valid(entry: Entry, on: date) -> bool:
    begun = entry.valid_from is None or entry.valid_from <= on
    return begun and (entry.valid_to is None or on <= entry.valid_to)
