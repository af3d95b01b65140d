"""Retention: starts with closing, ends with reopening, shown as metadata to the privacy officer only."""

from datetime import date, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.privacy.rules import last_day_of_keeping
from tests.cases.arrange import a_case, a_client, close, open_case, pseudonym, today, travel
from tests.conftest import Clock
from tests.consents.arrange import give_consent, withdraw
from tests.world import World


def test_keeping_ends_with_a_year() -> None:
    assert last_day_of_keeping(date(2026, 3, 1), 5) == date(2031, 12, 31)
    assert last_day_of_keeping(date(2026, 12, 31), 1) == date(2027, 12, 31)


async def test_closing_starts_the_retention(world: World, clock: Clock) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    travel(world, clock, amira, 2031, 3, 1)
    await close(amira, case_id, "deported")
    clock.fixed = None
    (kept,) = (await officer.get("/v1/privacy/retentions")).json()["items"]
    assert (kept["starts_on"], kept["delete_after"]) == ("2031-03-01", "2036-12-31")
    assert (kept["client"], kept["unit"]["name"]) == (await pseudonym(world, client_id), "KI")


async def test_officer_sees_neither_name_nor_number_nor_closing_reason(world: World) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    case_id = await a_case(world, amira)
    seen = (await amira.get(f"/v1/cases/{case_id}")).json()
    await close(amira, case_id, "deported")
    text = (await officer.get("/v1/privacy/retentions")).text
    assert not any(each in text for each in (seen["number"], case_id, "Amina", "deported"))
    assert (await officer.get(f"/v1/cases/{case_id}")).json()["code"] == "role_missing"


async def test_reopening_ends_the_retention(world: World) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    case_id = await a_case(world, amira)
    await close(amira, case_id)
    await amira.post(f"/v1/cases/{case_id}/reopen", {"reason": "Neue Kündigung"})
    assert (await officer.get("/v1/privacy/retentions")).json()["items"] == []


async def test_closing_again_counts_anew(world: World, clock: Clock) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    case_id = await a_case(world, amira)
    for year in (2031, 2033):
        travel(world, clock, amira, year, 5, 5)
        await close(amira, case_id)
        await amira.post(f"/v1/cases/{case_id}/reopen", {"reason": "Es geht weiter"})
    await close(amira, case_id)
    clock.fixed = None
    (kept,) = (await officer.get("/v1/privacy/retentions")).json()["items"]
    assert kept["delete_after"] == "2038-12-31"


async def test_withdrawal_says_why_the_retention_runs(world: World) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    await withdraw(amira, await give_consent(amira, client_id, case_id=case_id))
    (kept,) = (await officer.get("/v1/privacy/retentions")).json()["items"]
    assert kept["reason"] == "consent_withdrawn"


async def test_list_can_be_narrowed_to_what_is_due(world: World, clock: Clock) -> None:
    amira, officer = await world.case_manager(), await world.person(Role.PRIVACY_OFFICER)
    case_id = await a_case(world, amira)
    travel(world, clock, amira, 2031, 3, 1)
    await close(amira, case_id)
    travel(world, clock, officer, 2036, 12, 31, 12)
    assert (await officer.get("/v1/privacy/retentions", is_due="true")).json()["items"] == []
    travel(world, clock, officer, 2037, 1, 1, 12)
    assert len((await officer.get("/v1/privacy/retentions", is_due="true")).json()["items"]) == 1


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.TEAM_LEAD, Role.ADMIN, Role.COORDINATOR])
async def test_nobody_else_sees_retentions(world: World, role: Role) -> None:
    other = await world.person(role)
    assert (await other.get("/v1/privacy/retentions")).status_code == 403
    amira = await world.case_manager()
    await close(amira, await a_case(world, amira))
    async with world.sql(other) as db:
        assert await (await db.driver()).fetchval("SELECT count(*) FROM retentions") == 0


async def test_officer_of_another_area_sees_nothing(world: World) -> None:
    amira = await world.case_manager()
    await close(amira, await a_case(world, amira))
    stranger = await (await world.neighbour()).person(Role.PRIVACY_OFFICER)
    assert (await stranger.get("/v1/privacy/retentions")).json()["items"] == []


async def test_database_keeps_nothing_that_is_open_and_frees_nothing_that_is_closed(world: World) -> None:
    amira = await world.case_manager()
    running, closed = UUID(await a_case(world, amira)), UUID(await a_case(world, amira))
    await close(amira, str(closed))
    start = "SELECT start_retention(gen_random_uuid(), $1, current_date, current_date, now())"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(amira) as db:
            await (await db.driver()).execute(start, running)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(amira) as db:
            await (await db.driver()).execute("SELECT end_retention($1, current_date)", closed)


async def test_application_role_cannot_write_retentions(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    for statement in ("UPDATE retentions SET delete_after = current_date", "DELETE FROM retentions"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(officer) as db:
                await (await db.driver()).execute(statement)


START = "SELECT start_retention(gen_random_uuid(), $1, current_date, $2::date, now())"


async def test_what_is_kept_is_kept_no_shorter_and_by_nobody_else(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = UUID(await a_case(world, amira))
    await close(amira, str(case_id))
    until = "SELECT delete_after FROM retentions WHERE object_id = $1"
    before = await world.admin.fetchval(until, case_id)
    for person, day in ((amira, date(2000, 1, 2)), (ben, date(2100, 1, 1))):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(person) as db:
                await (await db.driver()).execute(START, case_id, day)
    async with world.sql(amira) as db:
        await (await db.driver()).execute(START, case_id, today() + timedelta(days=1))
    assert await world.admin.fetchval(until, case_id) == before
