"""Appointments: a moment, a place, participants of the team; reminders that say nothing."""

from datetime import timedelta

from app.kit.database import Database
from app.upkeep import Job, remind_of_tasks
from tests.cases.arrange import travel
from tests.cases.tasks.arrange import Desk, a_desk, told, work
from tests.conftest import Clock
from tests.refusals import places
from tests.world import World

REMIND = Job("remind", timedelta(minutes=1), remind_of_tasks)
AT = "2030-03-05T09:30:00Z"


def meeting(desk: Desk) -> dict[str, object]:
    return {"kind": "appointment", "due_at": AT, "minutes": 60, "place": "Rathaus, Zimmer 4",
            "participants": [str(desk.member.user_id)]}  # fmt: skip


async def test_appointment_has_moment_place_and_participants(world: World) -> None:
    desk = await a_desk(world)
    made = await desk.task(**meeting(desk))
    assert (made["due_on"], made["due_at"], made["minutes"]) == (
        "2030-03-05",
        "2030-03-05T09:30:00+00:00",
        60,
    )
    assert [each["id"] for each in made["participants"]] == [str(desk.member.user_id)]


async def test_day_of_a_moment_is_the_day_in_the_office(world: World) -> None:
    desk = await a_desk(world)
    assert (await desk.task(due_at="2030-03-05T23:30:00Z"))["due_on"] == "2030-03-06"


async def test_appointment_without_a_moment_is_refused(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.lead.post(desk.path, {"kind": "appointment", "title": "x", "due_on": "2030-01-01"})
    assert places(answer) == [{"place": "body.due_at", "kind": "missing"}]


async def test_day_and_moment_together_or_neither_are_refused(world: World) -> None:
    desk = await a_desk(world)
    for due in ({}, {"due_on": "2030-03-05", "due_at": AT}):
        answer = await desk.lead.post(desk.path, {"title": "x", **due})
        assert places(answer) == [{"place": "body.due_on", "kind": "one_of_two"}]


async def test_task_has_no_place(world: World) -> None:
    desk = await a_desk(world)
    answer = await desk.lead.post(desk.path, {"title": "x", "due_at": AT, "place": "Rathaus"})
    assert places(answer) == [{"place": "body.place", "kind": "appointment_only"}]


async def test_stranger_takes_no_part(world: World) -> None:
    desk, stranger = await a_desk(world), await world.case_manager()
    body = {**meeting(desk), "participants": [str(stranger.user_id)], "title": "x"}
    answer = await desk.lead.post(desk.path, body)
    assert places(answer) == [{"place": "body.participants", "kind": "not_on_team"}]


async def test_moving_to_a_day_takes_the_moment_away_from_a_task_only(world: World) -> None:
    desk = await a_desk(world)
    task, appointment = await desk.task(due_at=AT), await desk.task(**meeting(desk))
    day = {"due_on": "2030-04-01"}
    moved = await desk.lead.patch(f"{desk.path}/{task['id']}", day, if_match='"1"')
    assert (moved.json()["due_on"], moved.json()["due_at"]) == ("2030-04-01", None)
    refused = await desk.lead.patch(f"{desk.path}/{appointment['id']}", day, if_match='"1"')
    assert places(refused) == [{"place": "body.due_at", "kind": "missing"}]
    later = {"due_at": "2030-04-02T08:00:00Z"}
    moved = await desk.lead.patch(f"{desk.path}/{appointment['id']}", later, if_match='"1"')
    assert moved.json()["due_on"] == "2030-04-02"


async def test_participants_change_and_the_assignee_is_none_of_them(world: World) -> None:
    desk = await a_desk(world)
    made = await desk.task(**meeting(desk))
    path = f"{desk.path}/{made['id']}"
    both = {"participants": [str(desk.member.user_id), str(desk.lead.user_id)]}
    changed = await desk.lead.patch(path, {**both, "title": "Fallkonferenz"}, if_match='"1"')
    assert [each["id"] for each in changed.json()["participants"]] == [str(desk.member.user_id)]
    over = {"assignee_id": str(desk.member.user_id)}
    changed = await desk.member.patch(path, over, if_match=changed.headers["etag"])
    assert changed.json()["participants"] == []


async def test_reminder_comes_once_to_all_who_take_part(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await a_desk(world)
    await desk.task(**meeting(desk), remind_minutes=30)
    travel(world, clock, desk.lead, 2030, 3, 5, 8, 59)
    await work(world, worker_database, clock, REMIND)
    assert await kinds(world, desk) == []
    travel(world, clock, desk.lead, 2030, 3, 5, 9, 0)
    for _ in range(2):
        await work(world, worker_database, clock, REMIND)
    assert await kinds(world, desk) == [("task_due", str(each)) for each in people(desk)]


async def test_day_is_reminded_of_at_eight_in_the_office(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await a_desk(world)
    task = await desk.task(due_on="2030-07-05", remind_minutes=0)
    at = await world.admin.fetchval("SELECT remind_at FROM tasks WHERE id = $1::text::uuid", task["id"])
    assert at.isoformat() == "2030-07-05T06:00:00+00:00"
    clock.set(2030, 7, 5, 6, 0)
    await work(world, worker_database, clock, REMIND)
    assert len(await kinds(world, desk)) == 1


async def test_what_is_done_or_long_missed_reminds_nobody(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await a_desk(world)
    done = await desk.task(due_on="2030-07-05", remind_minutes=0)
    await desk.step(desk.lead, done, "finish")
    await desk.task(due_on="2030-07-01", remind_minutes=0)
    clock.set(2030, 7, 5, 6, 0)
    await work(world, worker_database, clock, REMIND)
    assert await kinds(world, desk) == []


async def test_whoever_left_the_team_is_not_reminded(
    world: World, worker_database: Database, clock: Clock
) -> None:
    desk = await a_desk(world)
    await desk.task(**meeting(desk), remind_minutes=0)
    await world.admin.execute(
        "UPDATE assignments SET active_until = now() WHERE user_id = $1", desk.member.user_id
    )
    clock.set(2030, 3, 5, 9, 30)
    await work(world, worker_database, clock, REMIND)
    assert await kinds(world, desk) == [("task_due", str(desk.lead.user_id))]


async def test_notification_holds_ids_and_a_code_only(world: World) -> None:
    desk = await a_desk(world)
    await desk.offered(title="Frau Haddad anrufen")
    assert await told(desk.member) == ["task_assigned"]
    assert "Haddad" not in (await desk.member.get("/v1/me/notifications")).text


def people(desk: Desk) -> list[object]:
    return sorted([desk.lead.user_id, desk.member.user_id])


async def kinds(world: World, desk: Desk) -> list[tuple[str, str]]:
    """Return what the people of a desk are told, by person."""
    rows = await world.admin.fetch(
        """SELECT kind, user_id FROM notifications WHERE municipal_area_id = $1 AND kind = 'task_due'
        ORDER BY user_id""",
        world.area,
    )
    return [(row["kind"], str(row["user_id"])) for row in rows]
