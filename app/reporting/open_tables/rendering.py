"""Open tables as cells and renderings of a release, in the same form as all others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.reporting.catalogue import Table
from app.reporting.classes import Label
from app.reporting.ledger import Placed, written
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.open_tables.shape import Found, whole_grid
from app.reporting.rendering import render
from app.reporting.stated import Release, Rendered
from app.reporting.words import Words


@dataclass(frozen=True, slots=True)
class Unprotected:
    """One table of a release that is no subject of the protection: an open or a derived one."""

    table: Table
    cells: tuple[Placed, ...]
    rendered: Rendered


def open_tables(release: Release, found: Mapping[str, Found]) -> list[Unprotected]:
    """Return the tables that something was found for, in the order of the catalogue."""
    return list(_each(release, found))


def _each(release: Release, found: Mapping[str, Found]) -> Iterable[Unprotected]:
    for one in OPEN_TABLES:
        read = found.get(one.table.name)
        if read is None:
            continue
        every = one.classes(read.amounts)
        shown = whole_grid(one.table, read.amounts, every, release.quarter)
        cells = tuple((one.table.name, place, written(cell), cell) for place, cell in enumerate(shown.cells))
        stated = replace(release, words=_from(one.words, read.source), rules=None, hidden_share=0.0)
        yield Unprotected(one.table, cells, render(stated, one.table, shown, every))


def _from(words: Words, source: str | None) -> Words:
    if source is None:
        return words
    return replace(words, source=Label(f"{words.source.de}: {source}", f"{words.source.en}: {source}"))
