"""Of other areas there are codes of the catalogues and numbers of areas; nothing else crosses the border."""

from uuid import uuid4

from app.access.roles import Role
from tests.obstacles.arrange import WHY, bundled, moved, new_obstacle
from tests.world import World

ABOUT = {"barrier_types": ["N6"], "institution_types": ["kita"]}
"""Codes that no other test bundles: other areas are those of other tests too."""


async def test_obstacles_like_it_are_counted_by_area_and_status(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    mine = await bundled(coordinator, **ABOUT)
    path = f"/v1/obstacles/{mine['id']}/elsewhere"
    before = (await coordinator.get(path)).json()["items"]
    assert before == []
    neighbours = [await world.neighbour() for _ in range(3)]
    others = [await each.person(Role.COORDINATOR) for each in neighbours]
    for other in others[:2]:
        await bundled(other, title="Ein Text von anderswo", **ABOUT)
        await bundled(other, **ABOUT)
    working = await bundled(others[2], **ABOUT)
    await moved(others[2], working["id"], "in_working_group")
    answer = await coordinator.get(path)
    assert answer.json()["items"] == [
        {"barrier_type": "N6", "institution_type": "kita", "status": "bundled", "areas": 2},
        {"barrier_type": "N6", "institution_type": "kita", "status": "in_working_group", "areas": 1},
    ]
    assert "anderswo" not in answer.text
    assert not any(each.area in answer.text for each in neighbours)


async def test_drafts_what_was_rejected_and_other_kinds_are_not_told(world: World) -> None:
    coordinator = await world.person(Role.COORDINATOR)
    about = {"barrier_types": ["Q3"], "institution_types": ["kita"]}
    mine = await bundled(coordinator, **about)
    other = await (await world.neighbour()).person(Role.COORDINATOR)
    await new_obstacle(other, **about)
    rejected = await bundled(other, **about)
    await moved(other, rejected["id"], "rejected", **WHY)
    await bundled(other, **{**about, "institution_types": ["schule"]})
    await bundled(other, **{**about, "barrier_types": ["Q2"]})
    assert (await coordinator.get(f"/v1/obstacles/{mine['id']}/elsewhere")).json() == {"items": []}


async def test_only_coordinators_ask_and_only_about_their_own(world: World) -> None:
    coordinator, member = await world.person(Role.COORDINATOR), await world.person(Role.STEERING_MEMBER)
    about = {"barrier_types": ["Q1"], "institution_types": ["kita"]}
    mine = await bundled(coordinator, **about)
    other = await (await world.neighbour()).person(Role.COORDINATOR)
    foreign = await bundled(other, **about)
    assert (await member.get(f"/v1/obstacles/{mine['id']}/elsewhere")).status_code == 403
    for unseen in (foreign["id"], uuid4()):
        assert (await coordinator.get(f"/v1/obstacles/{unseen}/elsewhere")).status_code == 404
    ask = "SELECT count(*) FROM obstacles_elsewhere($1)"
    for person, obstacle in ((member, mine), (coordinator, foreign)):
        async with world.sql(person) as db:
            assert await (await db.driver()).fetchval(ask, obstacle["id"]) == 0
    async with world.sql(other) as db:
        assert (
            await (await db.driver()).fetchval("SELECT count(*) FROM obstacles WHERE id = $1", mine["id"])
            == 0
        )
