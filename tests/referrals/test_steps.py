"""Every state, every step, every actor over HTTP, against a table that is written here a second time."""

from typing import Any

import pytest

from app.access.roles import Role
from tests.referrals.arrange import Scene, a_scene, agreed, draft, put_in_state, sent
from tests.refusals import places
from tests.world import Person, World

STATES = (
    "draft", "requested", "accepted", "rejected", "in_progress", "on_hold", "completed", "failed",
    "cancelled", "revoked", "expired", "entered_in_error",
)  # fmt: skip

# From DOMAIN: who may take which step from where, and where it leads.
SENDER: dict[str, dict[str, str]] = {
    "send": {"draft": "requested"},
    "send-back": {"rejected": "requested"},
    "cancel": dict.fromkeys(("draft", "requested", "accepted", "in_progress", "on_hold"), "cancelled"),
    "enter-in-error": dict.fromkeys(
        ("draft", "requested", "accepted", "in_progress", "on_hold", "expired"), "entered_in_error"
    ),
}
RECIPIENT: dict[str, dict[str, str]] = {
    "accept": {"requested": "accepted", "expired": "accepted"},
    "reject": {"requested": "rejected", "expired": "rejected"},
    "start": {"accepted": "in_progress"},
    "resume": {"on_hold": "in_progress"},
    "hold": {"in_progress": "on_hold"},
    "complete": dict.fromkeys(("accepted", "in_progress", "on_hold"), "completed"),
    "fail": dict.fromkeys(("accepted", "in_progress", "on_hold"), "failed"),
    "cancel": dict.fromkeys(("requested", "accepted", "in_progress", "on_hold"), "cancelled"),
}
BODIES: dict[str, dict[str, str]] = {
    "reject": {"reason": "no_capacity"},
    "hold": {"reason": "waiting_for_client"},
    "cancel": {"reason": "no_longer_wanted"},
    "complete": {"outcome": "helped"},
    "fail": {"outcome": "not_eligible"},
}


async def _state(scene: Scene, referral_id: str) -> str:
    return str((await scene.manager.get(f"/v1/referrals/{referral_id}")).json()["state"])


async def _put(scene: Scene, referral_id: str, state: str) -> None:
    await put_in_state(scene.world, referral_id, state)


async def _take(person: Person, path: str, name: str) -> Any:
    return await person.post(f"{path}/{name}", BODIES.get(name))


@pytest.mark.parametrize("name", SENDER)
async def test_sender_takes_a_step_exactly_where_the_table_says(world: World, name: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for state in STATES:
        await _put(scene, referral_id, state)
        answer = await _take(scene.manager, f"/v1/referrals/{referral_id}", name)
        leads_to = SENDER[name].get(state)
        assert answer.status_code == (200 if leads_to else 409), (state, answer.text)
        assert await _state(scene, referral_id) == (leads_to or state)
        if not leads_to:
            assert answer.json()["state"] == state
            assert answer.json()["allowed"] == sorted(step for step in SENDER if state in SENDER[step])


@pytest.mark.parametrize("name", RECIPIENT)
async def test_recipient_takes_a_step_exactly_where_the_table_says(world: World, name: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for state in STATES:
        await _put(scene, referral_id, state)
        answer = await _take(scene.partner, f"/v1/partner/referrals/{referral_id}", name)
        leads_to = RECIPIENT[name].get(state)
        if state == "draft":
            assert answer.status_code == 404
            continue
        assert answer.status_code == (200 if leads_to else 409), (state, answer.text)
        assert await _state(scene, referral_id) == (leads_to or state)
        if not leads_to:
            open_to = sorted(step for step in RECIPIENT if state in RECIPIENT[step])
            assert answer.json()["allowed"] == (["acknowledge-revocation"] if state == "revoked" else open_to)


async def test_nobody_takes_the_other_sides_steps(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for name in SENDER:
        answer = await _take(scene.partner, f"/v1/referrals/{referral_id}", name)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
    for name in RECIPIENT:
        answer = await _take(scene.manager, f"/v1/partner/referrals/{referral_id}", name)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
    assert await _state(scene, referral_id) == "requested"


async def test_another_institution_and_another_team_find_nothing_to_step_on(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    colleague = await world.case_manager()
    elsewhere = await world.person(Role.PARTNER_USER, institution="sozialamt")
    authority = await world.person(Role.AUTHORITY_OFFICER, institution="auslaenderbehoerde")
    neighbour = await (await world.neighbour()).person(Role.PARTNER_USER)
    for name in SENDER:
        assert (await _take(colleague, f"/v1/referrals/{referral_id}", name)).status_code == 404
    for name in (*RECIPIENT, "fetched", "acknowledge-revocation"):
        for stranger in (elsewhere, authority, neighbour):
            answer = await _take(stranger, f"/v1/partner/referrals/{referral_id}", name)
            assert answer.status_code == 404, (name, answer.text)
    assert await _state(scene, referral_id) == "requested"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN, Role.PRIVACY_OFFICER, Role.STATE_VIEWER])
async def test_other_roles_have_no_step_whatever_the_id(world: World, role: Role) -> None:
    scene, other = await a_scene(world), await world.person(role)
    referral_id = await draft(scene)
    assert (await other.get(f"/v1/referrals/{referral_id}")).status_code == 403
    for name in SENDER:
        assert (await _take(other, f"/v1/referrals/{referral_id}", name)).status_code == 403
    for name in RECIPIENT:
        assert (await _take(other, f"/v1/partner/referrals/{referral_id}", name)).status_code == 403


async def test_rejection_can_be_sent_back_once(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    for expected in (200, 409):
        rejected = await _take(scene.partner, f"/v1/partner/referrals/{referral_id}", "reject")
        assert rejected.json()["rejection_reason"] == "no_capacity"
        back = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
        assert back.status_code == expected, back.text
    assert back.json()["allowed"] == []


async def test_second_look_needs_a_basis_that_still_holds(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await _take(scene.partner, f"/v1/partner/referrals/{referral_id}", "reject")
    consents = (await scene.manager.get("/v1/consents", client_id=scene.client_id)).json()["items"]
    await scene.manager.post(f"/v1/consents/{consents[0]['id']}/withdraw", {"channel": "phone"})
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    assert (answer.status_code, answer.json()["code"]) == (409, "package_withheld")
    assert await _state(scene, referral_id) == "rejected"


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
        await _take(scene.partner, f"/v1/partner/referrals/{referral_id}", name)
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
    await _take(scene.manager, f"/v1/referrals/{referral_id}", "cancel")
    assert (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).status_code == 404
    assert (await scene.partner.get("/v1/partner/referrals")).json()["items"] == []
