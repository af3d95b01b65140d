"""For whom a school entry is: pupils, and people of full age only where adults are taught."""

import pytest

from tests.cases.arrange import travel
from tests.conftest import Clock
from tests.refusals import places
from tests.school_entries.arrange import a_desk, born
from tests.world import World


@pytest.mark.parametrize(
    ("day", "precision", "stage", "is_taken"),
    [
        ("2008-03-15", "day", "lower_secondary", False),
        ("2008-03-15", "day", "primary", False),
        ("2008-03-15", "day", "upper_secondary", True),
        ("2008-03-16", "day", "lower_secondary", True),
        ("2008-03-01", "month", "lower_secondary", True),
        ("2008-02-01", "month", "lower_secondary", False),
        ("2008-01-01", "year", "lower_secondary", True),
        ("2007-01-01", "year", "lower_secondary", False),
    ],
)
async def test_who_is_surely_of_full_age_goes_to_no_school_for_children(
    world: World, clock: Clock, *, day: str, precision: str, stage: str, is_taken: bool
) -> None:
    desk = await a_desk(world)
    await born(world, desk.client_id, day, precision)
    travel(world, clock, desk.lead, 2026, 3, 15, 9)
    answer = await desk.lead.post(desk.path, {"stage": stage})
    assert (answer.status_code == 201) is is_taken, answer.text
    if not is_taken:
        assert places(answer) == [{"place": "body.stage", "kind": "of_full_age"}]
        assert "upper_secondary" in answer.json()["errors"][0]["message"]


async def test_a_correction_of_the_stage_asks_for_the_age_too(world: World) -> None:
    desk = await a_desk(world)
    await born(world, desk.client_id, "1990-04-01", "day")
    row = await desk.register(stage="upper_secondary")
    answer = await desk.lead.patch(f"{desk.path}/{row['id']}", {"stage": "primary"}, if_match='"1"')
    assert places(answer) == [{"place": "body.stage", "kind": "of_full_age"}]


@pytest.mark.parametrize(("birth_year", "is_taken"), [(1990, False), (2015, True), (None, True)])
async def test_of_a_member_their_own_year_counts_and_not_that_of_the_client(
    world: World, *, birth_year: int | None, is_taken: bool
) -> None:
    desk = await a_desk(world)
    await born(world, desk.client_id, "1990-04-01", "day")
    member = await desk.member(name="Yusuf", relation="child", birth_year=birth_year)
    answer = await desk.lead.post(desk.path, {"stage": "primary", "member_id": member})
    assert (answer.status_code == 201) is is_taken, answer.text
