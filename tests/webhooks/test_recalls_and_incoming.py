"""What is told of recalls, and of what becomes of somebody whom the institution referred: ids alone."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.kit.database import Database
from app.webhooks import handlers
from tests.conftest import Clock
from tests.consents.arrange import withdraw
from tests.incoming_referrals.arrange import HERE, REFERRED, a_desk
from tests.incoming_referrals.arrange import send as post
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, step
from tests.webhooks.arrange import a_postman, hand_on, made, webhook_at
from tests.webhooks.receivers import receiver
from tests.world import Person, World

OF_INCOMING = ["incoming_referral.accepted", "incoming_referral.asked", "incoming_referral.rejected"]


async def told(
    scene: Scene, app: FastAPI, clock: Clock, worker: Database, kinds: list[str], what: Any
) -> list[dict[str, Any]]:
    """Return what arrives at a real server while something happens."""
    async with receiver() as office, a_postman(worker, app, clock, [office]) as postman:
        await webhook_at(scene, office, kinds=kinds)
        await what()
        await hand_on(worker, clock)
        await postman.deliver_due()
    for each in office.received:
        assert set(each.event) == {"type", "timestamp", "data"}
    return [{"type": each.event["type"], **each.event["data"]} for each in office.received]


async def test_recall_is_told_also_of_a_referral_that_has_ended(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    scene = await a_scene(world)
    consent = await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    await step(scene, referral_id, "accept")
    await step(scene, referral_id, "complete", outcome="helped")
    seen = await told(
        scene, app, post_clock, worker_database, ["referral.recall_asked"],
        lambda: withdraw(scene.manager, consent),
    )  # fmt: skip
    assert seen == [{"type": "referral.recall_asked", "referral_id": referral_id}]
    (recall,) = (await scene.partner.get("/v1/partner/recalls")).json()["items"]
    assert recall["id"] == referral_id


def _scene(world: World, partner: Person) -> Scene:
    return Scene(world, partner, partner, "", "", str(partner.place_id), "jobcenter")


@pytest.mark.parametrize(
    ("verb", "body", "kind"),
    [
        ("accept", {}, "incoming_referral.accepted"),
        ("reject", {"reason": "no_capacity"}, "incoming_referral.rejected"),
        ("ask", {"question": "reachability"}, "incoming_referral.asked"),
    ],
)
async def test_what_the_unit_does_with_somebody_is_told_with_the_id(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database,
    verb: str, body: dict[str, Any], kind: str,
) -> None:  # fmt: skip
    desk = await a_desk(world)

    async def happen() -> None:
        incoming_id = await desk.taken()
        answer = await desk.manager.post(f"{HERE}/{incoming_id}/{verb}", body)
        assert answer.status_code == 200, answer.text
        happened.append(incoming_id)

    happened: list[str] = []
    scene = _scene(world, desk.partner)
    seen = await told(scene, app, post_clock, worker_database, OF_INCOMING, happen)
    assert seen == [{"type": kind, "incoming_id": happened[0]}]


async def test_own_steps_of_the_institution_are_not_told_back(
    world: World, app: FastAPI, post_clock: Clock, worker_database: Database
) -> None:
    desk = await a_desk(world)

    async def happen() -> None:
        incoming_id = await desk.refer()
        path = f"/v1/partner/incoming-referrals/{incoming_id}/withdraw"
        answer = await post(desk.partner, path, {"reason": "no_longer_wanted"})
        assert answer.status_code == 200, answer.text

    scene = _scene(world, desk.partner)
    assert await told(scene, app, post_clock, worker_database, OF_INCOMING, happen) == []


async def test_another_institution_hears_nothing_of_it_and_is_noticed_when_it_does(
    world: World, post_clock: Clock, worker_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await a_desk(world)
    other = await a_scene(world, "sozialamt")
    foreign, mine = (
        await made(other, kinds=OF_INCOMING),
        await made(_scene(world, desk.partner), kinds=OF_INCOMING),
    )
    incoming_id = await desk.taken()
    await desk.accept(incoming_id)
    await hand_on(worker_database, post_clock)
    assert [each["incoming_id"] for each in await mine.log()] == [incoming_id]
    assert await foreign.log() == []
    right = " AND q.institution_id = w.institution_id\n    AND q.id = $3"
    assert right in handlers._ADD_INCOMING
    wrong = handlers._ADD_INCOMING.replace(right, " AND q.id = $3")
    monkeypatch.setattr(handlers, "_ADD_INCOMING", wrong)  # a planted fault: a foreign key stops it
    second = await desk.taken(person=REFERRED["person"])
    await desk.accept(second)
    await hand_on(worker_database, post_clock)
    assert await foreign.log() == []


async def test_log_names_which_was_meant_and_never_both(world: World) -> None:
    scene = await a_scene(world)
    webhook = await made(scene)
    add = """INSERT INTO webhook_deliveries (municipal_area_id, id, webhook_id, institution_id, event_id,
        kind, happened_at, created_at, state, next_at)
    VALUES ($1, $2, $2, $2, $2, $3, now(), now(), 'pending', now())"""
    for kind in ("referral.recall_asked", "incoming_referral.accepted"):
        with pytest.raises(Exception, match="about_a_referral"):
            await world.admin.execute(add, world.area, webhook.id, kind)
