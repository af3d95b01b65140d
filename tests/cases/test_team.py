"""Who works on a case: handing over, members, break-glass."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from tests.cases.arrange import a_case, a_client, deputy, journal, open_case, sees, team_lead
from tests.clients.arrange import etag_of
from tests.refusals import places
from tests.world import Person, World

REASON = {"reason": "Kollegin ist verunglückt"}


def to(person: Person, kind: str = "lead") -> dict[str, str]:
    return {"user_id": str(person.user_id), "kind": kind}


async def kinds(person: Person, case_id: str) -> list[tuple[str, str]]:
    items = (await person.get(f"/v1/cases/{case_id}/team")).json()["items"]
    return [(each["user"]["id"], each["kind"]) for each in items]


async def test_new_lead_takes_over_and_the_old_one_loses_sight(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    answer = await lead.post(f"/v1/cases/{case_id}/assign", to(ben))
    assert (answer.status_code, answer.json()["kind"]) == (201, "lead")
    assert (await sees(ben, case_id), await sees(amira, case_id)) == (True, False)
    assert await kinds(lead, case_id) == [(str(ben.user_id), "lead")]
    (entry,) = await journal(world, "case.assign")
    assert (entry["changed"], len(entry["client_pseudonyms"])) == (["lead"], 1)


async def test_member_joins_and_is_taken_off_again(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    made = (await lead.post(f"/v1/cases/{case_id}/assign", to(ben, "member"))).json()
    assert await kinds(amira, case_id) == [(str(amira.user_id), "lead"), (str(ben.user_id), "member")]
    twice = await lead.post(f"/v1/cases/{case_id}/assign", to(ben, "member"))
    assert (twice.status_code, twice.json()["code"]) == (409, "assigned_already")
    assert (await lead.delete(f"/v1/cases/{case_id}/team/{made['id']}")).status_code == 204
    assert (await sees(ben, case_id), await sees(amira, case_id)) == (False, True)


async def test_lead_takes_a_member_off_a_restricted_case_and_the_member_takes_nobody_off(
    world: World,
) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    made = (await lead.post(f"/v1/cases/{case_id}/assign", to(ben, "member"))).json()
    client, path = f"/v1/clients/{client_id}", f"/v1/cases/{case_id}/team/{made['id']}"
    hidden = await amira.patch(client, {"is_restricted": True}, if_match=await etag_of(amira, client))
    assert hidden.status_code == 200, hidden.text
    assert (await lead.delete(path)).status_code == 404
    assert (await ben.delete(path)).status_code == 403
    assert await sees(ben, case_id)
    assert (await amira.delete(path)).status_code == 204
    assert (await sees(ben, case_id), await sees(amira, case_id)) == (False, True)


async def test_member_who_led_for_a_while_loses_sight_with_the_lead(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    for person, kind in ((ben, "member"), (ben, "lead"), (amira, "lead")):
        answer = await lead.post(f"/v1/cases/{case_id}/assign", to(person, kind))
        assert answer.status_code == 201, answer.text
    assert (await sees(ben, case_id), await sees(amira, case_id)) == (False, True)


async def test_lead_is_not_taken_off(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    items = (await lead.get(f"/v1/cases/{case_id}/team")).json()["items"]
    assert (await lead.delete(f"/v1/cases/{case_id}/team/{items[0]['id']}")).status_code == 404
    assert await sees(amira, case_id)


async def test_nobody_from_another_unit_is_assigned(world: World) -> None:
    amira, stranger = await world.case_manager(), await world.case_manager("Caritas")
    lead = await team_lead(world)
    case_id = await a_case(world, amira)
    answer = await lead.post(f"/v1/cases/{case_id}/assign", to(stranger, "member"))
    assert (answer.status_code, await sees(stranger, case_id)) == (422, False)


async def test_only_the_units_team_lead_assigns(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    stranger = await team_lead(world, "Caritas")
    case_id = await a_case(world, amira)
    assert (await amira.post(f"/v1/cases/{case_id}/assign", to(ben))).status_code == 403
    assert (await stranger.post(f"/v1/cases/{case_id}/assign", to(ben))).status_code == 404
    assert not await sees(ben, case_id)


@pytest.mark.parametrize("kind", ["lead", "member"])
async def test_unknown_person_and_one_of_another_unit_are_refused_alike(world: World, kind: str) -> None:
    amira, boss = await world.case_manager(), await team_lead(world)
    elsewhere = await world.case_manager(unit="Caritas")
    path = f"/v1/cases/{await a_case(world, amira)}/assign"
    for user_id in (uuid4(), elsewhere.user_id):
        answer = await boss.post(path, {"user_id": str(user_id), "kind": kind})
        assert (answer.status_code, places(answer)) == (
            422,
            [{"place": "body.user_id", "kind": "not_of_the_unit"}],
        )
        assert answer.json()["detail"] == "There is no such case manager at the unit of the case."


async def test_team_lead_of_two_units_assigns_only_where_they_lead(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    both = await world.person(Role.TEAM_LEAD, Role.CASE_MANAGER, unit="Caritas")
    boss = await team_lead(world)
    case_id = await a_case(world, amira)
    await world.admin.execute(
        """INSERT INTO memberships (municipal_area_id, id, user_id, role, unit_id)
        VALUES ($1, gen_random_uuid(), $2, 'case_manager', $3)""",
        world.area,
        both.user_id,
        await world.unit(),
    )
    await boss.post(f"/v1/cases/{case_id}/assign", to(both, "member"))
    assert await sees(both, case_id)
    assert (await both.post(f"/v1/cases/{case_id}/assign", to(ben))).status_code == 404


async def test_break_glass_opens_the_content_for_reading_and_is_recorded(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    assert not await sees(lead, case_id)
    made = await lead.post(f"/v1/cases/{case_id}/break-glass", REASON)
    assert (made.status_code, made.json()["kind"]) == (201, "break_glass")
    assert await sees(lead, case_id)
    assert (await lead.get("/v1/cases", of="mine")).json()["items"][0]["client"]["given_name"] == "Amina"
    (entry,) = await journal(world, "case.break_glass")
    assert len(entry["client_pseudonyms"]) == 1
    kept = await world.admin.fetchval(
        "SELECT reason FROM assignments WHERE kind = 'break_glass' AND case_id = $1", UUID(case_id)
    )
    assert kept == REASON["reason"]


async def test_break_glass_lasts_three_hours(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    made = (await lead.post(f"/v1/cases/{case_id}/break-glass", REASON)).json()
    begins, ends = (datetime.fromisoformat(made[name]) for name in ("active_from", "active_until"))
    assert ends - begins == timedelta(hours=3)
    await world.admin.execute(
        "UPDATE assignments SET active_from = now() - interval '3 hours', active_until = now() WHERE id = $1",
        UUID(made["id"]),
    )
    assert not await sees(lead, case_id)


async def test_break_glass_needs_a_reason_of_some_words(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    for reason in ("krank", "   krank      "):
        assert (await lead.post(f"/v1/cases/{case_id}/break-glass", {"reason": reason})).status_code == 422
    assert not await sees(lead, case_id)


async def test_glass_of_a_restricted_case_and_of_another_unit_does_not_break(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    stranger = await team_lead(world, "Caritas")
    hidden, case_id = await a_case(world, amira, restricted=True), await a_case(world, amira)
    assert (await lead.post(f"/v1/cases/{hidden}/break-glass", REASON)).status_code == 404
    assert (await stranger.post(f"/v1/cases/{case_id}/break-glass", REASON)).status_code == 404
    assert (await amira.post(f"/v1/cases/{case_id}/break-glass", REASON)).status_code == 403


_SOMEBODY_WAITS_FOR_US = """SELECT EXISTS (SELECT FROM pg_locks
WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"""
_BREAK = """SELECT assign_case($1, $2, ctx_user(), 'break_glass', NULL, now() + interval '3 hours', $3)"""
_REVIEW = "SELECT open_access_review($1, 'break_glass', $2, now(), now())"


async def test_glass_that_breaks_while_the_client_moves_into_a_shelter_ends_with_it(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    client_id = await a_client(world, amira)
    case_id = await open_case(amira, client_id)
    shelter = {"strand": "actual", "housing_type": "womens_shelter"}
    async with world.sql(lead) as db:
        driver = await db.driver()
        glass = new_id()
        await driver.execute(_BREAK, glass, UUID(case_id), REASON["reason"])
        await driver.execute(_REVIEW, new_id(), glass)
        moving = asyncio.create_task(amira.post(f"/v1/clients/{client_id}/addresses", shelter))
        while not moving.done() and not await driver.fetchval(_SOMEBODY_WAITS_FOR_US):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert (await moving).status_code == 201
    assert not await sees(lead, case_id)
    assert (await lead.get(f"/v1/clients/{client_id}")).status_code == 404


async def test_deputy_opens_no_case_and_so_keeps_no_sight_of_the_client(world: World) -> None:
    anja, sabine = await world.case_manager(), await world.case_manager()
    client_id = await a_client(world, anja)
    path = f"/v1/cases/{await open_case(anja, client_id)}"
    made = (await anja.post(f"{path}/deputies", deputy(sabine))).json()
    opening = {"client_id": client_id, "kind": "counselling", "access_route": "self"}
    refused = await sabine.post("/v1/cases", opening)
    assert (refused.status_code, refused.json()["code"]) == (403, "relation_missing")
    await anja.delete(f"{path}/deputies/{made['id']}")
    assert (await sabine.get(f"/v1/clients/{client_id}")).status_code == 404


@pytest.mark.parametrize("kind", ["member", "deputy"])
async def test_database_lets_only_lead_and_registrar_take_the_lead_of_a_new_case(
    world: World, kind: str
) -> None:
    anja, sabine, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    client_id = await a_client(world, anja)
    path = f"/v1/cases/{await open_case(anja, client_id)}"
    if kind == "deputy":
        await anja.post(f"{path}/deputies", deputy(sabine))
    else:
        await lead.post(f"{path}/assign", to(sabine, "member"))
    async with world.sql(sabine) as db:
        driver, case_id = await db.driver(), new_id()
        await driver.execute(
            """INSERT INTO cases
                (municipal_area_id, id, number, client_id, unit_id, lead_user_id, kind, phase, opened_on)
            SELECT $1, $2, draw_case_number(2026), $3, $4, $5, 'counselling', 'intake', current_date""",
            world.area, case_id, UUID(client_id), await world.unit(), sabine.user_id,
        )  # fmt: skip
        lead_it = driver.fetchval(
            "SELECT assign_case($1, $2, $3, 'lead', NULL, NULL, NULL)", new_id(), case_id, sabine.user_id
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right to assign"):
            await lead_it
