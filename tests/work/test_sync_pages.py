"""Where a page of catching up ends: nothing hides behind one that is just full."""

from tests.cases.arrange import a_case, team_lead
from tests.cases.test_team import to
from tests.work.arrange import a_task
from tests.work.syncing import Phone
from tests.world import World


async def test_page_that_is_just_full_hides_nothing_behind_it(world: World) -> None:
    anna = await world.case_manager()
    case_id = await a_case(world, anna)
    phones = [Phone(anna, limit=limit) for limit in range(1, 7)]
    for phone in phones:
        await phone.catch_up()
    for _ in range(2):
        await a_task(world, anna, case_id, "2026-06-20")
    wish = {"life_domain": "housing", "wording": "Wohnung"}
    assert (await anna.post(f"/v1/cases/{case_id}/goals", wish)).status_code == 201
    for phone in phones:
        lines = await phone.catch_up()
        assert [line["kind"] for line in lines] == ["task", "task", "goal"], phone.limit
    await a_task(world, anna, case_id, "2026-06-21")
    lead, theirs = await team_lead(world), await a_case(world, await world.case_manager())
    assert (await lead.post(f"/v1/cases/{theirs}/assign", to(anna))).status_code == 201
    for phone in phones:
        lines = await phone.catch_up()
        assert [line["kind"] for line in lines] == ["task", "case", "client"], phone.limit
        assert ("case", theirs) in phone.held
