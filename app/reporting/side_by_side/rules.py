"""Which tables stand side by side. Pure."""

from collections.abc import Mapping
from functools import cache

from app.reporting.catalogue import TABLES, Table
from app.reporting.derived.every import DERIVED_TABLES
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.open_tables.shape import TOWN
from app.reporting.subjects.every import SUBJECTS
from app.reporting.words import OF_BARRIERS, Words


@cache
def comparable() -> Mapping[str, tuple[Table, Words]]:
    """Return all public tables whose classes are the same in every area, with their words: none by town."""
    own = [(table, OF_BARRIERS) for table in TABLES if table.is_public and not table.needs_regions]
    subjects = [
        (table, subject.words)
        for subject in SUBJECTS
        for table in subject.tables
        if table.is_public and not table.needs_regions
    ]
    opened = [(each.table, each.words) for each in OPEN_TABLES if TOWN not in each.table.levels]
    derived = [(each.table, each.words) for each in DERIVED_TABLES]
    return {table.name: (table, words) for table, words in (*own, *subjects, *opened, *derived)}
