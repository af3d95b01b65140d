"""Withdrawal against sending, and two answers at once, in hundreds of orders on two connections."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.consents import gate
from app.referrals.actions import partner
from app.referrals.models import ReferralRequest
from tests.consents.arrange import give_consent
from tests.referrals.arrange import Scene, a_scene, draft, sent
from tests.referrals.interleaving import interleave, stops
from tests.world import World

ORDERS = 300


STEPS = "keep_recipient_to_steps"


async def _race(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Send and withdraw in one order and return what came of it."""
    institution_id = str(await scene.world.institution("jobcenter", f"Jobcenter {seed}"))
    consent_id = await give_consent(scene.manager, scene.client_id, institution_id)
    referral_id = await draft(scene, institution_id=institution_id)
    with stops(monkeypatch):
        sending, withdrawing = await interleave(
            seed,
            scene.world.admin,
            lambda: scene.manager.post(f"/v1/referrals/{referral_id}/send"),
            lambda: scene.manager.post(f"/v1/consents/{consent_id}/withdraw", {"channel": "phone"}),
        )
    assert withdrawing.status_code == 200, withdrawing.text
    row = await scene.world.admin.fetchrow(
        """SELECT q.state, p.id IS NOT NULL AND p.withheld_at IS NULL AS is_readable
        FROM referral_requests q LEFT JOIN referral_packages p ON p.id = q.id WHERE q.id = $1""",
        UUID(referral_id),
    )
    return f"{sending.status_code} {row['state']}{' readable' if row['is_readable'] else ''}"


@pytest.mark.slow
async def test_withdrawal_and_sending_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = Counter([await _race(scene, seed, monkeypatch) for seed in range(ORDERS)])
    assert set(seen) == {"200 revoked", "409 draft"}, seen
    assert min(seen.values()) > ORDERS // 20, seen  # both orders were really tried


async def test_race_without_the_lock_is_lost_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    monkeypatch.setattr(gate, "locking", lambda statement: statement)
    seen = Counter([await _race(scene, seed, monkeypatch) for seed in range(60)])
    assert seen["200 requested readable"] > 0, seen


async def _answers(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> Any:
    path = f"/v1/partner/referrals/{await sent(scene)}"
    with stops(monkeypatch):
        both = await interleave(
            seed,
            scene.world.admin,
            lambda: scene.partner.post(f"{path}/accept"),
            lambda: scene.partner.post(f"{path}/reject", {"reason": "no_capacity"}),
        )
    state = (await scene.partner.get(path)).json()["state"]
    return tuple(answer.status_code for answer in both), state


async def test_of_two_who_answer_at_once_one_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await a_scene(world)
    seen = {await _answers(scene, seed, monkeypatch) for seed in range(60)}
    assert seen == {((200, 409), "accepted"), ((409, 200), "rejected")}


async def test_two_answers_without_the_lock_both_win_and_are_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unlocked(db: Any, _model: Any, identity: UUID, _expected: Any) -> ReferralRequest:
        found: ReferralRequest = (
            await db.scalars(select(ReferralRequest).where(ReferralRequest.id == identity))
        ).one()
        return found

    scene = await a_scene(world)
    monkeypatch.setattr(partner, "locked", unlocked)
    seen = {await _answers(scene, seed, monkeypatch) for seed in range(60)}
    assert all(
        statuses != (200, 200) for statuses, _ in seen
    )  # the database takes no step from where it is not
    await world.admin.execute(f"ALTER TABLE referral_requests DISABLE TRIGGER {STEPS}")
    try:
        seen = {await _answers(scene, seed, monkeypatch) for seed in range(60)}
    finally:
        await world.admin.execute(f"ALTER TABLE referral_requests ENABLE TRIGGER {STEPS}")
    assert any(statuses == (200, 200) for statuses, _ in seen)
