"""The demonstration's figures are dense enough to be looked at: every table of a release shows something.

Neither rules nor thresholds are others than everywhere. How much can be shown depends on the day of the first
start; the shares here hold on the day of the tests, with room below what was reached.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pytest

from app.protection import Status
from app.reporting.catalogue import SIGNALS, TABLES
from app.reporting.material import Computed
from app.reporting.open_tables.every import OPEN_TABLES
from app.reporting.rules import Scale
from app.reporting.subjects.every import SUBJECTS

OPEN = {each.table.name for each in OPEN_TABLES}
OF_BARRIERS = {each.name for each in TABLES}
LEAST = 0.1
"""Of a table by personal attributes, where zeros are hidden too, and of children who wait for school."""
LEAST_OF_BARRIERS, LEAST_OF_ALL = 0.7, 0.6
NOT_ENTERED = {"authority_stay_applied", "authority_stay_rejected"}
"""Figures that no authority of the demonstration has entered."""
SHOWN = (Status.PUBLISHED, Status.ZERO)


def statuses_of(release: Computed) -> dict[str, list[Status]]:
    """Return what became of the cells of each protected table that readers of the release are shown."""
    found = defaultdict(list)
    for table, _, _, cell in release.cells:
        if table not in OPEN and table != SIGNALS and cell.units.status is not Status.NOT_COLLECTED:
            found[table].append(cell.units.status)
    return dict(found)


def share(statuses: Iterable[Status]) -> float:
    """Return the share of the cells that are shown, or are zero and say so."""
    every = list(statuses)
    return sum(status in SHOWN for status in every) / len(every)


def too_sparse(tables: Mapping[str, Sequence[Status]]) -> set[str]:
    """Return the tables that show no figure, or less than is promised of their kind."""
    return {
        name
        for name, statuses in tables.items()
        if Status.PUBLISHED not in statuses
        or share(statuses) < (LEAST_OF_BARRIERS if name in OF_BARRIERS else LEAST)
    }


def test_no_table_is_too_sparse(release: Computed) -> None:
    assert too_sparse(statuses_of(release)) == set()


def test_most_cells_are_shown(release: Computed) -> None:
    every = [status for statuses in statuses_of(release).values() for status in statuses]
    assert share(every) >= LEAST_OF_ALL


def test_every_subject_and_open_table_of_a_small_area_is_told(release: Computed) -> None:
    small = {
        table.name for subject in SUBJECTS for table in subject.tables if table.scale is Scale.SMALL
    } - NOT_ENTERED
    assert small <= statuses_of(release).keys()
    assert {table for table, *_ in release.cells} >= OPEN


@pytest.mark.parametrize("name", ["types_by_quarter", "levels_by_quarter", "clients_age"])
def test_planted_table_that_hides_everything_is_found(release: Computed, name: str) -> None:
    tables = statuses_of(release)
    hidden = [Status.SUPPRESSED] * 9
    assert too_sparse({**tables, name: hidden}) == {name}
    assert too_sparse({**tables, name: [*hidden, Status.ZERO]}) == {name}
    assert too_sparse({**tables, "clients_age": [Status.PUBLISHED, *hidden]}) == set()
    assert too_sparse({**tables, "levels_by_quarter": [Status.PUBLISHED, *hidden]}) == {"levels_by_quarter"}
