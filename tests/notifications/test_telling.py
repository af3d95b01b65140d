"""Who is told of what: the recipients of a referral, the team of a case, the holders of a double."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.kit.database import Database, System
from app.wiring import wire
from app.worker import run_once
from tests.cases.arrange import open_case, register
from tests.clients.arrange import AMINA, new_client
from tests.conftest import Clock
from tests.consents.arrange import withdraw
from tests.referrals.arrange import a_scene, agreed, assign, draft, send, sent, step
from tests.world import Person, World


async def deliver(worker_database: Database, clock: Clock) -> None:
    await run_once(worker_database, wire(), clock, jobs=())


async def told(person: Person) -> list[tuple[str, str, str]]:
    """Return kind, type and id of what a person was told, oldest first."""
    listed: list[dict[str, Any]] = (await person.get("/v1/me/notifications")).json()["items"]
    return [(each["kind"], each["object_type"], each["object_id"]) for each in reversed(listed)]


async def again(world: World) -> None:
    """Let every row of the outbox be delivered a second time."""
    await world.admin.execute(
        "UPDATE outbox SET done_at = NULL, available_at = now() WHERE municipal_area_id = $1", world.area
    )


async def test_people_of_the_recipient_are_told_of_a_referral_once(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    colleague = await world.person(Role.PARTNER_USER)
    elsewhere = await world.person(Role.PARTNER_USER, institution="schule")
    referral = await sent(scene)
    await deliver(worker_database, clock)
    await again(world)
    await deliver(worker_database, clock)
    for person in (scene.partner, colleague):
        assert await told(person) == [("referral_received", "referral", referral)]
    assert await told(elsewhere) == await told(scene.manager) == []


async def test_nobody_is_told_of_a_referral_off_the_platform(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    await send(scene, await draft(scene, channel="letter"))
    await deliver(worker_database, clock)
    assert await told(scene.partner) == []


async def test_former_and_disabled_people_of_the_recipient_are_not_told(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    former, disabled = await world.person(Role.PARTNER_USER), await world.person(Role.PARTNER_USER)
    await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = $1", former.user_id)
    await world.admin.execute("UPDATE users SET disabled_at = now() WHERE id = $1", disabled.user_id)
    await sent(scene)
    await deliver(worker_database, clock)
    count = "SELECT count(*) FROM notifications WHERE user_id = ANY ($1)"
    assert await world.admin.fetchval(count, [former.user_id, disabled.user_id]) == 0
    assert await world.admin.fetchval(count, [scene.partner.user_id]) == 1


async def test_team_is_told_of_answer_and_end_and_those_who_broke_the_glass_are_not(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    member, lead = await world.case_manager(), await world.person(Role.TEAM_LEAD)
    await assign(world, member, scene.client_id, scene.case_id)
    await assign(world, lead, scene.client_id, scene.case_id, "break_glass")
    referral = await sent(scene)
    await step(scene, referral, "accept")
    await step(scene, referral, "complete", outcome="helped")
    await deliver(worker_database, clock)
    for person in (scene.manager, member):
        assert sorted(await told(person)) == [
            ("referral_answered", "referral", referral),
            ("referral_completed", "referral", referral),
        ]
    assert await told(lead) == []


async def test_whoever_did_not_cancel_is_told(world: World, worker_database: Database, clock: Clock) -> None:
    scene = await a_scene(world)
    by_sender, by_recipient = await sent(scene), await sent(scene)
    answer = await scene.manager.post(f"/v1/referrals/{by_sender}/cancel", {"reason": "no_longer_wanted"})
    assert answer.status_code == 200, answer.text
    await step(scene, by_recipient, "accept")
    await step(scene, by_recipient, "cancel", reason="no_longer_wanted")
    await deliver(worker_database, clock)
    assert ("referral_cancelled", "referral", by_sender) in await told(scene.partner)
    assert ("referral_cancelled", "referral", by_recipient) not in await told(scene.partner)
    assert ("referral_cancelled", "referral", by_recipient) in await told(scene.manager)
    assert ("referral_cancelled", "referral", by_sender) not in await told(scene.manager)


async def test_reminder_goes_to_the_recipient_and_silence_to_the_team(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    await deliver(worker_database, clock)
    for event, handler in (
        ("referral.reminder_due", "remind_recipient"),
        ("referral.expired", "tell_team"),
    ):
        await world.admin.execute(
            """INSERT INTO outbox (municipal_area_id, id, event, handler, payload)
            VALUES ($1, gen_random_uuid(), $2, $3, jsonb_build_object(
                'referral_id', $4::text, 'institution_id', $5::text, 'day', 3))""",
            world.area, event, handler, referral, scene.institution_id,
        )  # fmt: skip
    await deliver(worker_database, clock)
    assert (await told(scene.partner))[-1] == ("referral_reminder", "referral", referral)
    assert await told(scene.manager) == [("referral_expired", "referral", referral)]


async def test_both_sides_are_told_of_a_revocation_in_the_transaction_of_the_withdrawal(
    world: World,
) -> None:
    scene = await a_scene(world)
    member = await world.case_manager()
    await assign(world, member, scene.client_id, scene.case_id)
    consent = await agreed(scene)
    referral = await draft(scene)
    await send(scene, referral)
    await withdraw(scene.manager, consent)
    for person in (scene.manager, member, scene.partner):
        assert await told(person) == [("referral_revoked", "referral", referral)]


async def test_revocation_is_told_to_a_team_that_the_recorder_does_not_see(world: World) -> None:
    scene = await a_scene(world)
    consent = await agreed(scene)
    referral = await draft(scene)
    await send(scene, referral)
    other = await world.case_manager()
    await register(world, other, scene.client_id, await world.unit())
    await open_case(other, scene.client_id)
    await withdraw(other, consent)
    assert await told(scene.manager) == [("referral_revoked", "referral", referral)]
    assert await told(other) == []


async def test_telling_of_a_revocation_does_nothing_for_any_other_referral(world: World) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    async with world.sql(scene.manager) as db:
        await (await db.driver()).execute("SELECT tell_of_revocation($1, now())", UUID(referral))
    assert await told(scene.partner) == await told(scene.manager) == []


async def test_holders_of_a_very_similar_person_are_told_and_the_searcher_is_not(
    world: World, worker_database: Database, clock: Clock
) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager(unit="Stadt Voerde")
    client = await new_client(holder)
    await deliver(worker_database, clock)
    answer = await searcher.post("/v1/clients", {**AMINA, "confirm_new": True})
    assert answer.status_code == 201, answer.text
    await deliver(worker_database, clock)
    assert await told(holder) == [("possible_duplicate", "client", client)]
    assert await told(searcher) == []


async def test_holders_of_a_restricted_person_are_not_told(
    world: World, worker_database: Database, clock: Clock
) -> None:
    holder, searcher = await world.case_manager(), await world.case_manager(unit="Stadt Voerde")
    client = await new_client(holder)
    await world.admin.execute("UPDATE clients SET is_restricted = true WHERE id = $1", UUID(client))
    await searcher.post("/v1/clients", {**AMINA, "confirm_new": True})
    await deliver(worker_database, clock)
    assert await told(holder) == []


async def test_task_is_told_to_whom_another_gave_it(world: World) -> None:
    scene = await a_scene(world)
    member = await world.case_manager()
    await assign(world, member, scene.client_id, scene.case_id)
    path = f"/v1/cases/{scene.case_id}/tasks"
    own = await scene.manager.post(path, {"title": "Anrufen", "due_on": "2099-12-01"})
    assert own.status_code == 201, own.text
    body = {"title": "Anrufen", "due_on": "2099-12-01", "assignee_id": str(member.user_id)}
    given = (await scene.manager.post(path, body)).json()
    assert await told(scene.manager) == []
    assert await told(member) == [("task_assigned", "task", given["id"])]
    handed = {"assignee_id": str(member.user_id)}
    await scene.manager.patch(f"{path}/{own.json()['id']}", handed, if_match=own.headers["etag"])
    assert ("task_assigned", "task", own.json()["id"]) in await told(member)


async def leave(world: World, *people: Person) -> None:
    """Let people leave the unit; their assignments stay as they are."""
    ids = [each.user_id for each in people]
    await world.admin.execute("UPDATE memberships SET ended_at = now() WHERE user_id = ANY ($1)", ids)


async def kinds_told(world: World, *people: Person) -> list[str]:
    rows = await world.admin.fetch(
        "SELECT kind FROM notifications WHERE user_id = ANY ($1) ORDER BY kind",
        [each.user_id for each in people],
    )
    return [row["kind"] for row in rows]


async def test_who_has_left_the_unit_is_told_of_no_referral_and_no_double(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    member, registrar = await world.case_manager(), await world.case_manager()
    await assign(world, member, scene.client_id, scene.case_id)
    client = await new_client(registrar)
    consent = await agreed(scene)
    await send(scene, referral := await draft(scene))
    await leave(world, member, registrar)
    await step(scene, referral, "accept")
    searcher = await world.case_manager(unit="Stadt Voerde")
    await searcher.post("/v1/clients", {**AMINA, "confirm_new": True})
    await deliver(worker_database, clock)
    await withdraw(scene.manager, consent)
    assert await kinds_told(world, member, registrar) == []
    assert {"referral_answered", "referral_revoked"} <= set(await kinds_told(world, scene.manager))
    await world.admin.execute("UPDATE memberships SET ended_at = NULL WHERE user_id = $1", registrar.user_id)
    await again(world)
    await deliver(worker_database, clock)
    assert set(await told(registrar)) == {("possible_duplicate", "client", client)}


async def test_who_has_left_the_unit_is_told_of_no_task_and_no_broken_glass(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene, lead = await a_scene(world), await world.person(Role.TEAM_LEAD)
    member = await world.case_manager()
    await assign(world, member, scene.client_id, scene.case_id)
    body = {"title": "Anrufen", "due_on": "2099-12-01", "remind_minutes": 0}
    path = f"/v1/cases/{scene.case_id}"
    task = (await scene.manager.post(f"{path}/tasks", {**body, "assignee_id": str(member.user_id)})).json()
    await leave(world, member, scene.manager)
    at = await world.admin.fetchval("SELECT remind_at FROM tasks WHERE id = $1", UUID(task["id"]))
    async with worker_database.transaction(System(world.area, "test")) as db:
        assert await (await db.driver()).fetchval("SELECT tell_due_tasks($1)", at) == 0
    glass = await lead.post(f"{path}/break-glass", {"reason": "Lebensgefahr am Abend"})
    assert glass.status_code == 201, glass.text
    assert await kinds_told(world, member, scene.manager) == ["task_assigned"]


@pytest.mark.parametrize("way", ["flag", "shelter"])
async def test_team_is_told_which_recipients_go_on_reading_when_somebody_becomes_restricted(
    world: World, way: str
) -> None:
    scene, registrar, lead = (
        await a_scene(world),
        await world.case_manager(),
        await world.person(Role.TEAM_LEAD),
    )
    member, past = await world.case_manager(), await world.case_manager()
    for person in (member, past):
        await assign(world, person, scene.client_id, scene.case_id)
    await register(world, registrar, scene.client_id, await world.unit())
    await leave(world, past)
    read, shut, over = await sent(scene), await sent(scene), await sent(scene)
    await step(scene, shut, "reject", reason="no_capacity")
    assert (await scene.manager.post(f"/v1/referrals/{over}/cancel", {"reason": "other"})).status_code == 200
    await draft(scene)
    path = f"/v1/clients/{scene.client_id}"
    if way == "flag":
        version = (await registrar.get(path)).headers["etag"]
        done = await registrar.patch(path, {"is_restricted": True}, if_match=version)
    else:
        shelter = {"strand": "actual", "housing_type": "womens_shelter"}
        done = await registrar.post(f"{path}/addresses", shelter)
    assert done.status_code in {200, 201}, done.text
    for person in (scene.manager, member):
        # What was rejected could be sent back.
        seen = [("restricted_while_referred", "referral", each) for each in (read, shut)]
        assert sorted(await told(person)) == sorted(seen)
    assert await kinds_told(world, registrar, lead, past, scene.partner) == []
    assert (await scene.partner.get(f"/v1/partner/referrals/{read}")).json()["package"] is not None
    ended = await scene.manager.post(f"/v1/referrals/{read}/cancel", {"reason": "no_longer_wanted"})
    assert ended.status_code == 200, ended.text
    assert "package" not in (await scene.partner.get(f"/v1/partner/referrals/{read}")).json()
