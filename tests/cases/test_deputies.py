"""Who stands in on a case: from which day to which, named by whom, and never oneself."""

import asyncio
from datetime import date, timedelta

import pytest

from tests.cases.arrange import a_case, deputy, sees, team_lead, today
from tests.notifications.test_telling import told
from tests.refusals import places
from tests.world import Person, World


async def test_deputy_named_by_the_lead_works_until_the_deputyship_ends(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    made = await amira.post(f"/v1/cases/{case_id}/deputies", deputy(ben))
    assert (made.status_code, made.json()["kind"]) == (201, "deputy")
    task = {"title": "Vertretung", "due_on": "2030-01-01"}
    assert (await ben.post(f"/v1/cases/{case_id}/tasks", task)).status_code == 201
    path = f"/v1/cases/{case_id}/deputies/{made.json()['id']}"
    assert (await amira.delete(path)).status_code == 204
    assert not await sees(ben, case_id)
    assert (await amira.delete(path)).status_code == 404


async def test_deputyship_lasts_from_one_midnight_here_to_another(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    first = date(today().year + 1, 7, 1)
    body = deputy(ben, first, date(today().year + 1, 7, 14))
    made = (await lead.post(f"/v1/cases/{case_id}/deputies", body)).json()
    assert made["active_from"] == f"{first.year}-06-30T22:00:00+00:00"
    assert made["active_until"] == f"{first.year}-07-14T22:00:00+00:00"
    assert not await sees(ben, case_id)


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-5, -1), (3, 2), (0, 400)])
async def test_impossible_periods_are_refused(world: World, first: int, last: int) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    body = deputy(ben, today() + timedelta(days=first), today() + timedelta(days=last))
    answer = await amira.post(f"/v1/cases/{case_id}/deputies", body)
    assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, "body.until")


async def test_nobody_deputises_twice_on_the_same_days(world: World) -> None:
    amira, ben, cem = await world.case_manager(), await world.case_manager(), await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/deputies"

    async def named(person: Person, first: int, last: int) -> int:
        body = deputy(person, today() + timedelta(days=first), today() + timedelta(days=last))
        answer = await amira.post(path, body)
        if answer.status_code == 409:
            assert answer.json()["code"] == "deputy_already"
        return answer.status_code

    assert await named(ben, 10, 20) == 201
    assert [await named(ben, *days) for days in ((10, 20), (20, 30), (0, 10), (12, 13))] == [409] * 4
    assert [await named(ben, 21, 30), await named(ben, 0, 9), await named(cem, 10, 20)] == [201] * 3


async def test_deputy_named_twice_at_once_is_one(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/deputies"
    answers = await asyncio.gather(*(amira.post(path, deputy(ben)) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


async def test_nobody_is_their_own_deputy(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    path = f"/v1/cases/{await a_case(world, amira)}/deputies"
    for who, whom in ((amira, amira), (lead, lead), (lead, amira)):
        answer = await who.post(path, deputy(whom))
        assert (answer.status_code, places(answer)) == (
            422,
            [{"place": "body.user_id", "kind": "somebody_else"}],
        )
    stranger = await world.case_manager()
    assert (await stranger.post(path, deputy(stranger))).status_code == 404


async def test_deputy_names_no_further_deputy(world: World) -> None:
    amira, ben, cem = await world.case_manager(), await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    await amira.post(f"/v1/cases/{case_id}/deputies", deputy(ben))
    answer = await ben.post(f"/v1/cases/{case_id}/deputies", deputy(cem))
    assert (answer.status_code, answer.json()["code"]) == (403, "relation_missing")
    assert (await cem.post(f"/v1/cases/{case_id}/deputies", deputy(cem))).status_code == 404


async def test_somebody_without_the_case_ends_no_deputyship(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    stranger = await team_lead(world, "Caritas")
    case_id = await a_case(world, amira)
    made = (await amira.post(f"/v1/cases/{case_id}/deputies", deputy(ben))).json()["id"]
    assert (await stranger.delete(f"/v1/cases/{case_id}/deputies/{made}")).status_code == 404
    assert await sees(ben, case_id)


@pytest.mark.parametrize("days", [0, 12])
async def test_deputy_is_told_at_once_also_of_later_days(world: World, days: int) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    body = deputy(ben, today() + timedelta(days=days))
    assert (await amira.post(f"/v1/cases/{case_id}/deputies", body)).status_code == 201
    assert await told(ben) == [("case_deputised", "case", case_id)]
    assert await told(amira) == []


async def test_new_member_is_told_and_who_breaks_the_glass_is_not(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    body = {"user_id": str(ben.user_id), "kind": "member"}
    assert (await lead.post(f"/v1/cases/{case_id}/assign", body)).status_code == 201
    reason = {"reason": "Kollegin ist verunglückt"}
    assert (await lead.post(f"/v1/cases/{case_id}/break-glass", reason)).status_code == 201
    assert await told(ben) == [("case_joined", "case", case_id)]
    assert [kind for kind, _, _ in [*await told(lead), *await told(amira)]] == ["glass_broken"]
