"""A task given to a colleague: offered, accepted or back again; its end and its history."""

from datetime import timedelta

from tests.cases.arrange import a_case, deputy, team_lead, today
from tests.cases.tasks.arrange import a_desk, told
from tests.cases.test_team import to
from tests.refusals import places
from tests.world import World


async def test_offered_task_is_accepted_and_whoever_gave_it_is_told(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.offered()
    assert (task["state"], await told(desk.member)) == ("offered", ["task_assigned"])
    accepted = await desk.step(desk.member, task, "accept")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "open")
    assert accepted.json()["assignee"]["id"] == str(desk.member.user_id)
    assert await told(desk.lead) == ["task_accepted"]


async def test_declined_task_goes_back_to_whoever_gave_it(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.offered()
    without = await desk.step(desk.member, task, "decline")
    assert places(without) == [{"place": "body.reason", "kind": "missing"}]
    back = (await desk.step(desk.member, task, "decline", reason="Urlaub")).json()
    assert (back["state"], back["assignee"]["id"]) == ("open", str(desk.lead.user_id))
    assert await told(desk.lead) == ["task_declined"]


async def test_nobody_answers_in_anothers_place(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.step(desk.lead, await desk.offered(), "accept")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_given_to_you")


async def test_own_task_is_not_accepted(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.step(desk.lead, await desk.task(), "accept")
    assert (answer.status_code, answer.json()["state"]) == (409, "open")
    assert "finish" in answer.json()["allowed"]


async def test_taking_over_tells_nobody(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task()
    mine = {"assignee_id": str(desk.member.user_id)}
    taken = await desk.member.patch(f"{desk.path}/{task['id']}", mine, if_match='"1"')
    assert (taken.json()["state"], await told(desk.member), await told(desk.lead)) == ("open", [], [])


async def test_dropping_needs_a_reason_and_reopening_takes_it_back(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task()
    assert places(await desk.step(desk.lead, task, "drop")) == [{"place": "body.reason", "kind": "missing"}]
    dropped = (await desk.step(desk.lead, task, "drop", reason="Erledigt sich")).json()
    assert (dropped["state"], dropped["drop_reason"]) == ("dropped", "Erledigt sich")
    assert dropped["done_at"] is not None
    again = (await desk.step(desk.lead, task, "reopen")).json()
    assert (again["state"], again["drop_reason"], again["done_at"]) == ("open", None, None)
    assert await desk.steps(task) == [("create", "open"), ("drop", "dropped"), ("reopen", "open")]


async def test_reopened_task_of_somebody_who_left_falls_to_the_lead(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.offered()
    await desk.step(desk.member, task, "finish")
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE user_id = $1", desk.member.user_id
    )
    again = (await desk.step(desk.lead, task, "reopen")).json()
    assert again["assignee"]["id"] == str(desk.lead.user_id)


async def test_history_says_who_did_what_and_belongs_to_the_team(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.offered()
    await desk.step(desk.member, task, "decline", reason="Urlaub")
    path = f"{desk.path}/{task['id']}/steps"
    last = (await desk.lead.get(path)).json()["items"][-1]
    assert (last["user"]["id"], last["reason"]) == (str(desk.member.user_id), "Urlaub")
    assert (await (await world.case_manager()).get(path)).status_code == 404


async def test_step_that_comes_twice_with_its_key_is_taken_once(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task()
    path = f"{desk.path}/{task['id']}/step"
    sent = [await desk.lead.post(path, {"step": "finish"}, idempotency_key="tick-0001") for _ in range(2)]
    assert [each.status_code for each in sent] == [200, 200]
    assert await desk.steps(task) == [("create", "open"), ("finish", "done")]


async def test_closed_case_takes_no_step(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task()
    await desk.lead.post(f"/v1/cases/{desk.case_id}/close", {"reason": "goals_reached"})
    assert (await desk.step(desk.lead, task, "finish")).status_code == 409


async def test_deputy_of_a_later_day_is_given_nothing_before(world: World) -> None:
    anja, sabine, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    path = f"/v1/cases/{await a_case(world, anja)}"
    later = today() + timedelta(days=12)
    assert (await anja.post(f"{path}/deputies", deputy(sabine, later))).status_code == 201
    task = {"title": "Anrufen", "due_on": "2030-01-01", "assignee_id": str(sabine.user_id)}
    appointment = {
        "title": "Gespräch", "kind": "appointment", "due_at": "2030-01-01T09:00:00Z", "minutes": 30,
        "participants": [str(sabine.user_id)],
    }  # fmt: skip
    for body, place in ((task, "body.assignee_id"), (appointment, "body.participants")):
        refused = await anja.post(f"{path}/tasks", body)
        assert (refused.status_code, places(refused)) == (422, [{"place": place, "kind": "not_on_team"}])
    assert (await lead.post(f"{path}/assign", to(sabine, "member"))).status_code == 201
    assert (await anja.post(f"{path}/tasks", task)).status_code == 201
    assert [each["user"]["id"] for each in (await anja.get(f"{path}/team")).json()["items"]].count(
        str(sabine.user_id)
    ) == 2
