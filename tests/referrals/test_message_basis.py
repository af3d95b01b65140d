"""What a message told goes on only with a consent that covers it: at a renewal, and when it is sent back."""

from collections import Counter
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from app.kit.database import Database
from app.referrals.actions import send as sending
from app.referrals.messages import covering
from tests.consents.arrange import consent_body, give_consent
from tests.notifications.test_telling import told
from tests.referrals.aftermath import deliver, last_day
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send, step
from tests.referrals.interleaving import interleave, stops
from tests.referrals.talking import TEXT, WIDE, asked, own, said, theirs, thread
from tests.world import World

NARROW = ["master_data", "contact"]
ORDERS = 60


async def _resting(scene: Scene, **consent: Any) -> tuple[str, str]:
    """Return a referral of name and contact, and the wide consent that it rests on."""
    wide = {"data_categories": WIDE, "valid_until": last_day(30), **consent}
    consent_id = await give_consent(scene.manager, scene.client_id, scene.institution_id, **wide)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    return referral_id, consent_id


async def _renewed(scene: Scene, consent_id: str, categories: list[str]) -> str:
    return await agreed(scene, data_categories=categories, follows_id=consent_id, valid_until=last_day(200))


async def _consent_of(scene: Scene, referral_id: str) -> str:
    return str(
        await scene.world.admin.fetchval("SELECT consent_id FROM referrals WHERE id = $1", UUID(referral_id))
    )


async def test_renewal_that_does_not_cover_what_was_told_lets_the_referral_end_with_the_old_consent(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    referral_id, old = await _resting(scene)
    await said(scene.manager, own(referral_id), {**TEXT, "data_categories": ["contact"]})
    await said(scene.manager, own(referral_id), TEXT)
    before = await scene.manager.get(f"/v1/referrals/{referral_id}")
    await _renewed(scene, old, NARROW)
    assert await _consent_of(scene, referral_id) == old
    after = await scene.manager.get(f"/v1/referrals/{referral_id}")
    assert after.json()["consent_ends_at"] == before.json()["consent_ends_at"]
    await deliver(worker_database)
    assert ("referral_not_renewed", "referral", referral_id) in await told(scene.manager)


async def test_renewal_that_covers_what_was_told_carries_it_on(world: World) -> None:
    scene = await a_scene(world)
    referral_id, old = await _resting(scene)
    await said(scene.manager, own(referral_id), TEXT)
    new = await _renewed(scene, old, [*NARROW, "benefits"])
    assert await _consent_of(scene, referral_id) == new
    assert [each["text"] for each in await thread(scene.partner, theirs(referral_id))] == [TEXT["text"]]


async def test_what_the_institution_only_asked_for_and_coded_words_stand_in_no_renewals_way(
    world: World,
) -> None:
    scene = await a_scene(world)
    referral_id, old = await _resting(scene)
    await asked(scene, referral_id, "benefits", "residence")
    await said(scene.manager, own(referral_id), {"code": "please_call"})
    assert await _consent_of(scene, referral_id) == old
    new = await _renewed(scene, old, NARROW)
    assert await _consent_of(scene, referral_id) == new


async def _rejected(scene: Scene) -> str:
    """Return a referral that told of benefits, was rejected, and whose consent has run out since."""
    referral_id, old = await _resting(scene)
    await said(scene.manager, own(referral_id), TEXT)
    await step(scene, referral_id, "reject", reason="no_capacity")
    await scene.world.admin.execute(
        "UPDATE consents SET given_on = given_on - 20, valid_until = given_on - 1 WHERE id = $1", UUID(old)
    )
    return referral_id


async def test_what_was_told_is_not_sent_back_on_a_consent_to_the_package_alone(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await _rejected(scene)
    await agreed(scene)
    refused = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    assert (refused.status_code, refused.json()["code"]) == (409, "consent_missing"), refused.text
    assert refused.json()["missing"] == ["category:benefits"]
    assert (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()["state"] == "rejected"
    new = await agreed(scene, data_categories=[*NARROW, "benefits"])
    sent_back = await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")
    assert (sent_back.status_code, sent_back.json()["consent_id"]) == (200, new), sent_back.text
    assert [each["text"] for each in await thread(scene.partner, theirs(referral_id))] == [TEXT["text"]]


async def test_without_that_look_it_would_be_sent_back_and_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: nobody asks what was told."""

    async def nothing(*_: Any) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr(sending, "told_categories", nothing)
    scene = await a_scene(world)
    referral_id = await _rejected(scene)
    await agreed(scene)
    assert (await scene.manager.post(f"/v1/referrals/{referral_id}/send-back")).status_code == 200
    assert [each["text"] for each in await thread(scene.partner, theirs(referral_id))] == [TEXT["text"]]


async def _against_a_renewal(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bool]:
    """Tell of benefits while the consent is renewed without them; what came, and is all told covered?"""
    scene.institution_id = str(await scene.world.institution("jobcenter", f"Jobcenter {seed}"))
    referral_id, old = await _resting(scene)
    narrower = {"follows_id": old, "valid_until": last_day(200), "data_categories": NARROW}
    body = consent_body(scene.client_id, scene.institution_id, **narrower)
    with stops(monkeypatch):
        telling, renewing = await interleave(
            seed,
            scene.world.admin,
            partial(scene.manager.post, own(referral_id), TEXT),
            partial(scene.manager.post, "/v1/consents", body),
        )
    assert renewing.status_code == 201, renewing.text
    renewed = await _consent_of(scene, referral_id) == renewing.json()["id"]
    covered = await scene.world.admin.fetchval(
        """SELECT bool_and(m.data_categories <@ c.data_categories) IS NOT FALSE FROM referral_messages m
        JOIN referrals r ON r.id = m.referral_id JOIN consents c ON c.id = r.consent_id
        WHERE m.referral_id = $1""",
        UUID(referral_id),
    )
    came = telling.json().get("code") or "told"
    return f"{came}, {'renewed' if renewed else 'not renewed'}", covered


async def test_a_text_and_a_narrower_renewal_leave_nothing_told_that_no_consent_covers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = Counter([await _against_a_renewal(scene, seed, monkeypatch) for seed in range(ORDERS)])
    assert set(seen) == {
        ("told, not renewed", True),
        ("conflict, renewed", True),
        ("not_covered, renewed", True),
    }, seen


async def test_without_reading_the_referral_again_it_is_told_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault: the consent that was held first is believed."""
    monkeypatch.setattr(covering, "_require_same", lambda *_: None)
    scene = await a_scene(world)
    seen: Counter[tuple[str, bool]] = Counter()
    for seed in range(ORDERS):
        seen[await _against_a_renewal(scene, seed, monkeypatch)] += 1
        if seen["told, renewed", False]:
            break
    assert seen["told, renewed", False] > 0, seen
