"""A report about a referral is proposed to who sent it, and enters no statistic by itself."""

from typing import Any
from uuid import UUID

import pytest

from tests.barriers.partners.arrange import FILED, report, reported
from tests.barriers.test_proposals import proposals
from tests.referrals.arrange import Scene, a_scene, put_in_state, sent
from tests.world import World

MUTUAL = {"direction": "mutual"}


async def about(world: World) -> tuple[Scene, str, dict[str, Any]]:
    scene = await a_scene(world)
    referral = await sent(scene, consent=MUTUAL)
    return scene, referral, await reported(scene.partner, referral_id=referral)


async def test_team_that_sent_it_finds_the_report_filled_in(world: World) -> None:
    scene, referral, made = await about(world)
    (proposal,) = await proposals(scene)
    assert (proposal["referral_id"], proposal["outcome"]) == (referral, "reported_by_institution")
    assert (proposal["barrier_type"], proposal["effect"], proposal["since"]) == ("D1", "delay", "2026-01-02")
    assert made["referral_id"] == referral
    counted = "SELECT count(*) FROM barrier_figures WHERE municipal_area_id = $1"
    assert await world.admin.fetchval(counted, world.area) == 0


async def test_confirmed_it_counts_as_the_case_managers_report(world: World) -> None:
    scene, _, _ = await about(world)
    (proposal,) = await proposals(scene)
    body = {"effect": "delay", "since": "2026-01-02", "institution_id": scene.institution_id}
    made = await scene.manager.post(f"/v1/barriers/proposals/{proposal['id']}/confirm", body)
    assert made.status_code == 201, made.text
    figure = await world.admin.fetchrow(
        "SELECT contributor_id, barrier_type FROM barrier_figures WHERE municipal_area_id = $1", world.area
    )
    assert (figure["contributor_id"], figure["barrier_type"]) == (scene.manager.user_id, "D1")


async def test_interface_goes_along_into_the_report(world: World) -> None:
    scene = await a_scene(world)
    interface = {"from_legal_domain": "ASYLBLG", "to_legal_domain": "SGB_II"}
    referral = await sent(scene, consent=MUTUAL)
    await reported(scene.partner, referral_id=referral, institution_type=None, interface=interface)
    (proposal,) = await proposals(scene)
    assert (proposal["interface"], proposal["institution_id"]) == (interface, None)
    body = {"effect": "delay", "since": "2026-01-02"}
    made = await scene.manager.post(f"/v1/barriers/proposals/{proposal['id']}/confirm", body)
    assert (made.status_code, made.json()["interface"]) == (201, interface)


async def test_withdrawn_report_drops_the_open_proposal_and_not_a_confirmed_one(world: World) -> None:
    scene, referral, first = await about(world)
    second = await reported(scene.partner, referral_id=referral, barrier_type="B1")
    newest, oldest = await proposals(scene)
    body = {"effect": "delay", "since": "2026-01-02", "institution_id": scene.institution_id}
    assert (
        await scene.manager.post(f"/v1/barriers/proposals/{newest['id']}/confirm", body)
    ).status_code == 201
    for made in (first, second):
        assert (await scene.partner.post(f"{FILED}/{made['id']}/withdraw")).status_code == 200
    assert [(each["id"], each["state"]) for each in await proposals(scene)] == [
        (newest["id"], "confirmed"),
        (oldest["id"], "dropped"),
    ]


async def test_without_consent_to_feedback_nothing_is_told_of_the_client(world: World) -> None:
    scene = await a_scene(world)
    referral = await sent(scene, consent={"direction": "to"})
    answer = await report(scene.partner, referral_id=referral)
    assert (answer.status_code, answer.json()["code"]) == (409, "feedback_not_agreed")
    assert await proposals(scene) == []


@pytest.mark.parametrize("state", ["revoked", "entered_in_error"])
async def test_referral_that_is_over_is_reported_about_no_more(world: World, state: str) -> None:
    scene = await a_scene(world)
    await put_in_state(world, referral := await sent(scene, consent=MUTUAL), state)
    answer = await report(scene.partner, referral_id=referral)
    assert (answer.status_code, answer.json()["code"]) == (409, "referral_over")


async def test_referral_to_another_institution_is_unknown(world: World) -> None:
    scene, other = await a_scene(world), await a_scene(world, "schule")
    referral = await sent(scene, consent=MUTUAL)
    answer = await report(other.partner, referral_id=referral)
    assert (answer.status_code, answer.json()["errors"][0]["kind"]) == (422, "unknown_reference")


async def test_nothing_is_proposed_about_who_is_only_kept_and_the_institution_is_told_the_same(
    world: World,
) -> None:
    scene = await a_scene(world)
    referral = await sent(scene, consent=MUTUAL)
    await world.admin.execute(
        "UPDATE clients SET processing_restricted_at = now() WHERE id = $1", UUID(scene.client_id)
    )
    assert (await report(scene.partner, referral_id=referral)).status_code == 201
    made = await world.admin.fetchval(
        "SELECT count(*) FROM barrier_proposals WHERE municipal_area_id = $1", world.area
    )
    assert made == 0


async def test_only_the_team_of_the_case_sees_and_answers_it(world: World) -> None:
    scene, _, _ = await about(world)
    (proposal,) = await proposals(scene)
    colleague = await world.case_manager()
    assert (await colleague.post(f"/v1/barriers/proposals/{proposal['id']}/drop")).status_code == 404
    assert (await scene.partner.get("/v1/barriers/proposals", case_id=scene.case_id)).status_code == 403
