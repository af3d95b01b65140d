"""Nobody is left on the case of somebody hidden: the team lead names a lead for a case they do not see."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.ids import new_id
from app.upkeep import JOBS
from app.wiring import wire
from app.worker import run_once
from tests.cases.arrange import a_case, journal, leave, pseudonym, register, sees, team_lead
from tests.cases.hidden_team import WHY, Hidden, a_hidden_case
from tests.clients.earlier_teams import a_scene as earlier_and_running
from tests.clients.earlier_teams import hide
from tests.clients.test_lifting import lift
from tests.notifications.test_telling import told
from tests.refusals import places
from tests.state_exports.arrange import planted
from tests.world import Person, World

NAME = "SELECT name_lead($1, $2, $3)"
REVIEW = "SELECT open_access_review($1, $2, $3, now(), now(), $4)"


async def _left(world: World, how: str = "membership ended") -> tuple[Hidden, str]:
    """Return the scene with nobody left, and the id of the vacancy."""
    hidden = await a_hidden_case(world)
    await leave(world, hidden.member, how)
    assert await hidden.vacancies(hidden.chief) == []
    await leave(world, hidden.lead, how)
    (vacancy,) = await hidden.vacancies(hidden.chief)
    return hidden, vacancy


async def _reviews(officer: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await officer.get("/v1/access-reviews")).json()["items"]
    return items


@pytest.mark.parametrize("how", ["membership ended", "disabled"])
async def test_team_lead_learns_that_there_is_one_and_nothing_else(world: World, how: str) -> None:
    hidden, vacancy = await _left(world, how)
    away = await team_lead(world, "Stadt Voerde")
    assert await told(hidden.chief) == [("vacancy_open", "vacancy", vacancy)]
    assert await told(away) == await hidden.vacancies(away) == []
    assert await told(hidden.colleague) == await hidden.vacancies(hidden.colleague) == []
    secrets = (
        hidden.case_id,
        hidden.client_id,
        str(hidden.lead.user_id),
        await pseudonym(world, hidden.client_id),
    )
    for path in ("/v1/me/work", "/v1/me/notifications", "/v1/cases?of=team"):
        text = (await hidden.chief.get(path)).text
        assert not any(each in text for each in secrets), path
    for path in (
        hidden.path,
        f"{hidden.path}/team",
        f"/v1/cases/{vacancy}",
        f"/v1/clients/{hidden.client_id}",
    ):
        assert (await hidden.chief.get(path)).status_code == 404


async def test_id_says_nothing_to_who_knows_cases_and_people(world: World) -> None:
    """What a team lead can remember of a case from before it was hidden does not find its vacancy."""
    hidden, vacancy = await _left(world)
    known = (hidden.case_id, hidden.client_id, str(hidden.lead.user_id))
    made = """SELECT left(encode(sha256(convert_to(
        'vacancy ' || $1::text || $2::text || $3::text, 'UTF8')), 'hex'), 32)::uuid::text"""
    for first in (*known, ""):
        assert await world.admin.fetchval(made, first, known[0], known[2]) != vacancy
    secret = await pseudonym(world, hidden.client_id)
    assert await world.admin.fetchval(made, secret, known[0], known[2]) == vacancy  # the opposite


async def test_named_lead_learns_then_and_the_team_lead_sees_nothing(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    hidden, vacancy = await _left(world)
    answer = await hidden.fill(hidden.chief, vacancy, hidden.colleague)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await hidden.leads() == hidden.colleague.user_id
    assert await sees(hidden.colleague, hidden.case_id)
    assert await told(hidden.colleague) == [("case_handed_over", "case", hidden.case_id)]
    for path in (hidden.path, f"{hidden.path}/team", f"/v1/clients/{hidden.client_id}"):
        assert (await hidden.chief.get(path)).status_code == 404
    assert await hidden.vacancies(hidden.chief) == []
    (entry,) = await journal(world, "vacancy.fill")
    assert (entry["object_id"], entry["changed"]) == (UUID(hidden.case_id), ["lead"])
    assert list(map(str, entry["client_pseudonyms"])) == [await pseudonym(world, hidden.client_id)]
    (review,) = await _reviews(officer)
    assert (review["kind"], review["reason"]) == ("lead_named", WHY)
    assert review["acted_by"]["id"] == str(hidden.chief.user_id)
    waits = datetime.fromisoformat(review["due_at"]) - datetime.fromisoformat(review["acted_at"])
    assert waits == timedelta(days=3)
    assert await told(officer) == [("review_due", "access_review", review["id"])]
    assert not any(each in json.dumps(review) for each in (hidden.case_id, hidden.client_id, "Al-Hadi"))
    assert await _reviews(hidden.chief) == []


async def test_take_over_is_reviewed_too(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    hidden = await a_hidden_case(world)
    await leave(world, hidden.lead)
    assert (await hidden.take_over(hidden.member)).status_code == 201
    (review,) = await _reviews(officer)
    assert (review["kind"], review["reason"]) == ("case_taken_over", None)
    assert review["acted_by"]["id"] == str(hidden.member.user_id)
    judged = await officer.post(f"/v1/access-reviews/{review['id']}/review", {"outcome": "justified"})
    assert judged.status_code == 200, judged.text


async def test_hand_over_by_the_lead_needs_no_review(world: World) -> None:
    officer = await world.person(Role.PRIVACY_OFFICER)
    hidden = await a_hidden_case(world)
    assert (await hidden.hand_over(hidden.lead, hidden.colleague)).status_code == 204
    assert await _reviews(officer) == []


async def test_nobody_else_fills_it_and_nobody_is_named_who_may_not(world: World) -> None:
    hidden, vacancy = await _left(world)
    away = await team_lead(world, "Stadt Voerde")
    elsewhere = await world.person(Role.CASE_MANAGER, unit="Stadt Voerde")
    admin, officer = await world.person(Role.ADMIN), await world.person(Role.PRIVACY_OFFICER)
    assert (await hidden.fill(away, vacancy, elsewhere)).status_code == 404
    assert (await hidden.fill(away, vacancy, hidden.colleague)).status_code == 404
    for person in (hidden.colleague, admin, officer):
        assert (await hidden.fill(person, vacancy, hidden.colleague)).status_code == 403
    for person in (elsewhere, hidden.lead, hidden.chief, await team_lead(world)):
        refused = await hidden.fill(hidden.chief, vacancy, person)
        assert (refused.status_code, [each["place"] for each in places(refused)]) == (422, ["body.user_id"])
    for other in (hidden.case_id, hidden.client_id, str(uuid4())):
        assert (await hidden.fill(hidden.chief, other, hidden.colleague)).status_code == 404
    assert (await hidden.fill(hidden.chief, vacancy, hidden.colleague, "kurz")).status_code == 422
    assert await hidden.leads() == hidden.lead.user_id
    assert (
        await world.admin.fetchval(
            "SELECT count(*) FROM access_reviews WHERE municipal_area_id = $1", world.area
        )
        == 0
    )


async def test_who_leads_the_team_and_works_there_names_not_themselves(world: World) -> None:
    hidden, vacancy = await _left(world)
    both = await world.person(Role.TEAM_LEAD, Role.CASE_MANAGER)
    refused = await hidden.fill(both, vacancy, both)
    assert (refused.status_code, places(refused)[0]["kind"]) == (422, "somebody_else")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right to name"):
        async with world.sql(both) as db:
            await (await db.driver()).execute(NAME, new_id(), UUID(vacancy), both.user_id)
    assert await hidden.leads() == hidden.lead.user_id


async def _names_past_the_api(hidden: Hidden, vacancy: str, kind: str | None, reason: str | None) -> None:
    async with hidden.world.sql(hidden.chief) as db:
        driver = await db.driver()
        made = await driver.fetchval(NAME, new_id(), UUID(vacancy), hidden.colleague.user_id)
        for table in ("cases", "clients", "case_handovers"):
            assert await driver.fetch(f"SELECT FROM {table}") == []
        if kind is not None:
            await driver.execute(REVIEW, new_id(), kind, made, reason)


async def test_past_the_api_nobody_is_named_without_a_review_that_says_why(world: World) -> None:
    hidden, vacancy = await _left(world)
    for kind, reason in (
        (None, None), ("case_taken_over", None), ("lead_named", None), ("lead_named", " " * 10),
        ("break_glass", WHY),
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="review"):
            await _names_past_the_api(hidden, vacancy, kind, reason)
    assert await hidden.leads() == hidden.lead.user_id
    assert await journal(world, "vacancy.fill") == []
    await _names_past_the_api(hidden, vacancy, "lead_named", WHY)  # the opposite
    assert await hidden.leads() == hidden.colleague.user_id


async def test_without_the_trigger_somebody_is_named_unseen_and_it_is_noticed(world: World) -> None:
    hidden, vacancy = await _left(world)
    await world.admin.execute("ALTER TABLE case_handovers DISABLE TRIGGER new_lead_is_reviewed")
    try:
        async with world.sql(hidden.chief) as db:
            driver = await db.driver()
            await driver.fetchval(NAME, new_id(), UUID(vacancy), hidden.colleague.user_id)
    finally:
        await world.admin.execute("ALTER TABLE case_handovers ENABLE TRIGGER new_lead_is_reviewed")
    assert await hidden.leads() == hidden.colleague.user_id
    assert len(await journal(world, "vacancy.fill")) == 1


@pytest.mark.parametrize(
    ("part", "instead"),
    [("remaining_team(vacancies_of.p_area, c.id)", "NULL::uuid"), ("c.is_restricted", "true")],
)
async def test_vacancy_that_is_none_is_noticed(world: World, part: str, instead: str) -> None:
    """Somebody is left on the one case, and the other is not hidden: either is found without its check."""
    hidden = await a_hidden_case(world)
    await leave(world, hidden.lead)
    alone = await world.case_manager()
    await a_case(world, alone)
    await leave(world, alone)
    assert await hidden.vacancies(hidden.chief) == []
    async with planted(world, "vacancies_of", part, instead):
        assert len(await hidden.vacancies(hidden.chief)) == 1


async def test_deputyship_that_ends_by_itself_leaves_a_vacancy_of_which_the_worker_tells_once(
    world: World, worker_database: Database
) -> None:
    hidden = await a_hidden_case(world)
    stands_in = await hidden.stand_in()
    for person in (hidden.member, hidden.lead):
        await leave(world, person)
    (job,) = (each for each in JOBS if each.name == "remind_of_vacancies")
    await run_once(worker_database, wire(), utc_now, jobs=(job,), areas=[world.area])
    assert await hidden.vacancies(hidden.chief) == await told(hidden.chief) == []
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE user_id = $1", stands_in.user_id
    )
    (vacancy,) = await hidden.vacancies(hidden.chief)
    for _ in range(2):
        await run_once(worker_database, wire(), utc_now, jobs=(job,), areas=[world.area])
    assert await told(hidden.chief) == [("vacancy_open", "vacancy", vacancy)]


async def test_case_of_a_lead_who_left_is_a_vacancy_once_it_is_hidden_also_when_closed(world: World) -> None:
    hidden = await a_hidden_case(world)
    registrar = await world.case_manager()
    await register(world, registrar, hidden.client_id, await world.unit())
    assert await lift(hidden.lead, hidden.client_id) == 200
    for person in (hidden.member, hidden.lead):
        await leave(world, person)
    assert await hidden.vacancies(hidden.chief) == []
    await hide(registrar, hidden.client_id)
    (vacancy,) = await hidden.vacancies(hidden.chief)
    assert ("vacancy_open", "vacancy", vacancy) in await told(hidden.chief)
    closed = "UPDATE cases SET phase = 'closed', closed_on = current_date WHERE id = $1"
    await world.admin.execute(closed, UUID(hidden.case_id))
    assert await hidden.vacancies(hidden.chief) == [vacancy]
    assert (await hidden.fill(hidden.chief, vacancy, hidden.colleague)).status_code == 204
    assert await hidden.vacancies(hidden.chief) == []
    assert await sees(hidden.colleague, hidden.case_id)


async def test_closed_case_is_none_while_another_one_runs(world: World) -> None:
    scene, chief = await earlier_and_running(world), await team_lead(world)
    await hide(scene.lead, scene.client_id)
    await leave(world, scene.past)
    hidden = Hidden(world, scene.client_id, scene.running, scene.lead, scene.colleague, scene.past, chief)
    assert await hidden.vacancies(chief) == []
    async with planted(world, "vacancies_of", "o.phase <> 'closed'::text", "false"):
        assert len(await hidden.vacancies(chief)) == 1


async def test_last_member_who_leaves_the_team_leaves_a_vacancy(world: World) -> None:
    hidden = await a_hidden_case(world)
    await leave(world, hidden.lead)
    own = await world.admin.fetchval("SELECT id FROM assignments WHERE user_id = $1", hidden.member.user_id)
    async with world.sql(hidden.member) as db:
        assert await (await db.driver()).fetchval("SELECT end_assignment($1)", own)
    assert await told(hidden.chief) == [
        ("vacancy_open", "vacancy", (await hidden.vacancies(hidden.chief))[0])
    ]


async def test_named_lead_is_the_running_team_and_earlier_ones_lose_sight(world: World) -> None:
    scene, chief, named = await earlier_and_running(world), await team_lead(world), await world.case_manager()
    await leave(world, scene.lead)
    await hide(scene.past, scene.client_id)
    assert await scene.see() == [True, True, False]
    hidden = Hidden(world, scene.client_id, scene.running, scene.lead, scene.colleague, named, chief)
    (vacancy,) = await hidden.vacancies(chief)
    assert (await hidden.fill(chief, vacancy, named)).status_code == 204
    assert await scene.see() == [False, False, False]
    assert await sees(named, scene.running)


async def test_every_leaving_has_an_id_of_its_own(world: World) -> None:
    hidden, first = await _left(world)
    assert (await hidden.fill(hidden.chief, first, hidden.colleague)).status_code == 204
    await leave(world, hidden.colleague)
    (second,) = await hidden.vacancies(hidden.chief)
    assert second != first
    assert (await hidden.fill(hidden.chief, first, hidden.colleague)).status_code == 404
