"""Which tables stand side by side. Pure."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from app.reporting.catalogue import TABLES, Table
from app.reporting.derived.every import DERIVED_TABLES
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.open_tables.shape import TOWN
from app.reporting.subjects.every import SUBJECTS
from app.reporting.words import OF_BARRIERS, Words


@cache
def comparable() -> Mapping[str, tuple[Table, Words]]:
    """Return all public tables whose classes are the same in every area, with their words: none by town."""
    return {table.name: (table, words) for table, words in _public() if not _is_by_town(table)}


@cache
def by_town() -> frozenset[str]:
    """Return the names of the public tables by town, whose classes differ from area to area."""
    return frozenset(table.name for table, _ in _public() if _is_by_town(table))


def _is_by_town(table: Table) -> bool:
    return table.needs_regions or TOWN in table.levels


def _public() -> Iterator[tuple[Table, Words]]:
    own = ((table, OF_BARRIERS) for table in TABLES)
    subjects = ((table, subject.words) for subject in SUBJECTS for table in subject.tables)
    yield from ((table, words) for table, words in chain(own, subjects) if table.is_public)
    yield from ((each.table, each.words) for each in OPEN_TABLES)
    yield from ((each.table, each.words) for each in DERIVED_TABLES)
