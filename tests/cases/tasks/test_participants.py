"""Who takes part in an appointment: told when it begins, moves and ends for them, and it is on their list."""

from typing import Any

from tests.cases.arrange import today
from tests.cases.tasks.arrange import Desk, a_desk, told
from tests.cases.tasks.test_appointments import meeting
from tests.work.arrange import behind, group
from tests.world import World

LATER = "2030-03-06T09:30:00Z"


async def _change(desk: Desk, task: dict[str, Any], **fields: Any) -> None:
    path = f"{desk.path}/{task['id']}"
    version = (await desk.lead.get(path)).headers["etag"]
    answer = await desk.lead.patch(path, fields, if_match=version)
    assert answer.status_code == 200, answer.text


async def test_appointment_is_on_the_list_of_a_member_who_takes_part(world: World) -> None:
    desk = await a_desk(world)
    task, other = await desk.task(**meeting(desk)), await desk.task(**{**meeting(desk), "participants": []})
    for each in (task, other):
        sql = "UPDATE tasks SET due_on = $2, due_at = $2::date + time '12:00' WHERE id = $1"
        await behind(world, sql, each["id"], today())
    assert [each["target"]["id"] for each in await group(desk.member, "tasks_today")] == [task["id"]]
    off = "UPDATE assignments SET active_until = now() WHERE user_id = $1"
    await world.admin.execute(off, desk.member.user_id)
    assert await group(desk.member, "tasks_today") == []


async def test_participant_is_told_of_being_added_moved_and_dropped(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(**{**meeting(desk), "participants": []})
    await _change(desk, task, participants=[str(desk.member.user_id)])
    await _change(desk, task, due_at=LATER)
    await _change(desk, task, place="Rathaus, Zimmer 5")
    await desk.step(desk.lead, task, "drop", reason="Erledigt sich")
    await desk.step(desk.lead, task, "reopen")
    await _change(desk, task, participants=[])
    assert await told(desk.member) == [
        "appointment_invited", "task_moved", "task_moved", "task_dropped", "task_reopened",
        "appointment_uninvited",
    ]  # fmt: skip
    assert await told(desk.lead) == []


async def test_participant_of_a_new_appointment_is_told_and_of_other_changes_not(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(**meeting(desk))
    await _change(desk, task, title="Anderer Anlass", note="Unterlagen mitbringen", minutes=30)
    await desk.step(desk.lead, task, "finish")
    await desk.step(desk.lead, task, "reopen")
    assert await told(desk.member) == ["appointment_invited"]


async def test_series_tells_its_first_appointment_and_each_that_is_moved(world: World) -> None:
    desk = await a_desk(world)
    weekly = {"frequency": "weekly", "count": 3}
    task = await desk.task(**meeting(desk), recurrence=weekly)
    await desk.step(desk.lead, task, "finish")
    assert len(await desk.all()) == 2
    assert await told(desk.member) == ["appointment_invited"]
    (following,) = [each for each in await desk.all() if each["id"] != task["id"]]
    await _change(desk, following, due_at="2030-03-15T09:30:00Z")
    assert await told(desk.member) == ["appointment_invited", "task_moved"]


async def test_who_is_off_the_case_is_told_nothing(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(**meeting(desk))
    off = "UPDATE assignments SET active_until = now() WHERE user_id = $1"
    await world.admin.execute(off, desk.member.user_id)
    await _change(desk, task, due_at=LATER)
    assert await told(desk.member) == ["appointment_invited"]


async def test_assignee_is_told_when_somebody_else_moves_or_drops_what_is_theirs(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.offered()
    await desk.step(desk.member, task, "accept")
    await _change(desk, task, due_on="2030-02-01")
    await desk.step(desk.lead, task, "drop", reason="Erledigt sich")
    assert await told(desk.member) == ["task_assigned", "task_moved", "task_dropped"]


async def test_whoever_moves_their_own_is_told_nothing(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task()
    await _change(desk, task, due_on="2030-02-01")
    await desk.step(desk.lead, task, "drop", reason="Erledigt sich")
    assert (await told(desk.lead), await told(desk.member)) == ([], [])


async def test_participant_who_becomes_the_assignee_is_not_uninvited(world: World) -> None:
    desk = await a_desk(world)
    task = await desk.task(**meeting(desk))
    await _change(desk, task, assignee_id=str(desk.member.user_id))
    assert await told(desk.member) == ["appointment_invited", "task_assigned"]
