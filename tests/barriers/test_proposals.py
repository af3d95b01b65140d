"""Proposals: a referral that failed points to a barrier, and the team confirms or drops it."""

from typing import Any

import pytest

from app.kit.database import Database
from app.kit.events import Wiring
from app.wiring import wire
from app.worker import run_once
from tests.conftest import Clock
from tests.referrals.arrange import Scene, a_scene, sent, step
from tests.world import World


@pytest.fixture
def wiring() -> Wiring:
    return wire()


async def deliver(worker_database: Database, wiring: Wiring, clock: Clock) -> None:
    await run_once(worker_database, wiring, clock, jobs=())


async def proposals(scene: Scene) -> list[dict[str, Any]]:
    listed = await scene.manager.get("/v1/barriers/proposals", case_id=scene.case_id)
    assert listed.status_code == 200, listed.text
    return list(listed.json()["items"])


async def proposed(scene: Scene, worker_database: Database, clock: Clock) -> dict[str, Any]:
    """Let the institution reject a referral for lack of capacity, and return the proposal."""
    referral = await sent(scene)
    await step(scene, referral, "reject", reason="no_capacity")
    await deliver(worker_database, wire(), clock)
    (proposal,) = await proposals(scene)
    return proposal


async def test_rejection_for_lack_of_capacity_proposes_a_report(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    proposal = await proposed(scene, worker_database, clock)
    assert (proposal["barrier_type"], proposal["outcome"], proposal["state"]) == ("C9", "no_capacity", "open")
    assert proposal["institution_id"] == scene.institution_id


async def test_acceptance_and_help_propose_nothing(
    world: World, worker_database: Database, clock: Clock, wiring: Wiring
) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    await step(scene, referral, "accept")
    await step(scene, referral, "complete", outcome="helped")
    await deliver(worker_database, wiring, clock)
    assert await proposals(scene) == []


async def test_silence_past_the_deadline_proposes_one_report_however_often_it_is_told(
    world: World, worker_database: Database, clock: Clock, wiring: Wiring
) -> None:
    scene = await a_scene(world)
    referral = await sent(scene)
    payload = f'{{"referral_id": "{referral}", "institution_id": "{scene.institution_id}"}}'
    for _ in range(2):
        await world.admin.execute(
            """INSERT INTO outbox (municipal_area_id, id, event, handler, payload)
            VALUES ($1, gen_random_uuid(), 'referral.expired', 'propose_barrier', $2::jsonb)""",
            world.area,
            payload,
        )
    await deliver(worker_database, wiring, clock)
    assert [(each["outcome"], each["barrier_type"]) for each in await proposals(scene)] == [
        ("no_answer", "C9")
    ]


async def test_unknown_referral_proposes_nothing(
    world: World, worker_database: Database, clock: Clock, wiring: Wiring
) -> None:
    scene = await a_scene(world)
    row = await world.admin.fetchval(
        """INSERT INTO outbox (municipal_area_id, id, event, handler, payload)
        VALUES ($1, gen_random_uuid(), 'referral.expired', 'propose_barrier', json_build_object(
            'referral_id', gen_random_uuid(), 'institution_id', $2::text)::jsonb) RETURNING id""",
        world.area,
        scene.institution_id,
    )
    await deliver(worker_database, wiring, clock)
    assert await world.admin.fetchval("SELECT done_at IS NOT NULL FROM outbox WHERE id = $1", row)
    assert await proposals(scene) == []


async def test_refused_version_of_a_proposal_shows_it_to_its_team_alone(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    proposal = await proposed(scene, worker_database, clock)
    path = f"/v1/barriers/proposals/{proposal['id']}"
    assert (await scene.manager.get(path)).json() == proposal
    for verb, body in (("drop", None), ("confirm", {"effect": "delay", "since": "2026-01-02"})):
        refused = await scene.manager.post(f"{path}/{verb}", body, if_match='"9999"')
        assert (refused.status_code, refused.json()["current"]) == (412, proposal)
    colleague = await world.case_manager()
    assert (await colleague.get(path)).status_code == 404
    unseen = await colleague.post(f"{path}/drop", None, if_match='"9999"')
    assert (unseen.status_code, "current" in unseen.json()) == (404, False)


async def test_confirmed_proposal_is_a_report_with_what_only_the_team_knows(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    proposal = await proposed(scene, worker_database, clock)
    path = f"/v1/barriers/proposals/{proposal['id']}"
    made = await scene.manager.post(f"{path}/confirm", {"effect": "delay", "since": "2026-01-02"})
    assert made.status_code == 201, made.text
    report = made.json()
    assert (report["barrier_type"], report["institution_id"]) == ("C9", scene.institution_id)
    assert report["persons"] == [scene.client_id]
    (answered,) = await proposals(scene)
    assert (answered["state"], answered["report_id"]) == ("confirmed", report["id"])
    again = await scene.manager.post(f"{path}/drop")
    assert (again.status_code, again.json()["state"], again.json()["allowed"]) == (409, "confirmed", [])


async def test_confirming_may_name_another_type_and_refuses_an_unknown_one(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    proposal = await proposed(scene, worker_database, clock)
    path = f"/v1/barriers/proposals/{proposal['id']}/confirm"
    body = {"effect": "delay", "since": "2026-01-02"}
    assert (await scene.manager.post(path, {**body, "barrier_type": "Z9"})).status_code == 422
    assert (await scene.manager.post(path, {**body, "barrier_type": "D1"})).json()["barrier_type"] == "D1"


async def test_dropped_proposal_leaves_no_report(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    proposal = await proposed(scene, worker_database, clock)
    dropped = await scene.manager.post(f"/v1/barriers/proposals/{proposal['id']}/drop")
    assert (dropped.status_code, dropped.json()["state"]) == (200, "dropped")
    assert (await scene.manager.get("/v1/barriers", case_id=scene.case_id)).json()["items"] == []


async def test_proposal_is_seen_and_answered_by_the_team_of_its_case_alone(
    world: World, worker_database: Database, clock: Clock
) -> None:
    scene = await a_scene(world)
    proposal = await proposed(scene, worker_database, clock)
    colleague = await world.case_manager()
    path = f"/v1/barriers/proposals/{proposal['id']}"
    assert (await colleague.get("/v1/barriers/proposals", case_id=scene.case_id)).status_code == 404
    assert (await colleague.post(f"{path}/drop")).status_code == 404
    body = {"effect": "delay", "since": "2026-01-02"}
    assert (await colleague.post(f"{path}/confirm", body)).status_code == 404
    assert (await scene.partner.post(f"{path}/drop")).status_code == 403
