"""Figures: what statistics count of a report, who may read it, and how it follows corrections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.kit.database import System
from app.kit.roles import with_role
from tests import database
from tests.barriers.arrange import INTERFACE, at, file_barrier
from tests.cases.arrange import a_client, open_case
from tests.clients.arrange import new_client
from tests.conftest import Clock
from tests.world import Person, World

HOW_MANY_WAIT = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"


async def figures(world: World) -> list[dict[str, Any]]:
    rows = await world.admin.fetch(
        "SELECT * FROM barrier_figures WHERE municipal_area_id = $1 ORDER BY person_key", world.area
    )
    return [dict(row) for row in rows]


async def opened(world: World, **fields: Any) -> tuple[Person, str, str]:
    manager = await world.case_manager()
    client = await a_client(world, manager, **fields)
    return manager, client, await open_case(manager, client)


async def share_household(world: World, *clients: str) -> None:
    await world.admin.execute(
        "UPDATE clients SET household_key = $1 WHERE id = ANY ($2)", uuid4(), [UUID(each) for each in clients]
    )


@asynccontextmanager
async def reporting(world: World, database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the reporting role in this world's area."""
    connection = await asyncpg.connect(with_role(database_url, "kim_reporting", database.PASSWORD))
    async with connection.transaction():
        statement, arguments = System(world.area).statement()
        await connection.execute(statement, *arguments)
        yield connection
    await connection.close()


async def test_figure_counts_a_person_as_they_were_on_the_day_of_the_report(
    world: World, clock: Clock
) -> None:
    manager = await world.case_manager()
    client = await new_client(manager, birth_date="1990-05-17", sex="w", nationalities=["475"])
    case = await open_case(manager, client)
    await world.admin.execute(
        "UPDATE units SET municipality = '05170044' WHERE municipal_area_id = $1", world.area
    )
    jobcenter = await world.institution()
    at(world, clock, (2026, 9, 30, 22, 30), manager)
    made = await file_barrier(manager, case, institution_id=str(jobcenter), level="organisation")
    (figure,) = await figures(world)
    person = await world.admin.fetchrow(
        "SELECT pseudonym, household_key FROM clients WHERE id = $1", UUID(client)
    )
    assert figure.pop("id").version == 4
    assert figure == {
        "municipal_area_id": world.area,
        "report_id": UUID(made["id"]),
        "reported_on": date(2026, 10, 1),
        "quarter": "2026Q4",
        "year": 2026,
        "person_key": person["pseudonym"],
        "household_key": person["household_key"],
        "contributor_id": manager.user_id,
        "unit_id": await world.unit(),
        "municipality": "05170044",
        "institution_id": jobcenter,
        "institution_type": "jobcenter",
        "institution_group": "benefits",
        "interface_from": None,
        "interface_to": None,
        "barrier_type": "B1",
        "barrier_category": "B",
        "is_sensitive": False,
        "effect": "benefit_gap",
        "level": "organisation",
        "residence_group": "keine_angabe",
        "nationality_group": "syria",
        "age_band": "27-39",
        "sex": "w",
        "is_held": False,
    }


async def test_figure_of_an_interface_has_no_institution(world: World) -> None:
    manager, _, case = await opened(world)
    await file_barrier(manager, case, barrier_type="P1", interface=INTERFACE)
    (figure,) = await figures(world)
    assert (figure["interface_from"], figure["interface_to"]) == ("ASYLBLG", "SGB_II")
    assert (figure["institution_type"], figure["institution_group"]) == (None, None)
    assert figure["is_sensitive"] is True


async def test_each_person_of_a_report_has_one_figure(world: World) -> None:
    manager, client, case = await opened(world)
    child = await a_client(world, manager)
    await share_household(world, client, child)
    await file_barrier(manager, case, persons=[client, child, child])
    keys = {(each["person_key"], each["household_key"]) for each in await figures(world)}
    assert len(keys) == 2
    assert len({household for _, household in keys}) == 1


async def test_restricted_person_produces_no_figure_and_others_do(world: World) -> None:
    manager, client, case = await opened(world, restricted=True)
    sister = await a_client(world, manager)
    await share_household(world, client, sister)
    await file_barrier(manager, case)
    assert await figures(world) == []
    await file_barrier(manager, case, persons=[client, sister])
    assert len(await figures(world)) == 1


async def test_person_who_becomes_restricted_leaves_every_figure(world: World) -> None:
    manager, client, case = await opened(world)
    other = await a_client(world, manager)
    await file_barrier(manager, case)
    await file_barrier(manager, await open_case(manager, other))
    await world.admin.execute("UPDATE clients SET is_restricted = true WHERE id = $1", UUID(client))
    (left,) = await figures(world)
    key = await world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", UUID(other))
    assert left["person_key"] == key


async def test_report_that_is_filed_while_its_person_is_being_restricted_counts_nobody(world: World) -> None:
    manager, client, case = await opened(world)
    shelter = {"strand": "actual", "housing_type": "womens_shelter"}
    async with world.admin.transaction():
        # The report waits before it is written, after it has looked at the person.
        await world.admin.execute("LOCK TABLE barrier_reports IN SHARE MODE")
        filing = asyncio.create_task(file_barrier(manager, case))
        while await world.admin.fetchval(HOW_MANY_WAIT) < 1:  # noqa: ASYNC110
            await asyncio.sleep(0)
        moving = asyncio.create_task(manager.post(f"/v1/clients/{client}/addresses", shelter))
        while not moving.done() and await world.admin.fetchval(HOW_MANY_WAIT) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
    await filing
    assert (await moving).status_code == 201
    assert await figures(world) == []


async def test_two_records_that_prove_to_be_one_person_count_as_one(world: World) -> None:
    manager, client, case = await opened(world)
    double = await a_client(world, manager)
    await share_household(world, client, double)
    await file_barrier(manager, case, persons=[client, double])
    await file_barrier(manager, await open_case(manager, double))
    await world.admin.execute("UPDATE clients SET merged_into = $1 WHERE id = $2", UUID(client), UUID(double))
    left = await figures(world)
    key = await world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", UUID(client))
    assert [each["person_key"] for each in left] == [key, key]
    assert len({each["report_id"] for each in left}) == 2


async def test_record_merged_into_a_restricted_person_leaves_every_figure(world: World) -> None:
    manager, client, _ = await opened(world, restricted=True)
    double = await a_client(world, manager)
    await file_barrier(manager, await open_case(manager, double))
    await world.admin.execute("UPDATE clients SET merged_into = $1 WHERE id = $2", UUID(client), UUID(double))
    assert await figures(world) == []


async def test_erased_household_member_leaves_the_figures_of_anothers_report(world: World) -> None:
    manager, client, case = await opened(world)
    child = await a_client(world, manager)
    await share_household(world, client, child)
    await file_barrier(manager, case, persons=[client, child])
    await world.admin.execute("DELETE FROM clients WHERE id = $1", UUID(child))
    assert len(await figures(world)) == 1


async def test_figures_follow_a_correction_and_attributes_stay(world: World) -> None:
    manager, client, case = await opened(world)
    made = await file_barrier(manager, case, institution_id=str(await world.institution()))
    before = (await figures(world))[0]
    await world.admin.execute("UPDATE clients SET sex = 'd' WHERE id = $1", UUID(client))
    school = str(await world.institution("schule"))
    body = {"barrier_type": "J1", "institution_id": school, "effect": "delay", "level": "law"}
    await manager.patch(f"/v1/barriers/{made['id']}", body, if_match='"1"')
    (after,) = await figures(world)
    assert after == before | {
        "barrier_type": "J1",
        "barrier_category": "J",
        "is_sensitive": True,
        "institution_id": UUID(school),
        "institution_type": "schule",
        "institution_group": "education",
        "effect": "delay",
        "level": "law",
    }


async def test_figures_follow_the_persons_of_a_correction(world: World, clock: Clock) -> None:
    manager, client, case = await opened(world)
    child = await a_client(world, manager)
    await share_household(world, client, child)
    at(world, clock, (2026, 3, 31, 8), manager)
    made = await file_barrier(manager, case)
    at(world, clock, (2026, 4, 2, 8), manager)
    path = f"/v1/barriers/{made['id']}"
    changed = await manager.patch(path, {"persons": [child]}, if_match='"1"')
    assert (changed.json()["persons"], changed.json()["version"]) == ([child], 2)
    (figure,) = await figures(world)
    key = await world.admin.fetchval("SELECT pseudonym FROM clients WHERE id = $1", UUID(child))
    assert (figure["person_key"], figure["quarter"]) == (key, "2026Q1")


async def test_application_writes_figures_and_never_reads_them(world: World) -> None:
    manager, _, case = await opened(world)
    await file_barrier(manager, case)
    for statement in (
        "SELECT count(*) FROM barrier_figures",
        "SELECT id FROM barrier_figures",
        "UPDATE barrier_figures SET effect = 'none'",
        "DELETE FROM barrier_figures",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(manager) as db:
                await (await db.driver()).execute(statement)


async def test_figures_are_read_for_statistics_of_their_own_area_only(
    world: World, database_url: str
) -> None:
    manager, _, case = await opened(world)
    await file_barrier(manager, case)
    neighbour = await world.neighbour()
    for place, seen in ((world, 1), (neighbour, 0)):
        async with reporting(place, database_url) as connection:
            assert await connection.fetchval("SELECT count(*) FROM barrier_figures") == seen
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch("SELECT * FROM barrier_reports")


async def test_nobody_adds_to_or_corrects_the_figures_of_a_report_they_do_not_see(world: World) -> None:
    manager, _, case = await opened(world)
    made = UUID((await file_barrier(manager, case))["id"])
    colleague = await world.case_manager()
    foreign = """INSERT INTO barrier_figures (municipal_area_id, id, report_id, reported_on, quarter, year,
        person_key, household_key, contributor_id, unit_id, barrier_type, barrier_category, is_sensitive,
        effect, residence_group, nationality_group, sex)
        VALUES ($1, gen_random_uuid(), $2, '2026-01-01', '2026Q1', 2026, gen_random_uuid(),
        gen_random_uuid(), $3, $4, 'B1', 'B', false, 'none', 'duldung', 'syria', 'w')"""
    values = (world.area, made, manager.user_id, await world.unit())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(colleague) as db:
            await (await db.driver()).execute(foreign, *values)
    correct = (
        "SELECT correct_barrier_figures($1, '{}', NULL, NULL, NULL, 'A', 'B', 'B1', 'B', false, 'x', NULL)"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(colleague) as db:
            await (await db.driver()).execute(correct, made)
    async with world.sql(manager) as db:
        await (await db.driver()).execute(foreign, *values)
    assert len(await figures(world)) == 2


async def test_figure_cannot_claim_another_contributor_than_the_reports_author(world: World) -> None:
    manager, _, case = await opened(world)
    await file_barrier(manager, case)
    colleague = await world.case_manager()
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await world.admin.execute(
            "UPDATE barrier_figures SET contributor_id = $1 WHERE municipal_area_id = $2",
            colleague.user_id,
            world.area,
        )
