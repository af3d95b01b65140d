"""A recipient's reason tells of the institution or of the client; the second needs consent to feedback."""

from typing import Any

import pytest

from app.catalogues.source import load_entries
from app.referrals import rules
from tests.referrals.arrange import Scene, a_scene, sent, step
from tests.world import World

ONE_WAY = {"direction": "to"}
OF_THE_INSTITUTION = ("no_capacity", "not_responsible")
OF_THE_CLIENT = ("incomplete", "already_known", "criteria_not_met", "other")
WORDS = "kommt seit Mai zu uns"


async def _seen(scene: Scene, referral_id: str, field: str) -> tuple[Any, Any, list[Any]]:
    """Return a reason wherever the sender can find it: in the referral, its history and its answers."""
    referral = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    return referral[field], referral["history"][-1]["reason"], referral["answers"]


def test_every_reason_of_the_vocabulary_is_sorted() -> None:
    codes = {entry.code for entry in load_entries() if entry.vocabulary == "rejection_reason"}
    assert codes == {*OF_THE_INSTITUTION, *OF_THE_CLIENT}
    assert rules.REASONS_OF_THE_INSTITUTION["reject"] == set(OF_THE_INSTITUTION)
    assert rules.REASONS_OF_THE_INSTITUTION["hold"] < set(rules.HOLD_REASONS)
    assert rules.REASONS_OF_THE_INSTITUTION["cancel"] < set(rules.CANCEL_REASONS)


@pytest.mark.parametrize("reason", OF_THE_INSTITUTION)
async def test_reason_of_the_institution_needs_no_consent(world: World, reason: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    await step(scene, referral_id, "reject", reason=reason, text=WORDS)
    assert await _seen(scene, referral_id, "rejection_reason") == (reason, reason, [])


@pytest.mark.parametrize("reason", OF_THE_CLIENT)
async def test_reason_that_tells_of_the_client_needs_consent(world: World, reason: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    seen = await step(scene, referral_id, "reject", reason=reason, text=WORDS)
    assert seen["rejection_reason"] == "not_disclosed"
    assert await _seen(scene, referral_id, "rejection_reason") == ("not_disclosed", "not_disclosed", [])
    told = (
        "SELECT payload->>'reason' FROM outbox WHERE municipal_area_id = $1 AND event = 'referral.answered'"
    )
    assert {row[0] for row in await world.admin.fetch(told, world.area)} == {"not_disclosed"}


async def test_consent_to_feedback_lets_every_reason_through(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "reject", reason="already_known", text=WORDS)
    reason, last, answers = await _seen(scene, referral_id, "rejection_reason")
    assert (reason, last, [each["text"] for each in answers]) == ("already_known", "already_known", [WORDS])


@pytest.mark.parametrize(
    ("reason", "kept"), [("capacity", "capacity"), ("waiting_for_client", "not_disclosed")]
)
async def test_reason_to_wait_follows_the_same_rule(world: World, reason: str, kept: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    await step(scene, referral_id, "accept")
    await step(scene, referral_id, "start")
    assert (await step(scene, referral_id, "hold", reason=reason))["hold_reason"] == kept
    assert await _seen(scene, referral_id, "hold_reason") == (kept, kept, [])


@pytest.mark.parametrize(
    ("reason", "kept"), [("wrong_recipient", "wrong_recipient"), ("could_not_contact", "not_disclosed")]
)
async def test_reason_to_give_it_back_follows_the_same_rule(world: World, reason: str, kept: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    assert (await step(scene, referral_id, "cancel", reason=reason))["cancel_reason"] == kept
    assert await _seen(scene, referral_id, "cancel_reason") == (kept, kept, [])


async def test_reason_that_was_sorted_wrongly_gets_through(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the table decides, so a wrong entry shows at the sender."""
    wrong = {**rules.REASONS_OF_THE_INSTITUTION, "reject": frozenset(OF_THE_CLIENT)}
    monkeypatch.setattr(rules, "REASONS_OF_THE_INSTITUTION", wrong)
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    await step(scene, referral_id, "reject", reason="already_known")
    assert (await _seen(scene, referral_id, "rejection_reason"))[0] == "already_known"
