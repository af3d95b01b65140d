"""An ended referral goes on to another institution without what may not go along; who else is responsible."""

from typing import Any

import pytest

from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import Scene, a_scene, agreed, draft, put_in_state, send, sent, step
from tests.referrals.test_receipts import verified
from tests.world import World

WIDE = {"data_categories": ["master_data", "contact", "residence", "education_language"]}
ENDED = ("rejected", "completed", "failed", "cancelled", "expired")


async def _ended(scene: Scene, state: str = "rejected", **fields: Any) -> str:
    referral_id = await sent(scene, consent=WIDE, **{**WIDE, **fields})
    await put_in_state(scene.world, referral_id, state)
    return referral_id


async def _anew(scene: Scene, referral_id: str, institution_type: str, **fields: Any) -> Any:
    body = {
        "institution_id": str(await scene.world.institution(institution_type)),
        "channel": "platform",
        **fields,
    }
    return await scene.manager.post(f"/v1/referrals/{referral_id}/re-referral", body)


async def _drafts(scene: Scene) -> int:
    listed = (await scene.manager.get("/v1/referrals", case_id=scene.case_id)).json()["items"]
    return sum(each["state"] == "draft" for each in listed)


@pytest.mark.parametrize("state", ENDED)
async def test_what_has_ended_becomes_a_draft_for_another_institution(world: World, state: str) -> None:
    scene = await a_scene(world)
    source = await _ended(scene, state)
    answer = await _anew(scene, source, "mbe")
    assert answer.status_code == 201, answer.text
    made = answer.json()["referral"]
    assert (made["state"], made["follows_id"], made["consent_id"]) == ("draft", source, None)
    assert made["concern_text"] == scene.concern["concern_text"]
    assert made["id"] != source
    assert (await scene.manager.get(f"/v1/referrals/{source}")).json()["state"] == state


@pytest.mark.parametrize(
    "state", ["draft", "requested", "accepted", "in_progress", "on_hold", "entered_in_error"]
)
async def test_what_is_under_way_is_not_referred_anew(world: World, state: str) -> None:
    scene = await a_scene(world)
    source = await _ended(scene, state)
    before = await _drafts(scene)
    answer = await _anew(scene, source, "mbe")
    assert (answer.status_code, answer.json()["state"]) == (409, state)
    assert await _drafts(scene) == before


async def test_what_the_new_kind_may_not_receive_stays_behind_and_is_named(world: World) -> None:
    scene = await a_scene(world)
    source = await _ended(scene)
    answer = await _anew(scene, source, "auslaenderbehoerde", concern_code="extension")
    assert answer.status_code == 201, answer.text
    assert answer.json()["referral"]["data_categories"] == ["master_data"]
    assert answer.json()["left_behind"] == [
        {"category": code, "why": "not_allowed_there"} for code in WIDE["data_categories"][1:]
    ]


async def test_words_for_one_authority_do_not_go_to_another_that_gets_codes(world: World) -> None:
    scene = await a_scene(world)
    answer = await _anew(scene, await _ended(scene), "auslaenderbehoerde")
    assert answer.status_code == 422
    assert "coded_only" in answer.text
    assert await _drafts(scene) == 0


async def test_what_the_new_consent_does_not_cover_stays_behind_and_is_named(world: World) -> None:
    scene = await a_scene(world)
    source = await _ended(scene)
    other = await world.institution("mbe")
    await give_consent(scene.manager, scene.client_id, other, data_categories=["master_data", "residence"])
    answer = await _anew(scene, source, "mbe")
    made = answer.json()
    assert made["referral"]["data_categories"] == ["master_data", "residence"]
    assert {each["category"] for each in made["left_behind"]} == {"contact", "education_language"}
    assert {each["why"] for each in made["left_behind"]} == {"not_covered_by_consent"}
    assert (await send(scene, made["referral"]["id"]))["state"] == "requested"


async def test_consent_that_was_withdrawn_covers_nothing(world: World) -> None:
    scene = await a_scene(world)
    source = await _ended(scene)
    other = await world.institution("mbe")
    wide = await give_consent(scene.manager, scene.client_id, other, **WIDE)
    await give_consent(scene.manager, scene.client_id, other, data_categories=["master_data"])
    await withdraw(scene.manager, wide, only_this=True)
    made = (await _anew(scene, source, "mbe")).json()
    assert made["referral"]["data_categories"] == ["master_data"]


async def test_after_a_withdrawal_the_client_is_asked_anew_first(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agreed(scene)
    source = await draft(scene)
    await send(scene, source)
    await withdraw(scene.manager, consent_id)
    refused = await _anew(scene, source, "mbe")
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing")
    await give_consent(scene.manager, scene.client_id, await world.institution("mbe"))
    assert (await _anew(scene, source, "mbe")).status_code == 201


async def test_where_nothing_may_go_there_is_no_draft(world: World) -> None:
    scene = await a_scene(world)
    source = await _ended(scene, data_categories=["contact"])
    answer = await _anew(scene, source, "auslaenderbehoerde", concern_code="extension")
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_refer")
    assert await _drafts(scene) == 0


async def test_fields_that_were_left_out_stay_left_out(world: World) -> None:
    scene = await a_scene(world)
    source = await _ended(scene, left_out=["contact.phone", "master_data.sex"])
    made = (await _anew(scene, source, "mbe")).json()["referral"]
    assert made["left_out"] == ["contact.phone", "master_data.sex"]
    narrow = (await _anew(scene, source, "auslaenderbehoerde", concern_code="extension")).json()["referral"]
    assert narrow["left_out"] == []


async def test_sent_twice_it_is_one_draft(world: World) -> None:
    scene = await a_scene(world)
    source = await _ended(scene)
    body = {"institution_id": str(await world.institution("mbe")), "channel": "platform"}
    path = f"/v1/referrals/{source}/re-referral"
    both = [await scene.manager.post(path, body, Idempotency_Key="einmal-1234567890") for _ in range(2)]
    assert both[0].json() == both[1].json()
    assert await _drafts(scene) == 1


async def test_others_find_nothing_to_refer_anew(world: World) -> None:
    scene = await a_scene(world)
    source = await _ended(scene)
    scene.manager = await world.case_manager()
    assert (await _anew(scene, source, "mbe")).status_code == 404


@pytest.mark.parametrize(("direction", "kept"), [("mutual", "mbe"), ("to", None)])
async def test_suggestion_reaches_the_sender_with_a_consent_to_feedback_alone(
    world: World, direction: str, kept: str | None
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": direction})
    seen = await step(scene, referral_id, "return", suggested_type="mbe", text="Die Beratung ist zuständig")
    assert (seen["state"], seen["rejection_reason"]) == ("rejected", "not_responsible")
    sender = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    assert (sender["rejection_reason"], sender["suggested_type"]) == ("not_responsible", kept)
    assert len(sender["answers"]) == (kept is not None)


async def test_what_is_returned_leaves_its_receipt_as_every_step(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}"
    claims = []
    for _ in range(2):
        body, key = {"suggested_type": "mbe"}, "returned-once"
        answer = await scene.partner.post(f"{path}/return", body, idempotency_key=key)
        claims.append(await verified(scene, answer.json()["receipt"]))
    (_, line) = (await scene.partner.get(f"{path}/receipts")).json()["items"]
    told = {(each["jti"], each["step"], each["state"]) for each in claims}
    assert told == {(line["id"], "reject", "rejected")}


async def test_second_look_forgets_the_suggestion(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "return", suggested_type="mbe")
    seen = (await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")).json()
    assert (seen["state"], seen["suggested_type"]) == ("requested", None)


async def test_suggestion_is_a_kind_of_institution(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}/return"
    assert (await scene.partner.post(path, {"suggested_type": "bakery"})).status_code == 422
    assert (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()["state"] == "requested"


async def test_what_is_accepted_is_not_returned(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "accept")
    answer = await scene.partner.post(f"/v1/partner/referrals/{referral_id}/return", {})
    assert (answer.status_code, answer.json()["state"]) == (409, "accepted")
