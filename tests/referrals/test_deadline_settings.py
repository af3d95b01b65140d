"""How long a kind of institution has: a setting of the area, for what is sent from then on."""

from typing import Any

import pytest

from app.access.roles import Role
from app.kit.database import Database
from app.referrals.deadlines import expire_due, remind_due
from tests.referrals.aftermath import do
from tests.referrals.arrange import Scene, a_scene, sent, step
from tests.world import Person, World

PATH = "/v1/referral-deadlines/jobcenter"
SHORT = {"answer_days": 7, "reminder_days": [2, 5]}


async def _set(person: Person, body: dict[str, Any] | None = None, version: int = 0, path: str = PATH) -> Any:
    return await person.put(path, body or SHORT, If_Match=f'"{version}"')


async def _all(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = {}
    query: dict[str, Any] = {"limit": 100}
    while True:
        page = (await person.get("/v1/referral-deadlines", **query)).json()
        found |= {each["institution_type"]: each for each in page["items"]}
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


async def _referral(scene: Scene, referral_id: str) -> dict[str, Any]:
    seen: dict[str, Any] = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    return seen


async def test_without_a_setting_fourteen_days_hold_for_every_kind(world: World) -> None:
    found = await _all(await world.person(Role.COORDINATOR))
    assert len(found) > 20
    assert {(each["answer_days"], *each["reminder_days"]) for each in found.values()} == {(14, 3, 9)}
    assert not any(each["is_set"] or each["version"] for each in found.values())


async def test_setting_holds_for_its_kind_and_area_alone(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    answer = await _set(admin)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"institution_type": "jobcenter", **SHORT, "is_set": True, "version": 1}
    found = await _all(admin)
    assert found["jobcenter"] == answer.json()
    assert found["schule"]["answer_days"] == 14
    neighbour = await (await world.neighbour()).person(Role.ADMIN)
    assert (await _all(neighbour))["jobcenter"]["answer_days"] == 14


async def test_what_is_sent_from_then_on_is_reminded_and_expires_by_it(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    before = await sent(scene)
    await step(scene, before, "accept")
    await _set(await world.person(Role.ADMIN))
    await sent(scene)
    days = (1.9, 2.1, 4.9, 5.1, 6.9)
    assert [await do(worker_database, scene, remind_due, days=each) for each in days] == [0, 1, 0, 1, 0]
    assert [await do(worker_database, scene, expire_due, days=each) for each in (6.9, 7.1)] == [0, 1]


async def test_what_is_under_way_keeps_what_held_when_it_was_sent(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    await sent(scene)
    await _set(await world.person(Role.ADMIN))
    assert await do(worker_database, scene, expire_due, days=13.9) == 0
    assert await do(worker_database, scene, remind_due, days=2.9) == 0
    assert await do(worker_database, scene, expire_due, days=14.1) == 1


async def test_second_look_has_the_days_of_the_first(world: World) -> None:
    scene = await a_scene(world)
    await _set(await world.person(Role.ADMIN))
    referral_id = await sent(scene)
    await _set(await world.person(Role.ADMIN), {"answer_days": 30, "reminder_days": []}, version=1)
    await step(scene, referral_id, "reject", reason="no_capacity")
    seen = (await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")).json()
    sent_back = next(each["at"] for each in seen["history"] if each["step"] == "send-back")
    assert seen["deadline_at"][8:10] != sent_back[8:10]
    days = "SELECT deadline_at - sent_back_at = interval '7 days' FROM referral_requests WHERE id = $1"
    assert await world.admin.fetchval(days, referral_id)


async def test_late_answer_after_a_short_deadline_still_counts(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    await _set(await world.person(Role.ADMIN))
    referral_id = await sent(scene)
    await do(worker_database, scene, expire_due, days=8)
    assert (await step(scene, referral_id, "accept"))["state"] == "accepted"


@pytest.mark.parametrize(
    "body",
    [
        {"answer_days": 0, "reminder_days": []},
        {"answer_days": 181, "reminder_days": []},
        {"answer_days": 7, "reminder_days": [7]},
        {"answer_days": 7, "reminder_days": [2, 2]},
        {"answer_days": 7, "reminder_days": [0]},
        {"answer_days": 20, "reminder_days": [1, 2, 3, 4, 5]},
        {"answer_days": 7},
    ],
)
async def test_reminders_come_once_and_before_the_last_day(world: World, body: dict[str, Any]) -> None:
    admin = await world.person(Role.ADMIN)
    assert (await _set(admin, body)).status_code == 422
    assert not (await _all(admin))["jobcenter"]["is_set"]


async def test_unknown_kind_is_404(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    assert (await _set(admin, path="/v1/referral-deadlines/bakery")).status_code == 404


async def test_of_two_who_set_it_the_second_has_to_read_first(world: World) -> None:
    admin = await world.person(Role.ADMIN)
    assert (await _set(admin)).status_code == 200
    assert (await _set(admin)).status_code == 412
    assert (await _set(admin, version=1)).status_code == 200
    assert (await admin.put(PATH, SHORT)).status_code == 428


@pytest.mark.parametrize("role", [Role.CASE_MANAGER, Role.COORDINATOR, Role.PARTNER_USER])
async def test_only_the_administrator_sets_it(world: World, role: Role) -> None:
    assert (await _set(await world.person(role))).status_code == 403
