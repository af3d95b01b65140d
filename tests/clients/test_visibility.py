"""Who sees a person: the registrar and the team of a case, nobody else; restriction reaches everything."""

from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.database import Database, System
from app.kit.ids import new_id
from tests.clients.arrange import a_case, add_period, assign, etag_of, new_client
from tests.world import World


async def test_colleague_of_the_same_unit_sees_nobody(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    path = f"/v1/clients/{await new_client(manager)}"
    assert (await colleague.get(path)).status_code == 404
    assert (await colleague.get(f"{path}/household")).status_code == 404
    assert (await colleague.get(f"{path}/addresses")).status_code == 404
    assert (await colleague.patch(path, {"sex": "d"}, if_match='"1"')).status_code == 404
    assert (await colleague.get("/v1/clients")).json() == {"items": [], "next": None}
    assert (await colleague.post("/v1/clients/search", {"name": "Amina"})).json()["items"] == []


async def test_deputy_sees_and_changes_the_client_while_the_deputyship_runs(world: World) -> None:
    manager, deputy = await world.case_manager(), await world.case_manager()
    client_id = await new_client(manager)
    case_id = await a_case(world, client_id, manager)
    await assign(world, client_id, case_id, deputy, "deputy")
    path = f"/v1/clients/{client_id}"
    changed = await deputy.patch(path, {"sex": "d"}, if_match=await etag_of(deputy, path))
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE kind = 'deputy' AND case_id = $1", case_id
    )
    assert changed.status_code == 200
    assert (await deputy.get(path)).status_code == 404


async def test_team_lead_sees_nobody_by_default_and_only_reads_after_breaking_the_glass(world: World) -> None:
    manager, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    client_id = await new_client(manager)
    case_id = await a_case(world, client_id, manager)
    path = f"/v1/clients/{client_id}"
    assert (await lead.get(path)).status_code == 404
    assert (await lead.get("/v1/clients")).json()["items"] == []
    await assign(world, client_id, case_id, lead, "break_glass")
    assert (await lead.get(path)).status_code == 200
    assert (await lead.patch(path, {"sex": "d"}, if_match='"1"')).status_code == 403


@pytest.mark.parametrize(
    "role",
    [
        Role.COORDINATOR,
        Role.ADMIN,
        Role.ASSISTANT,
        Role.PRIVACY_OFFICER,
        Role.PARTNER_USER,
        Role.AUTHORITY_OFFICER,
    ],
)
async def test_other_roles_have_no_door_to_persons(world: World, role: Role) -> None:
    client_id = await new_client(await world.case_manager())
    person = await world.person(role)
    for answer in (
        await person.get("/v1/clients"),
        await person.get(f"/v1/clients/{client_id}"),
        await person.post("/v1/clients/search", {"name": "Amina"}),
        await person.post("/v1/clients/duplicates", {"given_name": "Amina", "family_name": "Al-Hadi"}),
        await person.get(f"/v1/clients/{client_id}/residence-documents"),
    ):
        assert answer.status_code == 403


async def test_restriction_reaches_cases_and_assignments_and_is_lifted_again(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    case_id = await a_case(world, client_id, manager)
    path = f"/v1/clients/{client_id}"

    async def restricted() -> set[bool]:
        rows = await world.admin.fetch(
            """SELECT is_restricted FROM cases WHERE id = $1
            UNION ALL SELECT is_restricted FROM assignments WHERE client_id = $2""",
            case_id,
            UUID(client_id),
        )
        assert len(rows) == 3  # the case, the registrar, the lead
        return {row["is_restricted"] for row in rows}

    assert await restricted() == {False}
    await manager.patch(path, {"is_restricted": True}, if_match=await etag_of(manager, path))
    assert await restricted() == {True}
    await manager.patch(path, {"is_restricted": False}, if_match=await etag_of(manager, path))
    assert await restricted() == {False}


async def test_restricted_person_registered_as_such_is_restricted_in_the_assignment(world: World) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager, is_restricted=True)
    assert await world.admin.fetchval(
        "SELECT is_restricted FROM assignments WHERE client_id = $1", UUID(client_id)
    )


async def test_row_of_somebody_else_cannot_be_written_past_the_api(world: World) -> None:
    manager, colleague = await world.case_manager(), await world.case_manager()
    client_id = UUID(await new_client(manager))
    insert = """INSERT INTO addresses
            (municipal_area_id, id, client_id, strand, valid, recorded_at, recorded_by)
        VALUES (ctx_area(), $1, $2, 'actual', '[2024-01-01,)', now(), $3)"""
    async with world.sql(manager) as db:  # the opposite: one's own client
        await (await db.driver()).execute(insert, new_id(), client_id, manager.user_id)
    for person, recorded_by in ((colleague, colleague.user_id), (manager, colleague.user_id)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(person) as db:
                await (await db.driver()).execute(insert, new_id(), client_id, recorded_by)


@pytest.mark.parametrize("column", ["valid", "strand", "street", "client_id", "recorded_at"])
async def test_period_cannot_be_changed_only_superseded(world: World, column: str) -> None:
    manager = await world.case_manager()
    client_id = await new_client(manager)
    await add_period(manager, client_id, "addresses", strand="actual", street="Markt 1")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(manager) as db:
            await (await db.driver()).execute(f"UPDATE addresses SET {column} = {column}")
    async with world.sql(manager) as db:
        done = await (await db.driver()).execute(
            "UPDATE addresses SET superseded_at = now(), superseded_because = 'entered_in_error'"
        )
    assert done == "UPDATE 1"


async def test_reporting_reads_no_persons_at_all(world: World, settings) -> None:
    await new_client(await world.case_manager())
    url = settings.reporting_database_url.get_secret_value()
    pool = Database.connect(url.replace("postgresql://", "postgresql+asyncpg://"), pool_size=1)
    try:
        for table in ("clients", "addresses", "residence_documents", "cases", "consents"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with pool.transaction(System(world.area)) as db:
                    await (await db.driver()).fetchval(f"SELECT count(*) FROM {table}")
    finally:
        await pool.close()


async def test_worker_knows_no_names(world: World, settings) -> None:
    await new_client(await world.case_manager())
    url = settings.worker_database_url
    pool = Database.connect(
        url.get_secret_value().replace("postgresql://", "postgresql+asyncpg://"), pool_size=1
    )
    try:
        async with pool.transaction(System(world.area)) as db:
            driver = await db.driver()
            assert await driver.fetchval("SELECT count(id) FROM clients") == 1
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await driver.fetchval("SELECT family_name FROM clients")
        async with pool.transaction(System(world.area + "-other")) as db:
            assert await (await db.driver()).fetchval("SELECT count(id) FROM clients") == 0
    finally:
        await pool.close()
