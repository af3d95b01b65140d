"""What a recipient tells about the client is a disclosure of its own."""

from typing import Any

import pytest

from app.access.roles import Role
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import Scene, a_scene, sent, step
from tests.world import World

ONE_WAY = {"direction": "to"}


async def _answer(scene: Scene, referral_id: str) -> dict[str, Any]:
    referral = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    return {"outcome": referral["outcome"], "texts": [each["text"] for each in referral["answers"]]}


async def _finish(scene: Scene, referral_id: str) -> dict[str, Any]:
    await step(scene, referral_id, "accept")
    return await step(scene, referral_id, "complete", outcome="helped", text="Bescheid liegt vor")


async def test_mutual_consent_lets_outcome_and_words_through(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    seen = await _finish(scene, referral_id)
    assert (seen["state"], seen["outcome"]) == ("completed", "helped")
    assert await _answer(scene, referral_id) == {"outcome": "helped", "texts": ["Bescheid liegt vor"]}


async def test_without_consent_nothing_is_kept_and_the_recipient_knows(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    seen = await _finish(scene, referral_id)
    assert (seen["state"], seen["outcome"]) == ("completed", "not_disclosed")
    assert await _answer(scene, referral_id) == {"outcome": "not_disclosed", "texts": []}
    kept = await world.admin.fetchval(
        "SELECT count(*) FROM referral_answers WHERE municipal_area_id = $1", world.area
    )
    assert kept == 0


async def test_separate_consent_to_feedback_is_enough(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from"
    )
    assert (await _finish(scene, referral_id))["outcome"] == "helped"


NOT_ENOUGH: list[dict[str, Any]] = [
    {"purpose": "referral", "direction": "to"},
    {"purpose": "interpreting", "direction": "from"},
    {"purpose": "feedback", "direction": "from", "given_at": "2023-01-01T08:00:00Z"},
]


@pytest.mark.parametrize("consent", NOT_ENOUGH)
async def test_consent_to_something_else_is_not_enough(world: World, consent: dict[str, Any]) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    if consent["purpose"] == "interpreting":  # no text is shipped for it: put there behind the API
        consent_id = await give_consent(
            scene.manager, scene.client_id, scene.institution_id, purpose="feedback"
        )
        await world.admin.execute(
            "UPDATE consents SET purpose = 'interpreting', direction = 'from' WHERE id = $1::uuid", consent_id
        )
    else:
        await give_consent(scene.manager, scene.client_id, scene.institution_id, **consent)
    assert (await _finish(scene, referral_id))["outcome"] == "not_disclosed"


async def test_consent_towards_another_institution_or_withdrawn_is_not_enough(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent=ONE_WAY)
    other = str(await world.institution("sozialamt"))
    await give_consent(scene.manager, scene.client_id, other, purpose="feedback", direction="from")
    gone = await give_consent(scene.manager, scene.client_id, scene.institution_id, purpose="feedback")
    await withdraw(scene.manager, gone)
    assert (await _finish(scene, referral_id))["outcome"] == "not_disclosed"


@pytest.mark.parametrize("outcome", ["no_answer", "not_disclosed", "unheard_of"])
async def test_recipient_cannot_write_what_the_system_writes(world: World, outcome: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "accept")
    answer = await scene.partner.post(f"/v1/partner/referrals/{referral_id}/complete", {"outcome": outcome})
    assert answer.json()["errors"][0]["place"] == "body.outcome"


async def test_stranger_learns_nothing_from_the_question_itself(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    ask = "SELECT feedback_agreed($1::text::uuid, current_date)"
    for person, known in (
        (scene.partner, True),
        (scene.manager, True),
        (await world.person(Role.PARTNER_USER, institution="sozialamt"), False),
        (await world.case_manager(), False),
        (await world.person(Role.COORDINATOR), False),
    ):
        async with world.sql(person) as db:
            assert await (await db.driver()).fetchval(ask, referral_id) is known
