"""Somebody hidden is seen by the teams of their running cases alone, as long as there are any."""

from datetime import timedelta

import pytest

from tests.cases.arrange import close, deputy, open_case, sees, today
from tests.clients.earlier_teams import a_scene, hide, put_on, reopen
from tests.referrals.arrange import assign
from tests.world import World

HELD = """SELECT kind FROM assignments WHERE user_id = $1 AND (active_until IS NULL OR active_until > now())
ORDER BY kind"""
PASSES = """UPDATE assignments SET active_from = active_from - interval '30 days',
    active_until = active_until - interval '30 days' WHERE user_id = $1 AND active_until > now()"""


async def test_whoever_worked_with_somebody_before_sees_them_no_more_once_they_are_hidden(
    world: World,
) -> None:
    scene = await a_scene(world)
    assert await scene.see() == [True, True, True]  # as everybody who is not hidden
    await hide(scene.lead, scene.client_id)
    assert await scene.see() == [False, False, True]
    assert not await sees(scene.past, scene.earlier)
    assert await sees(scene.lead, scene.running)


async def test_a_shelter_hides_from_them_too(world: World) -> None:
    scene = await a_scene(world)
    shelter = {"strand": "actual", "housing_type": "womens_shelter"}
    answer = await scene.lead.post(f"/v1/clients/{scene.client_id}/addresses", shelter)
    assert answer.status_code == 201, answer.text
    assert await scene.see() == [False, False, True]


async def test_whoever_works_on_a_running_case_keeps_what_they_had(world: World) -> None:
    scene = await a_scene(world)
    await assign(world, scene.colleague, scene.client_id, scene.running)
    await hide(scene.lead, scene.client_id)
    assert await scene.see() == [False, True, True]
    assert await sees(scene.colleague, scene.earlier)


async def test_team_of_the_last_case_goes_on_seeing_somebody_hidden(world: World) -> None:
    scene = await a_scene(world)
    await close(scene.lead, scene.running)
    await hide(scene.past, scene.client_id)
    assert await scene.see() == [True, True, True]


async def test_with_the_end_of_their_case_its_team_leaves_somebody_hidden_to_the_others(world: World) -> None:
    scene = await a_scene(world, is_closed=False)
    await hide(scene.lead, scene.client_id)
    assert await scene.see() == [True, True, True]
    await close(scene.past, scene.earlier)
    # Whoever does it has another minute.
    assert await scene.see() == [True, False, True]
    await scene.a_minute_passes()
    assert await scene.see() == [False, False, True]
    assert await world.admin.fetch(HELD, scene.past.user_id) == []


async def test_whoever_hides_them_from_an_earlier_case_sees_that_it_was_done(world: World) -> None:
    scene = await a_scene(world)
    await hide(scene.past, scene.client_id)
    assert await scene.see() == [True, False, True]
    await scene.a_minute_passes()
    assert await scene.see() == [False, False, True]


async def test_new_case_of_somebody_hidden_is_for_its_team_alone(world: World) -> None:
    scene = await a_scene(world)
    await close(scene.lead, scene.running)
    await hide(scene.lead, scene.client_id)
    await open_case(scene.lead, scene.client_id)
    assert await scene.see() == [False, False, True]


async def test_with_a_case_that_is_reopened_the_other_team_leaves(world: World) -> None:
    scene = await a_scene(world)
    await close(scene.lead, scene.running)
    await hide(scene.lead, scene.client_id)
    assert await scene.see() == [True, True, True]
    await reopen(scene.lead, scene.running)
    assert await scene.see() == [False, False, True]


async def test_whoever_closed_by_mistake_and_reopens_within_the_minute_goes_on_leading(world: World) -> None:
    scene = await a_scene(world, is_closed=False)
    await hide(scene.lead, scene.client_id)
    await close(scene.past, scene.earlier)
    await reopen(scene.past, scene.earlier)
    await scene.a_minute_passes()
    assert await sees(scene.past, scene.earlier)


async def test_whoever_is_taken_off_the_running_team_keeps_nothing_by_an_earlier_case(world: World) -> None:
    scene = await a_scene(world)
    member = await put_on(world, scene.running, scene.colleague, "member")
    await hide(scene.lead, scene.client_id)
    assert await scene.see() == [False, True, True]
    assert (await scene.lead.delete(f"/v1/cases/{scene.running}/team/{member}")).status_code == 204
    assert await scene.see() == [False, False, True]


async def test_deputy_sees_somebody_hidden_no_longer_than_they_stand_in(world: World) -> None:
    scene = await a_scene(world)
    named = await scene.lead.post(f"/v1/cases/{scene.running}/deputies", deputy(scene.colleague))
    assert named.status_code == 201, named.text
    await hide(scene.lead, scene.client_id)
    assert await scene.see() == [False, True, True]
    await world.admin.execute(PASSES, scene.colleague.user_id)
    assert await scene.see() == [False, False, True]


async def test_deputy_of_a_later_day_is_on_no_team_today(world: World) -> None:
    scene = await a_scene(world)
    first = today() + timedelta(days=30)
    body = deputy(scene.colleague, first, first + timedelta(days=10))
    named = await scene.lead.post(f"/v1/cases/{scene.running}/deputies", body)
    assert named.status_code == 201, named.text
    await hide(scene.lead, scene.client_id)
    assert await scene.see() == [False, False, True]


async def test_the_minute_opens_no_case_and_names_no_deputy(world: World) -> None:
    scene = await a_scene(world)
    await hide(scene.past, scene.client_id)
    assert (await scene.see())[0]
    body = {"client_id": scene.client_id, "kind": "case_management", "access_route": "self"}
    assert (await scene.past.post("/v1/cases", body)).status_code == 404
    named = await scene.past.post(f"/v1/cases/{scene.earlier}/deputies", deputy(scene.colleague))
    assert named.status_code == 404
    await scene.a_minute_passes()
    assert await scene.see() == [False, False, True]


@pytest.mark.parametrize(
    "gone",
    [
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1",
        "UPDATE users SET disabled_at = now() WHERE id = $1",
    ],
)
async def test_where_the_lead_of_the_running_case_has_left_the_earlier_team_stays(
    world: World, gone: str
) -> None:
    scene = await a_scene(world)
    await world.admin.execute(gone, scene.lead.user_id)
    await hide(scene.past, scene.client_id)
    await scene.a_minute_passes()
    assert await scene.see() == [True, True, False]


@pytest.mark.parametrize(("table", "trigger"), [("clients", "restrict"), ("cases", "leave_hidden")])
async def test_without_the_trigger_they_go_on_seeing_and_it_is_noticed(
    world: World, table: str, trigger: str
) -> None:
    scene = await a_scene(world, is_closed=table == "clients")
    await world.admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    try:
        await hide(scene.lead, scene.client_id)
        if table == "cases":
            await close(scene.past, scene.earlier)
    finally:
        await world.admin.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    assert (await scene.see())[1] is True
