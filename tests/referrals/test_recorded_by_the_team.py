"""What the team writes down off the platform: its task is done, and nobody hears of their own entry."""

import pytest

from app.kit.clock import local_date, utc_now
from app.kit.database import Database
from tests.consents.arrange import give_consent, withdraw
from tests.notifications.test_telling import told
from tests.referrals.aftermath import deliver
from tests.referrals.arrange import Scene, a_scene, agreed, assign, draft, send, sent, step
from tests.world import World

DELETED = {"account": "deleted", "deleted_on": str(local_date(utc_now())), "source": "phone"}


async def _left_to_do(scene: Scene) -> list[str]:
    path = f"/v1/cases/{scene.case_id}/tasks"
    listed = (await scene.manager.get(path, is_done="false")).json()["items"]
    return sorted(each["title"].partition(":")[0] for each in listed)


async def _withdrawn_letters(scene: Scene, number: int) -> list[str]:
    consent_id = await agreed(scene)
    letters = [await draft(scene, channel="letter") for _ in range(number)]
    for each in letters:
        await send(scene, each)
    await withdraw(scene.manager, consent_id)
    return letters


async def _record(scene: Scene, referral_id: str) -> None:
    path = f"/v1/referrals/{referral_id}/recall/record-answer"
    answer = await scene.manager.post(path, DELETED)
    assert answer.status_code == 200, answer.text


async def test_recorded_answer_finishes_what_was_to_do_about_it_and_nothing_else(world: World) -> None:
    scene = await a_scene(world)
    referral_id, other = await _withdrawn_letters(scene, 2)
    await scene.manager.post(f"/v1/cases/{scene.case_id}/tasks", {"title": "Anrufen", "due_on": "2090-01-01"})
    tell = "Widerruf mitteilen und Antwort eintragen"
    assert await _left_to_do(scene) == ["Anrufen", tell, tell]
    await _record(scene, referral_id)
    assert await _left_to_do(scene) == ["Anrufen", tell]
    await _record(scene, other)
    assert await _left_to_do(scene) == ["Anrufen"]
    done = await world.admin.fetch(
        """SELECT s.user_id FROM task_steps s JOIN tasks t ON t.id = s.task_id
        WHERE s.municipal_area_id = $1 AND s.step = 'finish' AND t.done_by = s.user_id""",
        world.area,
    )
    assert [row["user_id"] for row in done] == [scene.manager.user_id] * 2


async def test_answer_is_recorded_also_when_the_task_was_done_before(world: World) -> None:
    scene = await a_scene(world)
    (referral_id,) = await _withdrawn_letters(scene, 1)
    path = f"/v1/cases/{scene.case_id}/tasks"
    (task,) = (await scene.manager.get(path)).json()["items"]
    await scene.manager.post(f"{path}/{task['id']}/step", {"step": "finish"})
    await _record(scene, referral_id)
    assert await _left_to_do(scene) == []


@pytest.mark.parametrize("name", ["accept", "reject"])
async def test_whoever_records_an_answer_is_not_told_of_it_and_their_colleague_is(
    world: World, worker_database: Database, name: str
) -> None:
    scene = await a_scene(world)
    await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from"
    )
    colleague = await world.case_manager()
    await assign(world, colleague, scene.client_id, scene.case_id)
    referral_id = await sent(scene, channel="letter")
    body = {"step": name, "source": "phone", **({"reason": "no_capacity"} if name == "reject" else {})}
    recorded = await scene.manager.post(f"/v1/referrals/{referral_id}/record-answer", body)
    assert recorded.status_code == 200, recorded.text
    kinds = ["referral_answered"]
    if name == "accept":
        body = {"step": "complete", "source": "phone", "outcome": "helped"}
        await scene.manager.post(f"/v1/referrals/{referral_id}/record-answer", body)
        kinds.append("referral_completed")
    await deliver(worker_database)
    assert await told(scene.manager) == []
    assert [kind for kind, _, _ in await told(colleague)] == kinds


async def test_answer_of_the_recipient_itself_is_told_to_the_whole_team(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "accept")
    await deliver(worker_database)
    assert ("referral_answered", "referral", referral_id) in await told(scene.manager)
