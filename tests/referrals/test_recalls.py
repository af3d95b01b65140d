"""After a withdrawal each recipient is asked what becomes of the data; the team hears it, or the silence."""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.access.roles import Role
from app.kit.clock import local_date, utc_now
from app.kit.database import Database
from app.referrals.deadlines import chase_recalls
from tests.consents.arrange import give_consent, just_now, withdraw
from tests.notifications.test_telling import told
from tests.referrals.aftermath import deliver, do, recall, titles
from tests.referrals.arrange import Scene, a_scene, agreed, draft, put_in_state, send, step
from tests.world import World

TODAY = local_date(utc_now()).isoformat()
DELETED = {"account": "deleted", "deleted_on": TODAY}
KEPT = {"account": "kept", "kept_reason": "statutory_retention", "norm": "§ 84 SGB X, 10 Jahre"}


async def withdrawn(scene: Scene, state: str = "accepted", channel: str = "platform") -> str:
    consent_id = await agreed(scene, given_at=just_now())
    referral_id = await draft(scene, channel=channel)
    await send(scene, referral_id)
    if channel != "platform":
        path = f"/v1/referrals/{referral_id}/record-delivery"
        await scene.manager.post(path, {"delivery": "offered", "source": "letter"})
    await put_in_state(scene.world, referral_id, state)
    await withdraw(scene.manager, consent_id)
    return referral_id


@pytest.mark.parametrize("state", ["requested", "accepted", "expired", "rejected", "completed", "failed"])
async def test_each_recipient_is_asked_also_of_what_has_ended(world: World, state: str) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene, state)
    asked = await recall(scene, referral_id)
    assert asked is not None
    assert (asked["reason"], asked["account"], asked["acknowledged_at"]) == ("consent_withdrawn", None, None)
    until = datetime.fromisoformat(asked["due_at"]) - datetime.fromisoformat(asked["asked_at"])
    assert until == timedelta(days=14)
    listed = (await scene.partner.get("/v1/partner/recalls")).json()["items"]
    assert [each["id"] for each in listed] == [referral_id]


async def test_institution_is_told_of_what_has_ended_and_hears_nothing_of_the_client(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene, "completed")
    await deliver(worker_database)
    assert ("recall_asked", "referral", referral_id) in await told(scene.partner)
    assert ("recall_asked", "referral", referral_id) not in await told(scene.manager)
    seen = (await scene.partner.get("/v1/partner/recalls")).text
    assert scene.client_id not in seen
    assert scene.case_id not in seen


@pytest.mark.parametrize("channel", ["phone", "accompanied", "letter"])
async def test_whoever_was_told_off_the_platform_is_asked_though_nobody_recorded_the_delivery(
    world: World, channel: str
) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await agreed(scene), await draft(scene, channel=channel)
    assert (await send(scene, referral_id))["delivery"] == "queued"
    await withdraw(scene.manager, consent_id)
    asked = await recall(scene, referral_id)
    assert asked is not None
    assert (asked["is_on_platform"], asked["reason"]) == (False, "consent_withdrawn")
    assert await titles(scene) == ["Widerruf mitteilen und Antwort eintragen: jobcenter"]


async def test_letter_that_was_destroyed_before_it_left_is_answered_by_the_team(world: World) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await agreed(scene), await draft(scene, channel="letter")
    await send(scene, referral_id)
    await withdraw(scene.manager, consent_id)
    body = {**DELETED, "source": "letter"}
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/recall/record-answer", body)
    assert (answer.status_code, answer.json()["account"]) == (200, "deleted")


@pytest.mark.parametrize("channel", ["platform", "phone", "accompanied", "letter"])
async def test_draft_asks_nobody(world: World, channel: str) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await agreed(scene), await draft(scene, channel=channel)
    await withdraw(scene.manager, consent_id)
    assert await recall(scene, referral_id) is None
    assert await titles(scene) == []


@pytest.mark.parametrize("channel", ["phone", "accompanied", "letter"])
async def test_end_of_documentation_asks_off_the_platform_too(world: World, channel: str) -> None:
    scene = await a_scene(world)
    documentation = await give_consent(scene.manager, scene.client_id)
    await agreed(scene)
    under_way, unsent = await draft(scene, channel=channel), await draft(scene, channel=channel)
    await send(scene, under_way)
    await withdraw(scene.manager, documentation)
    assert await recall(scene, under_way) is not None
    assert await recall(scene, unsent) is None


async def test_what_the_client_carried_asks_nobody(world: World) -> None:
    scene = await a_scene(world)
    documentation = await give_consent(scene.manager, scene.client_id)
    referral_id = await draft(scene, channel="client", legal_basis="client_hands_over")
    await send(scene, referral_id)
    await put_in_state(world, referral_id, "accepted")
    await withdraw(scene.manager, documentation)
    assert await recall(scene, referral_id) is None


async def test_end_of_documentation_asks_those_it_revokes_and_nobody_of_long_ago(world: World) -> None:
    scene = await a_scene(world)
    documentation = await give_consent(scene.manager, scene.client_id)
    await agreed(scene)
    ended, under_way = await draft(scene), await draft(scene)
    for each, state in ((ended, "completed"), (under_way, "accepted")):
        await send(scene, each)
        await put_in_state(world, each, state)
    await withdraw(scene.manager, documentation)
    assert await recall(scene, ended) is None
    assert await recall(scene, under_way) is not None


@pytest.mark.parametrize("body", [DELETED, KEPT])
async def test_recipient_says_what_became_of_the_data_and_the_team_hears_it(
    world: World, worker_database: Database, body: dict[str, str]
) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    answer = await scene.partner.post(f"/v1/partner/recalls/{referral_id}/answer", body)
    assert answer.status_code == 200, answer.text
    seen = await recall(scene, referral_id)
    assert seen is not None
    assert {name: seen[name] for name in body} == body
    assert seen["acknowledged_at"] == seen["answered_at"]
    await deliver(worker_database)
    assert ("recall_answered", "referral", referral_id) in await told(scene.manager)


async def test_answer_stays_as_it_was_told(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    path = f"/v1/partner/recalls/{referral_id}/answer"
    assert (await scene.partner.post(path, KEPT)).status_code == 200
    again = await scene.partner.post(path, DELETED)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    with pytest.raises(asyncpg.CheckViolationError):
        await world.admin.execute("UPDATE referral_recalls SET norm = 'x' WHERE id = $1", UUID(referral_id))


async def test_confirming_the_revocation_confirms_what_was_asked(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    await step(scene, referral_id, "acknowledge-revocation")
    seen = await recall(scene, referral_id)
    assert seen is not None
    assert seen["acknowledged_at"] is not None
    assert seen["answered_at"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"account": "deleted"},
        {"account": "kept", "kept_reason": "other"},
        {"account": "kept", "norm": "§ 84 SGB X"},
        {**DELETED, "norm": "§ 84 SGB X"},
        {**KEPT, "deleted_on": TODAY},
        {"account": "deleted", "deleted_on": "2199-01-01"},
        {"account": "lost"},
    ],
)
async def test_half_an_answer_is_refused_and_leaves_nothing(world: World, body: dict[str, str]) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    answer = await scene.partner.post(f"/v1/partner/recalls/{referral_id}/answer", body)
    assert answer.status_code == 422, answer.text
    seen = await recall(scene, referral_id)
    assert seen is not None
    assert (seen["account"], seen["version"]) == (None, 1)


async def test_another_institution_finds_nothing(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    other = await world.person(Role.PARTNER_USER, institution="schule")
    assert (await other.post(f"/v1/partner/recalls/{referral_id}/answer", DELETED)).status_code == 404
    assert (await other.get("/v1/partner/recalls")).json()["items"] == []


async def test_neither_side_answers_for_the_other(world: World) -> None:
    scene = await a_scene(world)
    on_platform = await withdrawn(scene)
    body = {**DELETED, "source": "phone"}
    answer = await scene.manager.post(f"/v1/referrals/{on_platform}/recall/record-answer", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "answered_on_platform")
    off_it = await withdrawn(scene, channel="phone")
    assert (await scene.partner.post(f"/v1/partner/recalls/{off_it}/answer", DELETED)).status_code == 404


async def test_off_the_platform_the_team_gets_a_task_at_once_and_records_the_answer(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene, channel="letter")
    assert await titles(scene) == ["Widerruf mitteilen und Antwort eintragen: jobcenter"]
    body = {**KEPT, "source": "phone"}
    path = f"/v1/referrals/{referral_id}/recall/record-answer"
    answer = await scene.manager.post(path, body)
    assert (answer.status_code, answer.json()["source"]) == (200, "phone")
    assert await do(worker_database, scene, chase_recalls, days=30) == 0


async def test_silence_of_fourteen_days_becomes_one_task(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    done = [await do(worker_database, scene, chase_recalls, days=days) for days in (13.9, 14.1, 14.2, 60)]
    assert done == [0, 1, 0, 0]
    assert await titles(scene) == ["Nachfragen, ob nach dem Ende der Einwilligung gelöscht wurde: jobcenter"]
    await deliver(worker_database)
    assert ("recall_overdue", "referral", referral_id) in await told(scene.manager)
    late = await scene.partner.post(f"/v1/partner/recalls/{referral_id}/answer", DELETED)
    assert late.status_code == 200, late.text


async def test_whoever_has_answered_is_not_asked_after(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    await scene.partner.post(f"/v1/partner/recalls/{referral_id}/answer", DELETED)
    assert await do(worker_database, scene, chase_recalls, days=15) == 0
    assert await titles(scene) == []


async def test_confirmation_alone_is_no_answer(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    await step(scene, await withdrawn(scene), "acknowledge-revocation")
    assert await do(worker_database, scene, chase_recalls, days=15) == 1


async def test_closed_case_gets_no_task_but_its_team_is_told(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    documentation = await give_consent(scene.manager, scene.client_id)
    await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    await withdraw(scene.manager, documentation)
    assert await do(worker_database, scene, chase_recalls, days=15) == 1
    assert await titles(scene) == []
    await deliver(worker_database)
    assert ("recall_overdue", "referral", referral_id) in await told(scene.manager)


async def test_off_the_platform_silence_is_told_once_also_where_a_closed_case_took_no_task(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    documentation = await give_consent(scene.manager, scene.client_id)
    await agreed(scene)
    referral_id = await draft(scene, channel="phone")
    await send(scene, referral_id)
    await withdraw(scene.manager, documentation)
    assert await titles(scene) == []
    assert [await do(worker_database, scene, chase_recalls, days=days) for days in (13, 15, 16)] == [0, 1, 0]
    await deliver(worker_database)
    assert ("recall_overdue", "referral", referral_id) in await told(scene.manager)


async def test_second_withdrawal_asks_nobody_twice(world: World) -> None:
    scene = await a_scene(world)
    documentation = await give_consent(scene.manager, scene.client_id)
    referral_id = await withdrawn(scene)
    before = await recall(scene, referral_id)
    await withdraw(scene.manager, documentation)
    assert await recall(scene, referral_id) == before


@pytest.mark.parametrize(
    ("fault", "caught_by"),
    [
        ("DROP TRIGGER final ON referral_recalls", "UPDATE referral_recalls SET norm = 'x' WHERE id = $1"),
    ],
)
async def test_answer_could_be_changed_without_its_trigger(world: World, fault: str, caught_by: str) -> None:
    """The planted fault: without the trigger the change that a test above expects to fail goes through."""
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    await scene.partner.post(f"/v1/partner/recalls/{referral_id}/answer", KEPT)
    transaction = world.admin.transaction()
    await transaction.start()
    try:
        await world.admin.execute(fault)
        assert await world.admin.execute(caught_by, UUID(referral_id)) == "UPDATE 1"
    finally:
        await transaction.rollback()
