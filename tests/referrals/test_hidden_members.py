"""A member of the household who is hidden after the sending: her name is told again by no second look."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from tests.clients.arrange import etag_of, new_client
from tests.notifications.test_telling import told
from tests.referrals.arrange import Scene, a_scene, draft, put_in_state, sent, step
from tests.referrals.interleaving import interleave, stops
from tests.transfers.test_hidden_members import hide
from tests.world import World

NAME = "Samira"
COVERS = ["master_data", "household"]
TOLD = "restricted_while_referred"
ORDERS = 20


async def _named(world: World, **referral: Any) -> tuple[Scene, str, str]:
    """Return a referral whose package names the client's mother, and her id."""
    scene, mother = await _family(world)
    fields = {"data_categories": COVERS, **referral}
    return scene, mother, await sent(scene, consent={"data_categories": COVERS}, **fields)


async def _family(world: World) -> tuple[Scene, str]:
    scene = await a_scene(world)
    mother = await new_client(scene.manager, given_name=NAME, family_name="Verborgen")
    body = {"client_id": mother, "relation": "parent"}
    answer = await scene.manager.post(f"/v1/clients/{scene.client_id}/household", body)
    assert answer.status_code == 201, answer.text
    return scene, mother


async def _names(scene: Scene, referral_id: str) -> bool:
    answer = await scene.partner.get(f"/v1/partner/referrals/{referral_id}")
    assert answer.status_code == 200, answer.text
    return NAME in answer.text


async def _send_back(scene: Scene, referral_id: str) -> tuple[int, str | None]:
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    return answer.status_code, answer.json().get("code")


async def _is_told(scene: Scene, referral_id: str) -> bool:
    return (TOLD, "referral", referral_id) in await told(scene.manager)


async def test_team_is_told_and_what_its_recipient_reads_stays_open(world: World) -> None:
    scene, mother, referral_id = await _named(world)
    before = await told(scene.partner)
    await hide(scene.manager, mother)
    assert await _is_told(scene, referral_id)
    assert await _names(scene, referral_id)
    assert await told(scene.partner) == before
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert await _send_back(scene, referral_id) == (409, "package_outdated")


@pytest.mark.parametrize("left_before", [False, True])
async def test_second_look_names_nobody_who_is_hidden_by_now(world: World, *, left_before: bool) -> None:
    scene, mother, referral_id = await _named(world)
    await step(scene, referral_id, "reject", reason="no_capacity")
    if left_before:
        path = f"/v1/clients/{scene.client_id}"
        (member,) = (await scene.manager.get(path)).json()["household_members"]
        gone = await scene.manager.delete(
            f"{path}/household/{member['id']}", if_match=f'"{member["version"]}"'
        )
        assert gone.status_code == 200, gone.text
    await hide(scene.manager, mother)
    assert await _is_told(scene, referral_id)
    assert await _send_back(scene, referral_id) == (409, "package_outdated")
    assert not await _names(scene, referral_id)


async def test_late_answer_opens_nothing_that_names_her(world: World) -> None:
    scene, mother, referral_id = await _named(world)
    await put_in_state(world, referral_id, "expired")
    await hide(scene.manager, mother)
    answer = await scene.partner.post(f"/v1/partner/referrals/{referral_id}/accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_ended")
    assert not await _names(scene, referral_id)


@pytest.mark.parametrize(
    "fields", [{"data_categories": ["master_data"]}, {"left_out": ["household.members"]}]
)
async def test_package_that_does_not_name_her_is_opened_again(world: World, fields: dict[str, Any]) -> None:
    scene, mother, referral_id = await _named(world, **fields)
    assert not await _names(scene, referral_id)
    await hide(scene.manager, mother)
    assert not await _is_told(scene, referral_id)
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert await _send_back(scene, referral_id) == (200, None)


async def test_package_made_afterwards_leaves_her_out_and_is_opened_again(world: World) -> None:
    scene, mother = await _family(world)
    await hide(scene.manager, mother)
    referral_id = await sent(scene, consent={"data_categories": COVERS}, data_categories=COVERS)
    assert not await _names(scene, referral_id)
    await step(scene, referral_id, "reject", reason="no_capacity")
    assert await _send_back(scene, referral_id) == (200, None)


async def test_her_hiding_meets_a_sending_and_is_heeded_or_marks_what_was_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, mother, _ = await _named(world)
    path = f"/v1/clients/{mother}"
    seen = set()
    for seed in range(ORDERS):
        referral_id = await draft(scene, data_categories=COVERS)
        etag = await etag_of(scene.manager, path)
        with stops(monkeypatch):
            answers = await interleave(
                seed,
                world.admin,
                partial(scene.manager.post, f"/v1/referrals/{referral_id}/send"),
                partial(scene.manager.patch, path, {"is_restricted": True}, if_match=etag),
            )
        assert [answer.status_code for answer in answers] == [200, 200]
        seen.add((await _names(scene, referral_id), await _is_told(scene, referral_id)))
        await world.admin.execute("UPDATE clients SET is_restricted = false WHERE id = $1", UUID(mother))
    assert seen == {(True, True), (False, False)}


async def test_without_her_name_beside_it_the_second_look_would_open_it(world: World) -> None:
    switch = "ALTER TABLE referral_packages {} TRIGGER name_members"
    await world.admin.execute(switch.format("DISABLE"))
    try:
        scene, mother, referral_id = await _named(world)
    finally:
        await world.admin.execute(switch.format("ENABLE"))
    await step(scene, referral_id, "reject", reason="no_capacity")
    await hide(scene.manager, mother)
    assert not await _is_told(scene, referral_id)
    assert await _send_back(scene, referral_id) == (200, None)
    assert await _names(scene, referral_id)
