"""Who reads what: coordinators protected cells, others what is published, the Land all areas' releases."""

import io
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
from openpyxl import load_workbook

from app.access.roles import Role
from app.kit.database import System
from tests.reporting.arrange import Office, figures
from tests.world import Person, World


@pytest.fixture
async def state_viewer(world: World) -> Person:
    """Somebody of the Land."""
    land = World(world.app, world.admin)
    land.area = "NRW"
    world._open.push_async_callback(land._open.aclose)
    return await land.person(Role.STATE_VIEWER, unit=f"MKJFGFI {uuid4()}")


@pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.ASSISTANT])
async def test_others_of_the_area_read_only_what_is_published(office: Office, role: Role) -> None:
    await figures(office.world)
    reader = await office.world.person(role)
    release_id = await office.computed()
    table = f"/v1/releases/{release_id}/tables/categories_by_quarter"
    assert (await reader.get("/v1/releases")).json()["items"] == []
    assert (await reader.get(f"/v1/releases/{release_id}")).status_code == 404
    assert (await reader.get(table)).status_code == 404
    await office.second.post(f"/v1/releases/{release_id}/publish")
    listed = (await reader.get("/v1/releases")).json()["items"]
    assert [(each["id"], each["state"]) for each in listed] == [(release_id, "published")]
    assert (await reader.get(table)).json() == (await office.first.get(table)).json()


async def test_signals_stay_with_the_coordination(office: Office) -> None:
    await figures(office.world)
    release_id = await office.published()
    steering = await office.world.person(Role.STEERING_MEMBER)
    assert (await steering.get(f"/v1/releases/{release_id}/tables/signals")).status_code == 404
    assert (await office.second.get(f"/v1/releases/{release_id}/tables/signals")).status_code == 200


TIMES = ("requested_at", "computed_at")


@pytest.mark.parametrize("role", [Role.STEERING_MEMBER, Role.ASSISTANT, Role.STATE_VIEWER])
async def test_only_coordinators_are_told_when_a_release_was_computed(
    office: Office, state_viewer: Person, role: Role
) -> None:
    await figures(office.world)
    path = f"/v1/releases/{await office.published()}"
    reader = state_viewer if role is Role.STATE_VIEWER else await office.world.person(role)
    for told in ((await reader.get(path)).json(), *(await reader.get("/v1/releases")).json()["items"]):
        assert not set(TIMES) & set(told)
        assert told["published_at"]
    for coordinator in (office.first, office.second):
        told = (await coordinator.get(path)).json()
        assert None not in [told[each] for each in TIMES]


async def test_copy_of_a_published_release_does_not_know_when_it_was_computed(world: World) -> None:
    names = await world.admin.fetch(
        """SELECT column_name FROM information_schema.columns
        WHERE table_name IN ('published_releases', 'published_tables')"""
    )
    assert "published_at" in {row[0] for row in names}
    assert not set(TIMES) & {row[0] for row in names}


async def test_workbook_is_dated_by_the_days_it_tells_of(office: Office) -> None:
    await figures(office.world)
    steering = await office.world.person(Role.STEERING_MEMBER)
    made = await steering.get(f"/v1/releases/{await office.published()}/workbook")
    of = load_workbook(io.BytesIO(made.content)).properties
    assert of.created.date() == date(2025, 9, 30)


async def test_coordinator_sees_a_published_release_once(office: Office) -> None:
    await figures(office.world)
    release_id = await office.published()
    listed = (await office.first.get("/v1/releases")).json()["items"]
    assert [(each["id"], each["state"]) for each in listed] == [(release_id, "published")]


async def test_land_reads_published_releases_of_all_areas_and_nothing_else(
    office: Office, state_viewer: Person
) -> None:
    neighbour = await office.world.neighbour()
    other = await Office(neighbour, office.worker, office.reporting).open()
    await figures(office.world)
    await figures(neighbour)
    published, there = await office.published("2025Q2"), await other.published()
    unpublished = await office.computed("2025Q3")
    listed = {each["id"] for each in (await state_viewer.get("/v1/releases", limit=200)).json()["items"]}
    assert {published, there} <= listed
    assert unpublished not in listed
    table = await office.table(published, "categories_by_quarter", state_viewer)
    assert table["municipal_area_id"] == office.world.area
    assert (await state_viewer.get("/v1/signals")).status_code == 403
    async with office.world.sql(state_viewer) as db:
        driver = await db.driver()
        for name in ("releases", "release_cells", "release_tables"):
            assert await driver.fetchval(f"SELECT count(*) FROM {name}") == 0


async def test_neighbour_reads_nothing_of_the_area(office: Office) -> None:
    await figures(office.world)
    release_id = await office.published()
    stranger = await (await office.world.neighbour()).person(Role.COORDINATOR)
    assert (await stranger.get("/v1/releases")).json()["items"] == []
    assert (await stranger.get(f"/v1/releases/{release_id}")).status_code == 404
    assert (await stranger.post(f"/v1/releases/{release_id}/publish")).status_code == 404
    assert (await stranger.get("/v1/signals")).json()["items"] == []


async def test_state_viewer_of_an_area_is_no_viewer_of_all_areas(office: Office) -> None:
    await figures(office.world)
    await office.published()
    pretender = await (await office.world.neighbour()).person(Role.STATE_VIEWER)
    assert (await pretender.get("/v1/releases")).json()["items"] == []


@pytest.mark.parametrize("table", ["barrier_figures", "ledger"])
async def test_coordinator_cannot_read_figures_even_in_sql(office: Office, table: str) -> None:
    await figures(office.world)
    async with office.world.sql(office.first) as db:
        driver = await db.driver()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await driver.fetchval(f"SELECT count(*) FROM {table}")
        await driver.execute("ROLLBACK; BEGIN")


async def test_worker_cannot_read_the_figures_and_reporting_cannot_write(office: Office) -> None:
    await figures(office.world)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with office.worker.transaction(System(office.world.area)) as db:
            await (await db.driver()).fetchval("SELECT count(*) FROM barrier_figures")
    for statement in ("DELETE FROM barrier_figures", "SELECT count(*) FROM releases"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with office.reporting.transaction(System(office.world.area)) as db:
                await (await db.driver()).execute(statement)


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.TEAM_LEAD, Role.PRIVACY_OFFICER, Role.ADMIN])
async def test_nobody_else_has_a_door_to_releases(office: Office, role: Role) -> None:
    person = await office.world.person(role)
    for path in ("/v1/releases", "/v1/signals"):
        assert (await person.get(path)).status_code == 403
    async with office.world.sql(person) as db:
        driver = await db.driver()
        for name in ("releases", "release_cells", "published_releases", "published_tables"):
            assert await driver.fetchval(f"SELECT count(*) FROM {name}") == 0


async def test_coordinator_cannot_store_cells_or_publish_without_the_function(office: Office) -> None:
    await figures(office.world)
    release_id = await office.computed()
    for statement in (
        "UPDATE releases SET state = 'published' WHERE id = $1::uuid",
        "DELETE FROM release_cells WHERE release_id = $1::uuid",
        "INSERT INTO published_releases SELECT * FROM published_releases WHERE id = $1::uuid",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with office.world.sql(office.second) as db:
                await (await db.driver()).execute(statement, release_id)
