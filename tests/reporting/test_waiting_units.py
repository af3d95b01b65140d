"""Whose the waiting lists are: told by who works in the units of an area, never by who waits there."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from app.kit.database import Database, System
from app.reporting.rules import Quarter
from app.reporting.subjects import waiting_list
from tests.reporting.casework import FIRST, IN_BETWEEN, LAST, Casework
from tests.state_exports.arrange import planted
from tests.world import World

QUARTER = Quarter.parse("2025Q3")
AFTER = date(2025, 10, 1)
HERE, THERE = uuid4(), uuid4()

Knows = Callable[[], Awaitable[Counter[str]]]


@pytest.fixture
def work(world: World) -> Casework:
    """An area of whose units one has case managers, and three wait on its list."""
    work = Casework(world)
    work.staff(HERE)
    work.staff(HERE, until=IN_BETWEEN)
    wait(work, HERE, 3)
    return work


def wait(work: Casework, unit: UUID, number: int) -> None:
    for _ in range(number):
        work.inquiry("waiting", None, since=FIRST, unit=unit)


@pytest.fixture
def knows(world: World, reporting_database: Database) -> Knows:
    """Return how many wait by who knows of them; `alone` for nobody but themselves."""

    async def read() -> Counter[str]:
        async with reporting_database.transaction(System(world.area)) as db:
            found = await waiting_list.read(await db.driver(), QUARTER)
        return Counter(str(unit.contributor).split(" ")[0] for unit in found.units)

    return read


ALONE, SEVERAL = {"alone": 3}, {str(HERE): 3}


@pytest.mark.parametrize("waiting", [0, 1, 20])
async def test_whoever_waits_elsewhere_changes_nothing_where_one_unit_has_case_managers(
    work: Casework, knows: Knows, waiting: int
) -> None:
    wait(work, THERE, waiting)
    await work.lay()
    assert await knows() == ALONE


@pytest.mark.parametrize(
    ("since", "until", "several"),
    [
        (date(2025, 1, 1), None, True), (LAST, None, True), (AFTER, None, False),
        (date(2025, 1, 1), LAST, False), (date(2025, 1, 1), AFTER, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("waiting", [0, 1])
async def test_unit_with_case_managers_on_the_last_day_makes_several(
    work: Casework, knows: Knows, since: date, until: date | None, several: bool, waiting: int
) -> None:
    work.staff(THERE, since, until)
    wait(work, THERE, waiting)
    await work.lay()
    there = {str(THERE): 1} if waiting else {}
    assert await knows() == ({**SEVERAL, **there} if several else ALONE)


async def test_units_of_another_area_are_none(work: Casework, knows: Knows) -> None:
    await work.lay()
    other = Casework(await work.world.neighbour())
    other.staff(THERE)
    await other.lay()
    assert await knows() == ALONE


async def test_list_of_a_unit_where_nobody_works_would_tell_it_by_subtraction(
    work: Casework, knows: Knows
) -> None:
    wait(work, THERE, 1)
    await work.lay()
    fault = ("(i.unit_id = COALESCE(", "(true OR i.unit_id = COALESCE(")
    async with planted(work.world, "waiting_inquiry_figures", *fault):
        assert await knows() == {"alone": 4}
