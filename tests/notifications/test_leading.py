"""A notification leads to what it tells of: where that has an address below its case, it says which case."""

from typing import Any

from app.kit.database import Database
from tests.cases.arrange import a_case
from tests.conferences.arrange import a_table
from tests.conftest import Clock
from tests.notifications.test_telling import deliver
from tests.referrals.arrange import assign
from tests.transfers import arrange as transfers
from tests.world import Person, World

ADDRESS = {
    "task": "/v1/cases/{case_id}/tasks/{object_id}",
    "conference": "/v1/cases/{case_id}/conferences/{object_id}",
    "transfer": "/v1/cases/{case_id}/transfers/{object_id}",
}


async def _newest(person: Person, kind: str) -> dict[str, Any]:
    inbox = (await person.get("/v1/me/notifications")).json()["items"]
    return next(dict(each) for each in inbox if each["kind"] == kind)


async def _opens(person: Person, kind: str) -> str:
    """Return the case that a notification names, once what it tells of could be read there."""
    told = await _newest(person, kind)
    answer = await person.get(ADDRESS[told["object_type"]].format(**told))
    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == told["object_id"]
    return str(told["case_id"])


async def _given_task(world: World, lead: Person, ben: Person) -> str:
    case_id = await a_case(world, lead)
    client_id = (await lead.get(f"/v1/cases/{case_id}")).json()["client"]["id"]
    await assign(world, ben, client_id, case_id)
    body = {"title": "Anruf beim Jobcenter", "due_on": "2030-01-02", "assignee_id": str(ben.user_id)}
    given = await lead.post(f"/v1/cases/{case_id}/tasks", body)
    assert given.status_code == 201, given.text
    return case_id


async def test_task_that_was_given_is_opened_from_the_inbox(world: World) -> None:
    lead, ben = await world.case_manager(), await world.case_manager()
    case_id = await _given_task(world, lead, ben)
    assert await _opens(ben, "task_assigned") == case_id


async def test_notification_marked_as_read_still_leads_there(world: World) -> None:
    lead, ben = await world.case_manager(), await world.case_manager()
    case_id = await _given_task(world, lead, ben)
    told = await _newest(ben, "task_assigned")
    read = await ben.post(f"/v1/me/notifications/{told['id']}/read")
    assert read.json()["case_id"] == case_id


async def test_conference_is_opened_from_the_inbox(
    world: World, worker_database: Database, clock: Clock
) -> None:
    table, ben = await a_table(world), await world.case_manager()
    await assign(world, ben, table.scene.client_id, table.scene.case_id)
    row = await table.plan()
    assert (await table.colleague(row, ben.user_id)).status_code == 200
    await deliver(worker_database, clock)
    assert await _opens(ben, "conference_invited") == table.scene.case_id


async def test_sender_opens_a_transfer_and_its_receiver_has_an_address_without_a_case(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await transfers.a_scene(world)
    transfer_id = await transfers.offered(scene)
    await deliver(worker_database, clock)
    assert (await _newest(scene.lead, "transfer_offered"))["case_id"] is None
    assert (await scene.lead.get(f"/v1/transfers/{transfer_id}")).status_code == 200
    await transfers.accept(scene, transfer_id)
    await deliver(worker_database, clock)
    assert await _opens(scene.manager, "transfer_answered") == scene.case_id


async def test_who_is_off_the_case_is_not_told_which_one_it_was(world: World) -> None:
    lead, ben = await world.case_manager(), await world.case_manager()
    case_id = await _given_task(world, lead, ben)
    assert (await _newest(ben, "task_assigned"))["case_id"] == case_id
    await world.admin.execute("UPDATE assignments SET active_until = now() WHERE user_id = $1", ben.user_id)
    assert (await _newest(ben, "task_assigned"))["case_id"] is None
