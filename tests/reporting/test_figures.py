"""What is counted: one person, type, kind of institution and interface, once a year, at the first report."""

import pickle
from contextlib import aclosing
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.kit.database import Database, System
from app.reporting.figures import read_figures
from app.reporting.parts import Figures
from app.reporting.rules import Quarter
from app.reporting.subjects.every import SUBJECTS
from tests.reporting.arrange import figures, insert
from tests.reporting.population import Population, Somebody
from tests.reporting.whole import whole_figures
from tests.world import World

PERSON = UUID(int=1)


async def report(world: World, day: str, **more: Any) -> None:
    """Insert one row of figures about one person, unless told otherwise."""
    when = date.fromisoformat(day)
    row = {
        "municipal_area_id": world.area, "unit_id": await world.unit(), "id": uuid4(), "report_id": uuid4(),
        "reported_on": when, "year": when.year, "quarter": f"{when.year}Q{(when.month + 2) // 3}",
        "person_key": PERSON, "household_key": PERSON, "contributor_id": UUID(int=2), "municipality": None,
        "institution_id": UUID(int=3), "institution_type": "jobcenter", "institution_group": "benefits",
        "interface_from": None, "interface_to": None, "barrier_type": "C1", "barrier_category": "C",
        "is_sensitive": False, "effect": "delay", "level": "organisation", "residence_group": "duldung",
        "nationality_group": "syria", "age_band": "27-39", "sex": "w", **more,
    }  # fmt: skip
    await insert(world.admin, "barrier_figures", [row])


async def read(world: World, reporting: Database, quarter: str = "2025Q4") -> Figures:
    return await whole_figures(reporting, world.area, Quarter.parse(quarter))


async def test_same_barrier_counts_once_a_year_in_the_quarter_of_its_first_report(
    world: World, reporting_database: Database
) -> None:
    await report(world, "2025-08-01", effect="debt")
    await report(world, "2025-02-03")
    await report(world, "2025-11-30")
    cases = (await read(world, reporting_database)).cases
    assert [(case.codes["quarter"], case.codes["effect"]) for case in cases] == [("2025Q1", "delay")]


async def test_attributes_are_those_of_the_first_report(world: World, reporting_database: Database) -> None:
    await report(world, "2025-02-03", residence_group="gestattung", age_band=None, sex="d", level=None)
    await report(world, "2025-05-03", residence_group="ae_humanitaer")
    [case] = (await read(world, reporting_database)).cases
    assert {name: case.codes[name] for name in ("residence", "age", "sex", "level", "region")} == {
        "residence": "gestattung", "age": "not_stated", "sex": "other", "level": "not_stated",
        "region": "area_wide",
    }  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"barrier_type": "C2"},
        {"institution_type": "sozialamt"},
        {"institution_type": None, "institution_id": None, "institution_group": None},
        {"interface_from": "ASYLBLG", "interface_to": "SGB_II"},
        {"person_key": UUID(int=9)},
    ],
)
async def test_what_differs_is_another_case(
    world: World, reporting_database: Database, other: dict[str, Any]
) -> None:
    await report(world, "2025-02-03")
    await report(world, "2025-02-04", **other)
    assert len((await read(world, reporting_database)).cases) == 2


async def test_two_institutions_of_one_kind_are_one_case(world: World, reporting_database: Database) -> None:
    await report(world, "2025-02-03")
    await report(world, "2025-02-04", institution_id=UUID(int=4))
    assert len((await read(world, reporting_database)).cases) == 1


async def test_next_year_counts_anew_and_later_quarters_not_yet(
    world: World, reporting_database: Database
) -> None:
    await report(world, "2024-12-31")
    await report(world, "2025-01-01")
    await report(world, "2025-09-30", barrier_type="C2")
    assert len((await read(world, reporting_database, "2025Q2")).cases) == 1
    assert len((await read(world, reporting_database, "2024Q4")).cases) == 1
    assert len((await read(world, reporting_database, "2025Q3")).cases) == 2


async def test_two_reports_of_one_day_count_alike_in_whatever_order_they_came(
    world: World, reporting_database: Database
) -> None:
    neighbour = await world.neighbour()
    first, second = {"effect": "debt"}, {"effect": "delay"}
    for more in (first, second):
        await report(world, "2025-02-03", **more)
    for more in (second, first):
        await report(neighbour, "2025-02-03", **more)
    here, there = [list((await read(each, reporting_database)).cases) for each in (world, neighbour)]
    assert here == there


async def test_figures_name_neither_person_nor_household(world: World, reporting_database: Database) -> None:
    contributor = UUID(int=2)
    await report(world, "2025-02-03", contributor_id=contributor)
    given = pickle.dumps(await read(world, reporting_database))
    assert str(PERSON).encode() not in given
    assert str(contributor).encode() in given  # who would be seen if persons were


async def test_no_transaction_waits_while_a_part_is_computed(
    world: World, reporting_database: Database
) -> None:
    async def waiting() -> int:
        count: int = await world.admin.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = 'kim_reporting' AND state = 'idle in transaction'"
        )
        return count

    async with aclosing(read_figures(reporting_database, world.area, Quarter(2025, 4))) as parts:
        assert [await waiting() async for _ in parts] == [0] * (len(SUBJECTS) + 3)
    async with reporting_database.transaction(System(world.area)):
        assert await waiting() == 1


async def test_whoever_may_not_read_figures_hears_so(world: World, worker_database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await read(world, worker_database)


async def test_area_sees_its_own_figures_only(world: World, reporting_database: Database) -> None:
    await report(await world.neighbour(), "2025-02-03")
    found = await read(world, reporting_database)
    assert (list(found.cases), found.coverage) == ([], "unknown")


async def test_size_counts_clients_in_support_and_reports_of_the_quarter(
    world: World, reporting_database: Database
) -> None:
    population = await figures(world, "2025Q3", population=Population(persons=40, case_managers=6))
    await figures(world, "2025Q4", population=population, reports=30)
    found = await read(world, reporting_database)
    assert (found.size.clients, found.size.reports, found.coverage) == (40, 30, "75_to_100")
    assert isinstance(population.people[0], Somebody)


async def test_days_of_the_offices_say_who_led_a_case_in_the_quarter(
    world: World, reporting_database: Database
) -> None:
    """At the end of June and September a day begins two hours before it does in UTC."""
    since, after = datetime(2025, 1, 7, tzinfo=UTC), datetime(2025, 9, 30, 22, 30, tzinfo=UTC)
    within, before = datetime(2025, 6, 30, 22, 30, tzinfo=UTC), datetime(2025, 6, 30, 21, 30, tzinfo=UTC)
    for begun, ended in ((since, within), (since, before), (after, None)):
        row = {"id": uuid4(), "user_id": uuid4(), "client_id": uuid4(), "case_id": uuid4(), "kind": "lead"}
        row |= {"unit_id": await world.unit(), "created_by": uuid4(), "active_from": begun}
        await insert(
            world.admin, "assignments", [{"municipal_area_id": world.area, **row, "active_until": ended}]
        )
    assert (await read(world, reporting_database, "2025Q3")).size.clients == 1


async def test_restricted_clients_count_nowhere(world: World, reporting_database: Database) -> None:
    await figures(world, "2025Q4", population=Population(persons=40, case_managers=6), reports=30)
    await world.admin.execute(
        "UPDATE assignments SET is_restricted = true WHERE municipal_area_id = $1", world.area
    )
    assert (await read(world, reporting_database)).size.clients == 0
