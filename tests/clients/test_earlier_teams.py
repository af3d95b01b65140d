"""Somebody hidden is seen by the teams of their running cases alone, as long as there are any."""

from dataclasses import dataclass

import pytest

from tests.cases.arrange import close, open_case, sees, team_lead
from tests.clients.arrange import etag_of, new_client
from tests.referrals.arrange import assign
from tests.world import Person, World

HELD = """SELECT kind FROM assignments WHERE user_id = $1 AND (active_until IS NULL OR active_until > now())
ORDER BY kind"""
LATER = """UPDATE assignments SET active_until = greatest(active_from, active_until - interval '1 minute')
WHERE user_id = $1 AND active_until <= now() + interval '1 minute'"""


@dataclass
class Scene:
    """A client with an earlier case, its lead and member, and a case that runs with another lead."""

    world: World
    client_id: str
    earlier: str
    running: str
    past: Person
    colleague: Person
    lead: Person

    async def see(self) -> list[bool]:
        """Say whether the earlier lead and member, and the present lead, see the client."""
        path = f"/v1/clients/{self.client_id}"
        return [(await each.get(path)).status_code == 200 for each in (self.past, self.colleague, self.lead)]


async def a_scene(world: World, *, is_closed: bool = True) -> Scene:
    past, colleague, lead = [await world.case_manager() for _ in range(3)]
    client_id = await new_client(past)
    earlier = await open_case(past, client_id)
    await assign(world, colleague, client_id, earlier)
    running = await open_case(past, client_id, kind="counselling")
    handed = await (await team_lead(world)).post(
        f"/v1/cases/{running}/assign", {"user_id": str(lead.user_id), "kind": "lead"}
    )
    assert handed.status_code == 201, handed.text
    if is_closed:
        await close(past, earlier)
    return Scene(world, client_id, earlier, running, past, colleague, lead)


async def hide(scene: Scene, person: Person) -> None:
    path = f"/v1/clients/{scene.client_id}"
    answer = await person.patch(path, {"is_restricted": True}, if_match=await etag_of(person, path))
    assert answer.status_code == 200, answer.text


async def test_whoever_worked_with_somebody_before_sees_them_no_more_once_they_are_hidden(
    world: World,
) -> None:
    scene = await a_scene(world)
    assert await scene.see() == [True, True, True]  # as everybody who is not hidden
    await hide(scene, scene.lead)
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
    await hide(scene, scene.lead)
    assert await scene.see() == [False, True, True]
    assert await sees(scene.colleague, scene.earlier)


async def test_team_of_the_last_case_goes_on_seeing_somebody_hidden(world: World) -> None:
    scene = await a_scene(world)
    await close(scene.lead, scene.running)
    await hide(scene, scene.past)
    assert await scene.see() == [True, True, True]


async def test_with_the_end_of_their_case_its_team_leaves_somebody_hidden_to_the_others(world: World) -> None:
    scene = await a_scene(world, is_closed=False)
    await hide(scene, scene.lead)
    assert await scene.see() == [True, True, True]
    await close(scene.past, scene.earlier)
    # Whoever does it has another minute.
    assert await scene.see() == [True, False, True]
    await world.admin.execute(LATER, scene.past.user_id)
    assert await scene.see() == [False, False, True]
    assert await world.admin.fetch(HELD, scene.past.user_id) == []


async def test_whoever_hides_them_from_an_earlier_case_sees_that_it_was_done(world: World) -> None:
    scene = await a_scene(world)
    await hide(scene, scene.past)
    assert await scene.see() == [True, False, True]
    await world.admin.execute(LATER, scene.past.user_id)
    assert await scene.see() == [False, False, True]


async def test_new_case_of_somebody_hidden_is_for_its_team_alone(world: World) -> None:
    scene = await a_scene(world)
    await close(scene.lead, scene.running)
    await hide(scene, scene.lead)
    await open_case(scene.lead, scene.client_id)
    assert await scene.see() == [False, False, True]


@pytest.mark.parametrize(("table", "trigger"), [("clients", "restrict"), ("cases", "leave_hidden")])
async def test_without_the_trigger_they_go_on_seeing_and_it_is_noticed(
    world: World, table: str, trigger: str
) -> None:
    scene = await a_scene(world, is_closed=table == "clients")
    await world.admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    try:
        await hide(scene, scene.lead)
        if table == "cases":
            await close(scene.past, scene.earlier)
    finally:
        await world.admin.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    assert (await scene.see())[1] is True
