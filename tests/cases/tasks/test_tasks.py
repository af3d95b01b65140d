"""Tasks: due for somebody on the case's team."""

from tests.cases.arrange import a_case, team_lead
from tests.refusals import places
from tests.world import World

TASK = {"title": "Bescheid prüfen", "due_on": "2030-01-02"}


async def test_task_without_assignee_is_the_writers_own(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/tasks"
    made = await amira.post(path, TASK)
    assert (made.status_code, made.json()["assignee"]["id"]) == (201, str(amira.user_id))
    assert (await amira.get(path)).json()["items"] == [made.json()]


async def test_task_goes_to_the_team_only(world: World) -> None:
    amira, ben, lead = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    path = f"/v1/cases/{case_id}/tasks"
    body = {**TASK, "assignee_id": str(ben.user_id)}
    refused = await amira.post(path, body)
    assert places(refused) == [{"place": "body.assignee_id", "kind": "not_on_team"}]
    await lead.post(f"/v1/cases/{case_id}/assign", {"user_id": str(ben.user_id), "kind": "member"})
    assert (await amira.post(path, body)).status_code == 201


async def test_whoever_looks_by_break_glass_gets_no_task(world: World) -> None:
    amira, lead = await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    await lead.post(f"/v1/cases/{case_id}/break-glass", {"reason": "Kollegin ist verunglückt"})
    body = {**TASK, "assignee_id": str(lead.user_id)}
    assert (await amira.post(f"/v1/cases/{case_id}/tasks", body)).status_code == 422


async def test_ticking_off_says_when_and_by_whom_and_can_be_taken_back(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/tasks"
    task = f"{path}/{(await amira.post(path, TASK)).json()['id']}"
    done = await amira.patch(task, {"done": True}, if_match='"1"')
    assert (done.json()["done_by"], done.json()["done_at"] is None) == (str(amira.user_id), False)
    again = await amira.patch(task, {"done": True}, if_match=done.headers["etag"])
    assert again.json()["done_at"] == done.json()["done_at"]
    back = await amira.patch(task, {"done": False}, if_match=again.headers["etag"])
    assert (back.json()["done_at"], back.json()["done_by"]) == (None, None)


async def test_tasks_are_narrowed_by_done_and_come_by_due_date(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/tasks"
    for day in ("2030-03-03", "2030-01-01", "2030-02-02"):
        made = await amira.post(path, {**TASK, "due_on": day})
    await amira.patch(f"{path}/{made.json()['id']}", {"done": True}, if_match='"1"')
    days = {
        wanted: [each["due_on"] for each in (await amira.get(path, is_done=wanted)).json()["items"]]
        for wanted in ("true", "false")
    }
    assert days == {"true": ["2030-02-02"], "false": ["2030-01-01", "2030-03-03"]}


async def test_handing_a_task_on_stays_within_the_team(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/tasks"
    task = f"{path}/{(await amira.post(path, TASK)).json()['id']}"
    answer = await amira.patch(task, {"assignee_id": str(ben.user_id)}, if_match='"1"')
    assert places(answer) == [{"place": "body.assignee_id", "kind": "not_on_team"}]


async def test_other_fields_change_without_ticking_off(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/tasks"
    task = f"{path}/{(await amira.post(path, TASK)).json()['id']}"
    changed = await amira.patch(task, {"due_on": "2030-05-05"}, if_match='"1"')
    assert (changed.json()["due_on"], changed.json()["done_at"]) == ("2030-05-05", None)


async def test_task_of_another_case_is_not_found_under_this_one(world: World) -> None:
    amira = await world.case_manager()
    one, other = await a_case(world, amira), await a_case(world, amira)
    made = (await amira.post(f"/v1/cases/{one}/tasks", TASK)).json()["id"]
    answer = await amira.patch(f"/v1/cases/{other}/tasks/{made}", {"title": "x"}, if_match='"1"')
    assert answer.status_code == 404


async def test_what_was_dropped_is_not_ticked_off(world: World) -> None:
    amira = await world.case_manager()
    path = f"/v1/cases/{await a_case(world, amira)}/tasks"
    task = f"{path}/{(await amira.post(path, TASK)).json()['id']}"
    dropped = await amira.post(f"{task}/step", {"step": "drop", "reason": "Erledigt sich"})
    refused = await amira.patch(task, {"done": True}, if_match=dropped.headers["etag"])
    assert (refused.status_code, refused.json()["state"]) == (409, "dropped")
    assert refused.json()["allowed"] == ["reopen"]
    back = await amira.patch(task, {"done": False}, if_match=dropped.headers["etag"])
    assert back.json()["state"] == "open"
