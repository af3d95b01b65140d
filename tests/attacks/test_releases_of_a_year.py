"""Four releases and the year's totals, with corrections and erasures between: attacked together."""

from collections import defaultdict
from collections.abc import Sequence

import pytest

from app.protection import Finding, Known, Unit, attack
from app.reporting.classes import classes
from app.reporting.last_check import earlier
from app.reporting.material import Computed
from app.reporting.standing import passes
from tests.attacks.area import RULES, Area

QUARTERS = ("2025Q1", "2025Q2", "2025Q3", "2025Q4")


def everything_shown(releases: Sequence[Computed]) -> list[Known]:
    """Return each cell of all tables of all releases, the signals of the coordination among them."""
    told: dict[tuple[object, ...], Known] = {}
    for release in releases:
        for *_, cell in release.cells:
            if cell.units.status != "not_collected":
                persons = cell.persons.value if cell.persons else None
                told[cell.key, cell.units.value, persons] = Known(cell.key, cell.units.value, persons)
    return list(told.values())


def insiders(units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """Return what every case manager and every institution knows of a last quarter."""
    known: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        known[f"case manager {unit.contributor}"].append(unit)
        known[f"institution {unit.institution}"].append(unit)
    return known


def found(area: Area, releases: Sequence[Computed]) -> list[Finding]:
    """Return what anybody infers from all releases that could not be told for its own sake."""
    dimensions = [each.dimension for each in classes(2025, 4, area.regions).values()]
    fresh = [each for each in area.units if each.codes["quarter"] == QUARTERS[-1]]
    every = attack(
        [earlier(everything_shown(releases))],
        dimensions,
        k=RULES.k,
        k_sensitive=RULES.k_sensitive,
        k_insider=RULES.k_insider,
        own=insiders(fresh),
    )
    material = area.material(QUARTERS[-1])
    return [each for each in every if not passes(material.inside(each.key), RULES, RULES.k_sensitive)]


def a_year(area: Area) -> list[Computed]:
    """Release quarter after quarter while reports are corrected and persons erased."""
    releases = []
    for number, quarter in enumerate(QUARTERS):
        area.report(quarter)
        released = area.release(quarter)
        releases += [released] if isinstance(released, Computed) else []
        area.erase(0.05) if number % 2 else area.correct(0.05)
    return releases


@pytest.mark.slow
def test_nobody_infers_too_much_from_all_releases_of_a_year() -> None:
    area = Area(0)
    releases = a_year(area)
    assert len(releases) == len(QUARTERS)
    assert found(area, releases) == []


@pytest.mark.slow
def test_releases_that_do_not_know_of_each_other_are_seen_through() -> None:
    area = Area(1)
    releases = []
    for quarter in QUARTERS[:2]:
        area.report(quarter)
        area.known = []
        released = area.release(quarter)
        assert isinstance(released, Computed)
        releases.append(released)
        area.erase(0.2)
    later = area.release(QUARTERS[0])
    assert isinstance(later, Computed)
    with pytest.raises(ValueError, match="two values"):
        found(area, [*releases, later])
