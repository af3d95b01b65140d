"""A case gets a new lead: what is open comes with it, and the new lead says that they have taken it over."""

import asyncio
from typing import Any
from uuid import UUID

import httpx

from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.ids import new_id
from app.wiring import wire
from app.worker import run_once
from tests.cases.arrange import a_case, journal, open_case, team_lead
from tests.work.arrange import group
from tests.world import Person, World

SOMEBODY_WAITS_FOR_US = """SELECT EXISTS (SELECT FROM pg_locks
WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"""
TASK = {"title": "Bescheid prüfen", "due_on": "2030-01-07"}


async def _hand_over(world: World, case_id: str, to: Person) -> Person:
    chief = await team_lead(world)
    body = {"user_id": str(to.user_id), "kind": "lead"}
    assert (await chief.post(f"/v1/cases/{case_id}/assign", body)).status_code == 201
    return chief


async def _acknowledge(person: Person, case_id: str, **body: Any) -> httpx.Response:
    return await person.post(f"/v1/cases/{case_id}/handover/acknowledge", body)


async def _told(world: World, person: Person) -> list[str]:
    rows = await world.admin.fetch(
        "SELECT kind FROM notifications WHERE user_id = $1 ORDER BY created_at", person.user_id
    )
    return [row["kind"] for row in rows]


async def test_open_tasks_of_the_leaving_lead_are_the_new_leads(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    path = f"/v1/cases/{case_id}"
    due = (await amira.post(f"{path}/tasks", TASK)).json()["id"]
    done = (await amira.post(f"{path}/tasks", TASK)).json()["id"]
    await amira.post(f"{path}/tasks/{done}/step", {"step": "finish"})
    await _hand_over(world, case_id, ben)
    tasks = {each["id"]: each for each in (await ben.get(f"{path}/tasks")).json()["items"]}
    assert tasks[due]["assignee"]["id"] == str(ben.user_id)
    assert tasks[done]["assignee"]["id"] == str(amira.user_id)
    last = (await ben.get(f"{path}/tasks/{due}/steps")).json()["items"][-1]
    assert (last["step"], last["user"]) == ("take_over", None)


async def test_task_that_was_only_offered_to_the_leaving_lead_is_open(world: World) -> None:
    amira, ben, cem = [await world.case_manager() for _ in range(3)]
    case_id = await a_case(world, amira)
    chief = await team_lead(world)
    await chief.post(f"/v1/cases/{case_id}/assign", {"user_id": str(cem.user_id), "kind": "member"})
    given = {**TASK, "assignee_id": str(amira.user_id)}
    due = (await cem.post(f"/v1/cases/{case_id}/tasks", given)).json()
    assert due["state"] == "offered"
    await _hand_over(world, case_id, ben)
    seen = (await ben.get(f"/v1/cases/{case_id}/tasks/{due['id']}")).json()
    assert (seen["state"], seen["assignee"]["id"]) == ("open", str(ben.user_id))


async def test_lead_who_stays_on_the_team_keeps_their_tasks(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    due = (await amira.post(f"/v1/cases/{case_id}/tasks", TASK)).json()["id"]
    chief = await team_lead(world)
    await chief.post(f"/v1/cases/{case_id}/assign", {"user_id": str(amira.user_id), "kind": "member"})
    await _hand_over(world, case_id, ben)
    seen = (await ben.get(f"/v1/cases/{case_id}/tasks/{due}")).json()
    assert seen["assignee"]["id"] == str(amira.user_id)


async def test_new_lead_is_told_and_finds_it_on_the_working_list_until_acknowledged(world: World) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    await _hand_over(world, case_id, ben)
    assert await _told(world, ben) == ["case_handed_over"]
    (item,) = await group(ben, "handovers")
    assert (item["target"]["id"], item["responsible"]["id"]) == (case_id, str(amira.user_id))
    answer = await _acknowledge(ben, case_id, note="Akte durchgesehen")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["note"], answer.json()["from_user"]["id"]) == (
        "Akte durchgesehen", str(amira.user_id),
    )  # fmt: skip
    assert await group(ben, "handovers") == []
    shown = (await ben.get(f"/v1/cases/{case_id}/open-items")).json()["handover"]
    assert shown == answer.json()


async def test_whoever_assigned_it_is_told_of_the_acknowledgement(
    world: World, worker_database: Database
) -> None:
    amira, ben = await world.case_manager(), await world.case_manager()
    case_id = await a_case(world, amira)
    chief = await _hand_over(world, case_id, ben)
    await _acknowledge(ben, case_id)
    await run_once(worker_database, wire(), utc_now, jobs=())
    assert await _told(world, chief) == ["handover_acknowledged"]
    (entry,) = await journal(world, "case.acknowledge_handover")
    assert entry["object_id"] == UUID(case_id)


async def test_nobody_but_the_new_lead_acknowledges_and_only_once(world: World) -> None:
    amira, ben, cem = [await world.case_manager() for _ in range(3)]
    case_id = await a_case(world, amira)
    assert (await _acknowledge(amira, case_id)).status_code == 404
    chief = await _hand_over(world, case_id, ben)
    await chief.post(f"/v1/cases/{case_id}/assign", {"user_id": str(cem.user_id), "kind": "member"})
    refused = await _acknowledge(cem, case_id)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_given_to_you")
    assert (await _acknowledge(amira, case_id)).status_code == 404
    assert (await _acknowledge(ben, case_id)).status_code == 200
    again = await _acknowledge(ben, case_id)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


async def test_second_handover_takes_the_place_of_the_first(world: World) -> None:
    amira, ben, cem = [await world.case_manager() for _ in range(3)]
    case_id = await a_case(world, amira)
    await _hand_over(world, case_id, ben)
    await _hand_over(world, case_id, cem)
    assert (await _acknowledge(ben, case_id)).status_code == 404
    assert (await _acknowledge(cem, case_id)).json()["from_user"]["id"] == str(ben.user_id)


async def test_opening_a_case_hands_nothing_over(world: World) -> None:
    amira = await world.case_manager()
    case_id = await a_case(world, amira)
    assert (await amira.get(f"/v1/cases/{case_id}/open-items")).json()["handover"] is None
    assert await group(amira, "handovers") == []
    assert await open_case(amira, (await amira.get(f"/v1/cases/{case_id}")).json()["client"]["id"])


_TASK_OF_LEAD = """INSERT INTO tasks (municipal_area_id, id, case_id, title, due_on, assignee_id, created_by)
VALUES (ctx_area(), $1, $2, 'Frist wahren', '2030-01-07', ctx_user(), ctx_user())"""


async def _written_during_a_hand_over(world: World) -> tuple[Person, Person, UUID | None]:
    """Write a task in a transaction that is open while the case is handed over; return whose it is then."""
    amira, ben, chief = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id, task_id = await a_case(world, amira), new_id()
    body = {"user_id": str(ben.user_id), "kind": "lead"}
    async with world.sql(amira) as db:
        driver = await db.driver()
        await driver.execute(_TASK_OF_LEAD, task_id, UUID(case_id))
        handing_over = asyncio.create_task(chief.post(f"/v1/cases/{case_id}/assign", body))
        while not handing_over.done() and not await driver.fetchval(SOMEBODY_WAITS_FOR_US):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert (await handing_over).status_code == 201
    return amira, ben, await world.admin.fetchval("SELECT assignee_id FROM tasks WHERE id = $1", task_id)


async def test_task_written_while_the_case_is_handed_over_comes_with_it(world: World) -> None:
    _, ben, assignee = await _written_during_a_hand_over(world)
    assert assignee == ben.user_id


async def test_without_its_lock_the_task_would_stay_with_who_left(world: World) -> None:
    source = await world.admin.fetchval(
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'assign_case'"
    )
    assert source.count("FOR UPDATE;") == 1
    await world.admin.execute(source.replace("FOR UPDATE;", "FOR NO KEY UPDATE;"))
    try:
        amira, _, assignee = await _written_during_a_hand_over(world)
    finally:
        await world.admin.execute(source)
    assert assignee == amira.user_id


async def test_task_that_comes_after_the_hand_over_is_refused(world: World) -> None:
    amira, ben, chief = await world.case_manager(), await world.case_manager(), await team_lead(world)
    case_id = await a_case(world, amira)
    async with world.sql(chief) as db:
        driver = await db.driver()
        await driver.execute(
            "SELECT assign_case($1, $2, $3, 'lead', NULL, NULL, NULL)", new_id(), UUID(case_id), ben.user_id
        )
        writing = asyncio.create_task(amira.post(f"/v1/cases/{case_id}/tasks", TASK))
        while not writing.done() and not await driver.fetchval(SOMEBODY_WAITS_FOR_US):  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert (await writing).status_code == 404
    assert await world.admin.fetchval("SELECT count(*) FROM tasks WHERE case_id = $1", UUID(case_id)) == 0
