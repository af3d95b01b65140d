"""Which tables stand side by side. Pure."""

from app.reporting.catalogue import TABLES
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.open_tables.population import BY_TOWN
from app.reporting.subjects.every import SUBJECTS


def comparable() -> frozenset[str]:
    """Return the names of all public tables whose classes are the same in every area: none by town."""
    own = {table.name for table in TABLES if table.is_public and not table.needs_regions}
    subjects = {table.name for subject in SUBJECTS for table in subject.tables if table.is_public}
    opened = {each.table.name for each in OPEN_TABLES} - {BY_TOWN.table.name}
    return frozenset(own | subjects | opened)
