"""Off the platform the sender records delivery and answer with their source, and silence proves nothing."""

from typing import Any

import pytest

from tests.referrals.arrange import Scene, a_scene, agreed, draft, put_in_state, send, sent
from tests.referrals.test_transitions import NOTED, RECIPIENT, STATES
from tests.world import World

RECORDED = [name for name in RECIPIENT if name not in {"cancel", "acknowledge-revocation", *NOTED}]
NEEDS = {
    "reject": {"reason": "no_capacity"},
    "hold": {"reason": "capacity"},
    "complete": {"outcome": "helped"},
    "fail": {"outcome": "not_eligible"},
}


async def _record(scene: Scene, referral_id: str, name: str, source: str = "phone", **more: Any) -> Any:
    body = {"step": name, "source": source, **NEEDS.get(name, {}), **more}
    return await scene.manager.post(f"/v1/referrals/{referral_id}/record-answer", body)


@pytest.mark.parametrize("name", RECORDED)
async def test_recipients_step_is_recorded_exactly_where_the_table_says(world: World, name: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, channel="letter")
    for state in STATES:
        await put_in_state(world, referral_id, state)
        answer = await _record(scene, referral_id, name)
        leads_to = RECIPIENT[name].get(state)
        assert answer.status_code == (200 if leads_to else 409), (state, answer.text)
        if leads_to:
            last = answer.json()["history"][-1]
            assert (answer.json()["state"], last["side"], last["source"]) == (leads_to, "sender", "phone")


async def test_letter_has_no_deadline_and_no_reader_here(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, channel="letter")
    referral = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    assert (referral["delivery"], referral["deadline_at"]) == ("queued", None)
    assert (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).status_code == 404
    preview = (await scene.manager.get(f"/v1/referrals/{referral_id}/preview")).json()
    assert preview["readers"]["roles"] == []


@pytest.mark.parametrize(
    ("channel", "is_there", "missing"),
    [("platform", False, ["not_on_platform"]), ("platform", True, []), ("letter", False, [])],
)
async def test_preview_says_that_nobody_at_the_institution_reads_here(
    world: World, *, channel: str, is_there: bool, missing: list[str]
) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    referral_id = await draft(scene, channel=channel)
    await world.admin.execute(
        "UPDATE institutions SET on_platform = $2 WHERE id = $1::text::uuid", scene.institution_id, is_there
    )
    preview = (await scene.manager.get(f"/v1/referrals/{referral_id}/preview")).json()
    assert preview["missing"] == missing
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert (answer.status_code == 200) is (missing == [])


async def test_delivery_goes_forward_only(world: World) -> None:
    scene = await a_scene(world)
    path = f"/v1/referrals/{await sent(scene, channel='letter')}/record-delivery"
    posted = await scene.manager.post(path, {"delivery": "offered", "source": "letter"})
    arrived = await scene.manager.post(path, {"delivery": "fetched", "source": "phone"})
    back = await scene.manager.post(path, {"delivery": "offered", "source": "letter"})
    assert (posted.json()["delivery"], arrived.json()["delivery"]) == ("offered", "fetched")
    assert (back.status_code, back.json()["code"]) == (409, "wrong_delivery")
    steps = [(each["step"], each["reason"], each["source"]) for each in arrived.json()["history"][2:]]
    assert steps == [("record-delivery", "offered", "letter"), ("record-delivery", "fetched", "phone")]


async def test_on_the_platform_the_recipient_answers_for_itself(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    assert (await _record(scene, referral_id, "accept")).json()["code"] == "answered_on_platform"
    delivery = {"delivery": "fetched", "source": "phone"}
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/record-delivery", delivery)
    assert answer.json()["code"] == "answered_on_platform"


@pytest.mark.parametrize(("source", "kept"), [("phone", False), ("client", True), ("accompanied", True)])
async def test_what_the_client_tells_needs_no_consent_of_the_institution(
    world: World, source: str, kept: bool
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"}, channel="letter")
    await _record(scene, referral_id, "accept", source)
    referral = (await _record(scene, referral_id, "complete", source, text="Antrag bewilligt")).json()
    assert referral["outcome"] == ("helped" if kept else "not_disclosed")
    assert [each["text"] for each in referral["answers"]] == (["Antrag bewilligt"] if kept else [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "accept", "reason": "no_capacity"},
        {"step": "reject"},
        {"step": "complete"},
        {"step": "start", "outcome": "helped"},
        {"step": "hold", "reason": "no_mood"},
        {"step": "cancel"},
    ],
)
async def test_step_carries_what_it_needs_and_no_more(world: World, wrong: dict[str, str]) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, channel="letter")
    await put_in_state(world, referral_id, "in_progress")
    answer = await scene.manager.post(
        f"/v1/referrals/{referral_id}/record-answer", {"source": "phone", **wrong}
    )
    assert answer.status_code == 422, answer.text


async def test_client_who_carries_the_letter_needs_no_consent_and_nothing_is_logged(world: World) -> None:
    scene = await a_scene(world, "auslaenderbehoerde")
    referral_id = await draft(scene, channel="client", legal_basis="client_hands_over")
    referral = await send(scene, referral_id)
    assert (referral["state"], referral["delivery"], referral["consent_id"]) == ("requested", "queued", None)
    logged = "SELECT count(*) FROM disclosure_log WHERE municipal_area_id = $1"
    assert await world.admin.fetchval(logged, world.area) == 0


async def test_step_that_is_recorded_too_early_names_the_one_before(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, channel="letter")
    early = await _record(scene, referral_id, "complete")
    assert (early.status_code, early.json()["missing"]) == (409, ["accept"])
    assert early.json()["detail"] == "Record first what came before it: accept."
    assert early.json()["allowed"] == ["cancel", "enter-in-error", "record-answer"]
    await _record(scene, referral_id, "accept")
    assert (await _record(scene, referral_id, "complete")).json()["state"] == "completed"
    late = await _record(scene, referral_id, "accept")
    assert (late.status_code, "missing" in late.json()) == (409, False)
