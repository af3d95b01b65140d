"""A client without a case whose registrar has left: the team lead names who looks after them, unseen."""

from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.ids import new_id
from app.upkeep import JOBS
from app.wiring import wire
from app.worker import run_once
from tests.cases.arrange import a_case, a_client, journal, leave, pseudonym, team_lead
from tests.cases.hidden_team import Hidden
from tests.cases.test_vacancies import NAME
from tests.notifications.test_telling import told
from tests.state_exports.arrange import planted
from tests.world import Person, World


async def _sees(person: Person, client_id: str) -> bool:
    return (await person.get(f"/v1/clients/{client_id}")).status_code == 200


async def _registered(world: World, *, restricted: bool) -> Hidden:
    registrar, colleague = await world.case_manager(), await world.case_manager()
    client_id = await a_client(world, registrar, restricted=restricted)
    return Hidden(world, client_id, "", registrar, registrar, colleague, await team_lead(world))


async def _left(world: World, *, restricted: bool, how: str = "membership ended") -> tuple[Hidden, str]:
    found = await _registered(world, restricted=restricted)
    assert await found.vacancies(found.chief) == []
    await leave(world, found.lead, how)
    (vacancy,) = await found.vacancies(found.chief)
    return found, vacancy


@pytest.mark.parametrize("how", ["membership ended", "disabled"])
@pytest.mark.parametrize("restricted", [True, False])
async def test_client_is_given_to_a_case_manager_who_sees_them_then(
    world: World, restricted: bool, how: str
) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    found, vacancy = await _left(world, restricted=restricted, how=how)
    assert await told(found.chief) == [("vacancy_open", "vacancy", vacancy)]
    away = await team_lead(world, "Stadt Voerde")
    assert await told(away) == await found.vacancies(away) == []
    assert (await found.fill(away, vacancy, found.colleague)).status_code == 404
    assert not await _sees(found.colleague, found.client_id)
    assert (await found.fill(found.chief, vacancy, found.colleague)).status_code == 204
    assert await _sees(found.colleague, found.client_id)
    assert not await _sees(found.chief, found.client_id)
    assert await told(found.colleague) == [("client_handed_over", "client", found.client_id)]
    assert await found.vacancies(found.chief) == []
    (entry,) = (each for each in await journal(world, "vacancy.fill") if each["outcome"] == "done")
    assert (await found.fill(found.chief, vacancy, found.colleague)).status_code == 404
    assert (entry["object_id"], entry["changed"]) == (UUID(found.client_id), ["registrar"])
    who = "SELECT user_id FROM audit_journal WHERE action = 'vacancy.fill' AND object_type = 'client'"
    assert await world.admin.fetchval(f"{who} AND municipal_area_id = $1", world.area) == found.chief.user_id
    assert list(map(str, entry["client_pseudonyms"])) == [await pseudonym(world, found.client_id)]
    reviews = (await officer.get("/v1/access-reviews")).json()["items"]
    assert [each["kind"] for each in reviews] == (["lead_named"] if restricted else [])
    for each in reviews:
        assert await told(officer) == [("review_due", "access_review", each["id"])]
        judged = await officer.post(f"/v1/access-reviews/{each['id']}/review", {"outcome": "justified"})
        assert judged.status_code == 200, judged.text


async def test_past_the_api_nobody_is_given_somebody_hidden_without_a_review(world: World) -> None:
    found, vacancy = await _left(world, restricted=True)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="review"):
        async with world.sql(found.chief) as db:
            await (await db.driver()).execute(NAME, new_id(), UUID(vacancy), found.colleague.user_id)
    assert not await _sees(found.colleague, found.client_id)
    await world.admin.execute("ALTER TABLE assignments DISABLE TRIGGER new_registrar_is_reviewed")
    try:  # the opposite
        async with world.sql(found.chief) as db:
            await (await db.driver()).execute(NAME, new_id(), UUID(vacancy), found.colleague.user_id)
    finally:
        await world.admin.execute("ALTER TABLE assignments ENABLE TRIGGER new_registrar_is_reviewed")
    assert await _sees(found.colleague, found.client_id)


async def test_client_with_a_case_or_a_registrar_is_no_vacancy(world: World) -> None:
    found = await _registered(world, restricted=False)
    await a_case(world, found.colleague)
    await leave(world, found.colleague)
    assert await found.vacancies(found.chief) == []
    case = "(c.municipal_area_id = vacancies_of.p_area) AND (c.client_id = k.id)"
    there = "(here.unit_id = a.unit_id) AND (here.user_id = a.user_id)"
    for part in (case, there):
        async with planted(world, "vacancies_of", part, "false"):
            assert len(await found.vacancies(found.chief)) == 1


async def test_team_lead_who_comes_later_is_told_by_the_worker(
    world: World, worker_database: Database
) -> None:
    found, vacancy = await _left(world, restricted=False)
    later = await team_lead(world)
    (job,) = (each for each in JOBS if each.name == "remind_of_vacancies")
    for _ in range(2):
        await run_once(worker_database, wire(), utc_now, jobs=(job,), areas=[world.area])
    assert await told(later) == await told(found.chief) == [("vacancy_open", "vacancy", vacancy)]


async def test_whoever_comes_back_does_not_see_whom_somebody_else_has(world: World) -> None:
    found, vacancy = await _left(world, restricted=False, how="disabled")
    assert (await found.fill(found.chief, vacancy, found.colleague)).status_code == 204
    await world.admin.execute("UPDATE users SET disabled_at = NULL WHERE id = $1", found.lead.user_id)
    held = "SELECT user_id FROM assignments WHERE client_id = $1 AND active_until IS NULL"
    assert await world.admin.fetchval(held, UUID(found.client_id)) == found.colleague.user_id
