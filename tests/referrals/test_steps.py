"""What steps need and leave behind; where they lead is in `test_transitions`."""

from tests.referrals.arrange import a_scene, agreed, draft, sent
from tests.referrals.test_transitions import state_of, take
from tests.refusals import places
from tests.world import World


async def test_rejection_can_be_sent_back_once(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for expected in (200, 409):
        rejected = await take(scene.partner, f"/v1/partner/referrals/{referral_id}", "reject")
        assert rejected.json()["rejection_reason"] == "no_capacity"
        back = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
        assert back.status_code == expected, back.text
    assert back.json()["allowed"] == []


async def test_second_look_needs_a_basis_that_still_holds(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await take(scene.partner, f"/v1/partner/referrals/{referral_id}", "reject")
    consents = (await scene.manager.get("/v1/consents", client_id=scene.client_id)).json()["items"]
    await scene.manager.post(f"/v1/consents/{consents[0]['id']}/withdraw", {"channel": "phone"})
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    assert (answer.status_code, answer.json()["code"]) == (409, "package_withheld")
    assert await state_of(scene, referral_id) == "rejected"


async def test_other_rejection_is_said_in_words(world: World) -> None:
    scene = await a_scene(world)
    path = f"/v1/partner/referrals/{await sent(scene)}/reject"
    silent = await scene.partner.post(path, {"reason": "other"})
    assert places(silent) == [{"place": "body.text", "kind": "missing"}]
    unknown = await scene.partner.post(path, {"reason": "no_mood"})
    assert places(unknown) == [{"place": "body.reason", "kind": "unknown_code"}]
    assert (await scene.partner.post(path, {"reason": "other", "text": "Umzug"})).status_code == 200


async def test_steps_leave_a_history_of_codes(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for name in ("accept", "start", "hold", "resume", "complete"):
        await take(scene.partner, f"/v1/partner/referrals/{referral_id}", name)
    history = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()["history"]
    assert [(each["step"], each["from_state"], each["to_state"], each["side"]) for each in history] == [
        ("draft", None, "draft", "sender"),
        ("send", "draft", "requested", "sender"),
        ("accept", "requested", "accepted", "recipient"),
        ("start", "accepted", "in_progress", "recipient"),
        ("hold", "in_progress", "on_hold", "recipient"),
        ("resume", "on_hold", "in_progress", "recipient"),
        ("complete", "in_progress", "completed", "recipient"),
    ]
    assert history[4]["reason"] == "waiting_for_client"


async def test_draft_that_is_cancelled_never_reaches_anybody(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    referral_id = await draft(scene)
    await take(scene.manager, f"/v1/referrals/{referral_id}", "cancel")
    assert (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).status_code == 404
    assert (await scene.partner.get("/v1/partner/referrals")).json()["items"] == []
