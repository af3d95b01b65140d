"""A child waits since it was registered: a list for a place makes nothing shorter."""

from app.access.roles import Role
from tests.cases.arrange import travel
from tests.conftest import Clock
from tests.school_entries.arrange import a_desk
from tests.world import World


async def test_child_that_comes_on_a_list_late_has_waited_no_less(world: World, clock: Clock) -> None:
    desk = await a_desk(world)
    travel(world, clock, desk.lead, 2026, 11, 30, 9)
    row = await desk.register(registered_on="2026-01-10")
    assert (row["waiting_days"], row["listed_on"]) == (324, None)
    listed = (await desk.step(row, "wait", on="2026-11-25")).json()
    assert (listed["waiting_since"], listed["waiting_days"]) == ("2026-01-10", 324)
    assert listed["listed_on"] == "2026-11-25"
    (mine,) = (await desk.lead.get("/v1/me/school-waiting")).json()["items"]
    assert (mine["waiting_days"], mine["listed_on"]) == (324, "2026-11-25")
    groups = {each["group"]: each for each in (await desk.lead.get("/v1/me/work")).json()["groups"]}
    assert [each["since"] for each in groups["school_waiting"]["items"]] == ["2026-01-10"]


async def test_bands_count_from_being_registered(world: World, clock: Clock) -> None:
    team_lead = await world.person(Role.TEAM_LEAD)
    for desk in [await a_desk(world) for _ in range(3)]:
        travel(world, clock, desk.lead, 2026, 11, 30, 9)
        row = await desk.register(registered_on="2026-01-10")
        assert (await desk.step(row, "wait", on="2026-11-25")).status_code == 200
    travel(world, clock, team_lead, 2026, 11, 30, 9)
    seen = (await team_lead.get(f"/v1/units/{team_lead.place_id}/school-waiting")).json()
    told = {(each["stage"], each["band"]): each["children"] for each in seen["bands"] if each["children"]}
    assert told == {("lower_secondary", "over_26"): 3}


async def test_corrected_day_of_the_list_changes_the_list_alone(world: World, clock: Clock) -> None:
    desk = await a_desk(world)
    travel(world, clock, desk.lead, 2026, 11, 30, 9)
    row = await desk.register(registered_on="2026-01-10")
    wait = (await desk.step(row, "wait", on="2026-11-25")).json()["steps"][-1]
    body = {"on": "2026-02-01", "reason": "Vertippt"}
    moved = (await desk.lead.post(f"{desk.path}/{row['id']}/steps/{wait['id']}/correct", body)).json()
    assert (moved["listed_on"], moved["waiting_days"]) == ("2026-02-01", 324)
