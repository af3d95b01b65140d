"""A case manager leaves: what they have open waits for a colleague, and stays unread until one takes it."""

import pytest

from app.access.roles import Role
from tests.cases.arrange import leave
from tests.inquiries.arrange import NAMED, PATH, ask, waiting
from tests.world import Person, World


async def _listed(person: Person) -> list[str]:
    items = (await person.get(f"{PATH}/waiting")).json()["items"]
    return [f"{PATH}/{each['id']}" for each in items]


@pytest.mark.parametrize("how", ["membership ended", "disabled"])
async def test_what_was_open_waits_and_is_taken_by_a_colleague(world: World, how: str) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    path = await ask(amira, **NAMED)
    assert await _listed(ben) == []
    await leave(world, amira, how)
    assert await _listed(ben) == [path]
    assert (await ben.get(path)).status_code == 404
    taken = await ben.post(f"{path}/take")
    assert (taken.status_code, taken.json()["name"]) == (200, "Nadia Karim")


async def test_what_has_ended_or_waits_already_stays_as_it_is(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    waits = await waiting(amira)
    done = await ask(amira)
    await amira.post(f"{done}/finish", {"outcome": "advised"})
    await world.admin.execute("UPDATE inquiries SET waiting_since = '2026-01-05' WHERE state = 'waiting'")
    await leave(world, amira, "membership ended")
    (one,) = (await ben.get(f"{PATH}/waiting")).json()["items"]
    assert (f"{PATH}/{one['id']}", one["waiting_since"]) == (waits, "2026-01-05")


async def test_inquiries_of_another_unit_and_of_colleagues_stay_where_they_are(world: World) -> None:
    amira, ben, cem = [await world.case_manager() for _ in range(3)]
    await ask(ben)
    await leave(world, amira, "membership ended")
    assert await _listed(cem) == []


async def test_end_of_another_role_moves_nothing(world: World) -> None:
    amira, ben = await world.person(Role.CASE_MANAGER, Role.TEAM_LEAD), await world.case_manager()
    await ask(amira)
    await world.admin.execute(
        "UPDATE memberships SET ended_at = now() WHERE user_id = $1 AND role = 'team_lead'", amira.user_id
    )
    assert await _listed(ben) == []


@pytest.mark.parametrize(("sent", "left"), [({}, "child"), ({"priority_reason": None}, None)])
async def test_putting_back_keeps_the_urgency_unless_it_is_sent(
    world: World, sent: dict[str, None], left: str | None
) -> None:
    amira = await world.case_manager()
    path = await ask(amira, **NAMED)
    await amira.post(f"{path}/wait", {"priority_reason": "child"})
    await amira.post(f"{path}/take")
    back = await amira.post(f"{path}/wait", sent)
    assert (back.status_code, back.json()["priority_reason"]) == (200, left)
