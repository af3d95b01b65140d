"""Cells in writing: their keys, what the ledger learns of them, and the seal over all of them. Pure."""

import hashlib
from collections.abc import Sequence

import orjson

from app.protection import Cell, Key, Known, Status

Placed = tuple[str, int, str, Cell]
"""Table, place in its grid, key in writing, cell."""
Learned = tuple[str, int | None, int | None]
"""Key in writing, value, persons."""


def written(cell: Cell) -> str:
    """Return a cell's key in writing."""
    return in_writing(cell.key)


def in_writing(key: Key) -> str:
    """Return a key in writing: `barrier=A1&quarter=2026Q3`; empty for the whole year."""
    return "&".join(f"{name}={code}" for name, code in key)


def read_key(text: str) -> Key:
    """Return the key that was written."""
    pairs = (pair.partition("=") for pair in text.split("&") if pair)
    return tuple((name, code) for name, _, code in pairs)


def learned(known: Sequence[Known], cells: Sequence[Placed]) -> list[Learned]:
    """Return each cell of which more is shown than ever before."""
    before = {cell.key: (cell.value, cell.persons) for cell in known}
    now: dict[Key, Learned] = {}
    for _, _, text, cell in cells:
        if cell.units.status is not Status.NOT_COLLECTED:
            persons = cell.persons.value if cell.persons else now.get(cell.key, (None,) * 3)[2]
            now[cell.key] = (text, cell.units.value, persons)
    return [row for key, row in now.items() if _is_new(before.get(key), row[1:])]


def _is_new(before: tuple[int | None, int | None] | None, now: tuple[int | None, int | None]) -> bool:
    """Tell whether a cell was never there, or a figure of it was hidden and no longer is."""
    if before is None:
        return True
    return any(old is None and new is not None for old, new in zip(before, now, strict=True))


def digest(cells: Sequence[Placed]) -> str:
    """Return the SHA-256 over the canonical JSON of all cells: table, place, key, status, value, persons."""
    rows = [
        [name, place, key, cell.units.status, cell.units.value]
        + ([cell.persons.status, cell.persons.value] if cell.persons else [None, None])
        for name, place, key, cell in sorted(cells, key=lambda row: row[:2])
    ]
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()
