"""A withdrawn consent ends what rests on it, at once and everywhere."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from app.kit.clock import utc_now
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import Scene, a_scene, agreed, assign, draft, put_in_state, send
from tests.world import World

OPEN = ("requested", "accepted", "in_progress", "on_hold", "expired")
ENDED = ("rejected", "completed", "failed", "cancelled", "entered_in_error")


async def _resting(scene: Scene) -> tuple[str, str]:
    consent_id, referral_id = await agreed(scene), await draft(scene)
    await send(scene, referral_id)
    return consent_id, referral_id


async def _state(scene: Scene, referral_id: str) -> str:
    return str((await scene.manager.get(f"/v1/referrals/{referral_id}")).json()["state"])


@pytest.mark.parametrize("state", OPEN)
async def test_every_open_referral_is_revoked(world: World, state: str) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await _resting(scene)
    await put_in_state(world, referral_id, state)
    await withdraw(scene.manager, consent_id)
    referral = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    last = referral["history"][-1]
    assert (referral["state"], last["step"], last["from_state"]) == ("revoked", "revoke", state)
    assert (last["side"], last["user_id"]) == ("system", None)


@pytest.mark.parametrize("state", ENDED)
async def test_ended_referral_keeps_its_state_but_not_its_readers(world: World, state: str) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await _resting(scene)
    await put_in_state(world, referral_id, state)
    await withdraw(scene.manager, consent_id)
    assert await _state(scene, referral_id) == state
    assert "package" not in (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()


async def test_only_what_rested_on_the_consent_is_revoked(world: World) -> None:
    scene = await a_scene(world)
    _, first = await _resting(scene)
    other = await give_consent(scene.manager, scene.client_id, scene.institution_id, purpose="feedback")
    await withdraw(scene.manager, other)
    assert await _state(scene, first) == "requested"


async def _sends(scene: Scene) -> int:
    answer = await scene.manager.post(f"/v1/referrals/{await draft(scene)}/send")
    return int(answer.status_code)


async def _two(scene: Scene) -> tuple[str, str]:
    """Return an older consent and the newer one on which a referral rests."""
    older = await agreed(scene)
    newer, _ = await _resting(scene)
    return older, newer


async def test_older_consent_to_the_same_recipient_carries_no_next_referral(world: World) -> None:
    scene = await a_scene(world)
    older, newer = await _two(scene)
    await withdraw(scene.manager, newer)
    assert (await scene.manager.get(f"/v1/consents/{older}")).json()["withdrawn_at"] is not None
    assert await _sends(scene) == 409


async def test_other_consents_stand_where_the_client_said_so(world: World) -> None:
    scene = await a_scene(world)
    _, newer = await _two(scene)
    await withdraw(scene.manager, newer, only_this=True)
    assert await _sends(scene) == 200


async def test_consent_given_after_the_withdrawal_was_told_stands(world: World) -> None:
    scene = await a_scene(world)
    an_hour, two = ((utc_now() - timedelta(hours=each)).isoformat() for each in (1, 2))
    told_of = await agreed(scene, given_at=(utc_now() - timedelta(hours=3)).isoformat())
    later = await agreed(scene, given_at=an_hour)
    await withdraw(scene.manager, told_of, told_at=two)
    assert (await scene.manager.get(f"/v1/consents/{later}")).json()["withdrawn_at"] is None
    assert await _sends(scene) == 200


async def test_consents_to_others_and_for_another_purpose_stand(world: World) -> None:
    scene = await a_scene(world)
    school = await world.institution("schule")
    kept = [
        await give_consent(scene.manager, scene.client_id, school),
        await give_consent(scene.manager, scene.client_id, scene.institution_id, purpose="feedback"),
        await give_consent(scene.manager, scene.client_id),
    ]
    await withdraw(scene.manager, await agreed(scene))
    answers = [(await scene.manager.get(f"/v1/consents/{each}")).json() for each in kept]
    assert [each["withdrawn_at"] for each in answers] == [None] * 3


async def test_letter_that_waits_is_revoked_too(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agreed(scene)
    referral_id = await draft(scene, channel="letter")
    assert (await send(scene, referral_id))["delivery"] == "queued"
    await withdraw(scene.manager, consent_id)
    path = f"/v1/referrals/{referral_id}/record-delivery"
    answer = await scene.manager.post(path, {"delivery": "offered", "source": "letter"})
    assert (answer.status_code, answer.json()["state"]) == (409, "revoked")


async def test_withdrawal_reaches_cases_that_its_recorder_does_not_see(world: World) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await _resting(scene)
    colleague = await world.case_manager()
    opened = await _second_case(scene)
    await assign(world, colleague, scene.client_id, opened)
    assert (await colleague.get(f"/v1/referrals/{referral_id}")).status_code == 404
    await withdraw(colleague, consent_id)
    assert await _state(scene, referral_id) == "revoked"


async def _second_case(scene: Scene) -> str:
    body = {"client_id": scene.client_id, "kind": "counselling", "access_route": "self"}
    answer = await scene.manager.post("/v1/cases", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_what_was_disclosed_stays_in_the_log(world: World) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await _resting(scene)
    await withdraw(scene.manager, consent_id)
    logged = "SELECT count(*) FROM disclosure_log WHERE referral_id = $1"
    assert await world.admin.fetchval(logged, UUID(referral_id)) == 1


async def test_revoking_function_does_nothing_for_a_consent_that_holds(world: World) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await _resting(scene)
    async with world.sql(scene.manager) as db:
        driver = await db.driver()
        rows = await driver.fetch(
            "SELECT * FROM revoke_referrals($1, $2, now())", UUID(consent_id), ["requested"]
        )
    assert rows == []
    assert await _state(scene, referral_id) == "requested"


async def test_withdrawal_is_undone_by_nobody(world: World) -> None:
    scene = await a_scene(world)
    consent_id, _ = await _resting(scene)
    await withdraw(scene.manager, consent_id)
    undo = """UPDATE consents SET withdrawn_at = NULL, withdrawn_by = NULL, withdrawal_channel = NULL,
        withdrawal_told_at = NULL WHERE id = $1"""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.sql(scene.manager) as db:
            await (await db.driver()).execute(undo, UUID(consent_id))
    with pytest.raises(asyncpg.CheckViolationError):
        await world.admin.execute(undo, UUID(consent_id))


async def test_revocation_is_told_to_both_sides(world: World) -> None:
    from app.referrals.events import ReferralRevoked

    heard: list[ReferralRevoked] = []

    async def hear(_: object, event: ReferralRevoked) -> None:
        heard.append(event)

    wiring = world.app.state.gate.wiring
    wiring.hear_within(ReferralRevoked, hear)
    try:
        scene = await a_scene(world)
        consent_id, referral_id = await _resting(scene)
        await withdraw(scene.manager, consent_id)
    finally:
        wiring.within[ReferralRevoked].remove(hear)
    assert [(str(each.referral_id), str(each.institution_id), each.from_state) for each in heard] == [
        (referral_id, scene.institution_id, "requested")
    ]
