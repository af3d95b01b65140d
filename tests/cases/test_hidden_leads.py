"""The case of somebody hidden gets a new lead: handed on by who leads it, or taken over by the team."""

from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.ids import new_id
from tests.cases.arrange import a_case, close, deputy, journal, leave, sees
from tests.cases.hidden_team import IS_LED, Hidden, a_hidden_case
from tests.clients.test_lifting import lift
from tests.notifications.test_telling import told
from tests.refusals import places
from tests.state_exports.arrange import planted
from tests.work.arrange import group
from tests.world import Person, World

ASSIGN = "SELECT assign_case($1, $2, $3, 'lead', NULL, NULL, NULL)"
WAYS = ["membership ended", "disabled"]
CHANGED = "case_lead_changed"


async def _assigns(hidden: Hidden, by: Person, to: Person) -> None:
    """Make somebody the lead past the API."""
    async with hidden.world.sql(by) as db:
        await (await db.driver()).execute(ASSIGN, new_id(), UUID(hidden.case_id), to.user_id)


async def test_lead_hands_it_on_and_sees_it_no_longer(world: World) -> None:
    hidden = await a_hidden_case(world)
    stands_in = await hidden.stand_in()
    await world.admin.execute("DELETE FROM notifications WHERE municipal_area_id = $1", world.area)
    assert not await sees(hidden.colleague, hidden.case_id)
    answer = await hidden.hand_over(hidden.lead, hidden.colleague)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await hidden.leads() == hidden.colleague.user_id
    assert (await sees(hidden.lead, hidden.case_id), await sees(hidden.colleague, hidden.case_id)) == (
        False,
        True,
    )
    assert (await hidden.lead.get(f"/v1/clients/{hidden.client_id}")).status_code == 404
    assert await told(hidden.colleague) == [("case_handed_over", "case", hidden.case_id)]
    for each in (hidden.member, stands_in):
        assert await told(each) == [(CHANGED, "case", hidden.case_id)]
    assert await told(hidden.lead) == await told(hidden.chief) == []
    (entry,) = await journal(world, "case.hand_over")
    assert (entry["changed"], len(entry["client_pseudonyms"])) == (["lead"], 1)
    (waits,) = await group(hidden.colleague, "handovers")
    assert waits["responsible"]["id"] == str(hidden.lead.user_id)


@pytest.mark.parametrize("who", ["member", "deputy", "colleague", "chief"])
async def test_nobody_else_hands_it_on(world: World, who: str) -> None:
    hidden = await a_hidden_case(world)
    person = await hidden.stand_in() if who == "deputy" else getattr(hidden, who)
    refused = await hidden.hand_over(person, hidden.colleague)
    assert refused.status_code == (403 if who != "colleague" else 404)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right"):
        await _assigns(hidden, person, hidden.member if who == "colleague" else hidden.colleague)
    assert await hidden.leads() == hidden.lead.user_id


async def test_it_is_handed_to_a_case_manager_of_the_unit_alone(world: World) -> None:
    hidden = await a_hidden_case(world)
    elsewhere = await world.person(Role.CASE_MANAGER, unit="Stadt Voerde")
    gone = await world.case_manager()
    await leave(world, gone)
    for person in (elsewhere, gone, hidden.chief, hidden.lead):
        refused = await hidden.hand_over(hidden.lead, person)
        assert (refused.status_code, [each["place"] for each in places(refused)]) == (422, ["body.user_id"])
    assert await hidden.leads() == hidden.lead.user_id


async def test_of_a_case_that_is_not_hidden_the_team_lead_decides(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    refused = await amira.post(f"/v1/cases/{case_id}/handover", {"user_id": str(ben.user_id)})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_restricted")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right"):
        async with world.sql(amira) as db:
            await (await db.driver()).execute(ASSIGN, new_id(), UUID(case_id), ben.user_id)


async def test_closed_case_is_not_handed_on(world: World) -> None:
    hidden = await a_hidden_case(world)
    await close(hidden.lead, hidden.case_id)
    refused = await hidden.hand_over(hidden.lead, hidden.colleague)
    assert (refused.status_code, refused.json()["allowed"]) == (409, ["reopen"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right"):
        await _assigns(hidden, hidden.lead, hidden.colleague)


async def test_closed_case_is_taken_over_when_its_lead_has_left_and_reopened_then(world: World) -> None:
    hidden = await a_hidden_case(world)
    await close(hidden.lead, hidden.case_id)
    early = await hidden.take_over(hidden.member)
    assert (early.status_code, early.json()["state"]) == (409, "led")
    await leave(world, hidden.lead)
    again = (f"{hidden.path}/reopen", {"reason": "Kommt wieder und braucht Hilfe"})
    assert (await hidden.member.post(*again)).status_code == 403
    assert (await hidden.take_over(hidden.colleague)).status_code == 404
    assert (await hidden.take_over(hidden.member)).status_code == 201
    assert (await hidden.member.post(*again)).status_code == 200


@pytest.mark.parametrize("kind", ["member", "deputy"])
@pytest.mark.parametrize("how", WAYS)
async def test_one_of_the_team_takes_over_when_the_lead_has_left(world: World, how: str, kind: str) -> None:
    hidden = await a_hidden_case(world)
    stands_in = await hidden.stand_in()
    takes, other = (hidden.member, stands_in) if kind == "member" else (stands_in, hidden.member)
    await leave(world, hidden.lead, how)
    for each in (hidden.member, stands_in):
        assert ("case_without_lead", "case", hidden.case_id) in await told(each)
        (item,) = await group(each, "cases_without_lead")
        assert (item["reason"], item["case"]["id"]) == ("to_take_over", hidden.case_id)
        assert item["responsible"]["id"] == str(hidden.lead.user_id)
    answer = await hidden.take_over(takes)
    assert (answer.status_code, answer.json()["kind"]) == (201, "lead"), answer.text
    assert await hidden.leads() == takes.user_id
    assert (CHANGED, "case", hidden.case_id) in await told(other)
    assert CHANGED not in [each for each, _, _ in await told(takes)]
    assert await group(other, "cases_without_lead") == await group(takes, "cases_without_lead") == []
    assert await told(hidden.chief) == await hidden.vacancies(hidden.chief) == []
    (entry,) = await journal(world, "case.take_over")
    assert (entry["object_id"], len(entry["client_pseudonyms"])) == (UUID(hidden.case_id), 1)
    assert await lift(takes, hidden.client_id) == 200


async def test_who_took_over_hands_it_on_and_keeps_nothing(world: World) -> None:
    hidden = await a_hidden_case(world)
    stands_in = await hidden.stand_in()
    await leave(world, hidden.lead)
    assert (await hidden.take_over(stands_in)).status_code == 201
    assert (await hidden.hand_over(stands_in, hidden.colleague)).status_code == 204
    assert not await sees(stands_in, hidden.case_id)


async def test_nobody_takes_over_while_the_lead_is_there(world: World) -> None:
    hidden = await a_hidden_case(world)
    stands_in = await hidden.stand_in()
    for person in (hidden.member, stands_in):
        refused = await hidden.take_over(person)
        assert (refused.status_code, refused.json()["state"]) == (409, "led")
        with pytest.raises(asyncpg.CheckViolationError, match="the lead works at the unit"):
            await _assigns(hidden, person, person)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right"):
        await _assigns(hidden, hidden.colleague, hidden.colleague)
    assert (await hidden.take_over(hidden.lead)).status_code == 403
    assert await hidden.leads() == hidden.lead.user_id


async def test_without_that_check_a_member_makes_themselves_lead_and_it_is_noticed(world: World) -> None:
    hidden = await a_hidden_case(world)
    async with planted(world, "assign_case", IS_LED, "AND false"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="needs a review"):
            await _assigns(hidden, hidden.member, hidden.member)
        await world.admin.execute("ALTER TABLE case_handovers DISABLE TRIGGER new_lead_is_reviewed")
        try:
            await _assigns(hidden, hidden.member, hidden.member)
        finally:
            await world.admin.execute("ALTER TABLE case_handovers ENABLE TRIGGER new_lead_is_reviewed")
    assert await hidden.leads() == hidden.member.user_id


async def test_lead_who_comes_back_leads_on_and_after_a_take_over_sees_nothing(world: World) -> None:
    hidden = await a_hidden_case(world)
    back = "UPDATE users SET disabled_at = NULL WHERE id = $1"
    await leave(world, hidden.lead, "disabled")
    await world.admin.execute(back, hidden.lead.user_id)
    assert (await hidden.take_over(hidden.member)).status_code == 409
    await leave(world, hidden.lead, "disabled")
    assert (await hidden.take_over(hidden.member)).status_code == 201
    await world.admin.execute(back, hidden.lead.user_id)
    assert not await sees(hidden.lead, hidden.case_id)
    assert (await hidden.hand_over(hidden.member, hidden.lead)).status_code == 204
    assert await hidden.leads() == hidden.lead.user_id


@pytest.mark.parametrize("who", ["colleague", "later deputy", "earlier deputy", "chief", "former member"])
async def test_who_is_not_on_the_team_now_takes_nothing_over(world: World, who: str) -> None:
    hidden = await a_hidden_case(world)
    person = hidden.chief if who == "chief" else hidden.colleague
    if who.endswith("deputy"):
        body = deputy(person)
        answer = await hidden.lead.post(f"{hidden.path}/deputies", body)
        assert answer.status_code == 201
        hours = "10 hours" if who == "later deputy" else "-10 hours"
        await world.admin.execute(
            f"""UPDATE assignments SET active_from = now() + interval '{hours}',
            active_until = now() + interval '{hours}' + interval '1 hour' WHERE user_id = $1""",
            person.user_id,
        )
    if who == "former member":
        person = hidden.member
        await leave(world, person)
    await leave(world, hidden.lead)
    assert (await hidden.take_over(person)).status_code in (403, 404)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right"):
        await _assigns(hidden, person, person)
    assert await hidden.leads() == hidden.lead.user_id


async def test_case_that_is_not_hidden_is_not_taken_over(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    assert (await amira.post(f"/v1/cases/{case_id}/deputies", deputy(ben))).status_code == 201
    await leave(world, amira)
    refused = await ben.post(f"/v1/cases/{case_id}/take-over")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_restricted")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no right"):
        async with world.sql(ben) as db:
            await (await db.driver()).execute(ASSIGN, new_id(), UUID(case_id), ben.user_id)


async def test_nobody_writes_an_assignment_by_hand(world: World) -> None:
    hidden = await a_hidden_case(world)
    await leave(world, hidden.lead)
    row = """INSERT INTO assignments
        (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind, created_by)
    VALUES (ctx_area(), $1, $2, $3, $4, $5, 'lead', $2)"""
    for sql, values in (
        (
            row,
            (
                new_id(),
                hidden.member.user_id,
                UUID(hidden.client_id),
                UUID(hidden.case_id),
                await world.unit(),
            ),
        ),
        ("SELECT give_case($1, $2, $3)", (new_id(), UUID(hidden.case_id), hidden.member.user_id)),
        ("UPDATE cases SET lead_user_id = $1", (hidden.member.user_id,)),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            async with world.sql(hidden.member) as db:
                await (await db.driver()).execute(sql, *values)
