"""A withdrawal against an answer, and two ends of one request, in hundreds of orders on two connections.

Nothing may be told once the withdrawal has been answered. Two locks hold that: on the consent, as a sending
holds it, and on the request that the withdrawal ends. Either is enough; without both the fault is seen.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.access.context import Context
from app.consents import gate
from app.referrals.actions import parties
from app.referrals.feedback import feedback_agreed
from app.referrals.messages import asking
from app.referrals.models import ReferralRequest
from tests.consents.arrange import give_consent, just_now
from tests.referrals.arrange import Scene, a_scene, draft, send, sent
from tests.referrals.interleaving import interleave, stops
from tests.referrals.talking import TEXT, WIDE, asked, disclosed, own, theirs, wide
from tests.world import World

ORDERS = 100
_WITHDRAWN = "withdrawn"


async def _unlocked(db: Any, _model: Any, identity: UUID, _expected: Any = None) -> ReferralRequest:
    found: ReferralRequest = (
        await db.scalars(select(ReferralRequest).where(ReferralRequest.id == identity))
    ).one()
    return found


def _without(monkeypatch: pytest.MonkeyPatch, *locks: str) -> None:
    if "consent" in locks:
        monkeypatch.setattr(gate, "locking", lambda statement: statement)
    if "request" in locks:
        monkeypatch.setattr(parties, "locked", _unlocked)


async def _in_order(
    scene: Scene,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
    saying: Callable[[], Awaitable[httpx.Response]],
    consent_id: str,
) -> str:
    """Say something and withdraw in one order; tell what came of the saying, and which was done first."""
    done: list[str] = []

    async def say() -> httpx.Response:
        answer = await saying()
        done.append("said")
        return answer

    async def withdraw() -> httpx.Response:
        path = f"/v1/consents/{consent_id}/withdraw"
        answer = await scene.manager.post(path, {"channel": "phone"})
        done.append(_WITHDRAWN)
        return answer

    with stops(monkeypatch):
        said, withdrawing = await interleave(seed, scene.world.admin, say, withdraw)
    assert withdrawing.status_code == 200, withdrawing.text
    return f"{said.status_code} {done[0]} first"


async def _answer(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    institution_id = str(await scene.world.institution("jobcenter", f"Jobcenter {seed}"))
    consent_id = await give_consent(scene.manager, scene.client_id, institution_id, data_categories=WIDE)
    referral_id = await draft(scene, institution_id=institution_id)
    await send(scene, referral_id)
    came = await _in_order(
        scene, seed, monkeypatch, lambda: scene.manager.post(own(referral_id), TEXT), consent_id
    )
    kept = await scene.world.admin.fetchval(
        "SELECT count(*) FROM referral_messages WHERE referral_id = $1", UUID(referral_id)
    )
    assert kept == len(await disclosed(scene, referral_id)) == (1 if came.startswith("201") else 0)
    return came


@pytest.mark.slow
@pytest.mark.parametrize("removed", ["none", "consent", "request"])
async def test_nothing_is_told_after_a_withdrawal_whichever_lock_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch, removed: str
) -> None:
    _without(monkeypatch, removed)
    scene = await a_scene(world)
    seen = Counter([await _answer(scene, seed, monkeypatch) for seed in range(ORDERS)])
    assert "201 withdrawn first" not in seen, seen
    assert set(seen) == {"201 said first", "409 withdrawn first"} | ({"409 said first"} & set(seen)), seen
    assert seen["201 said first"] > ORDERS // 20, seen
    assert seen["409 withdrawn first"] > ORDERS // 20, seen


async def test_without_both_locks_it_is_told_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without(monkeypatch, "consent", "request")
    scene = await a_scene(world)
    seen: Counter[str] = Counter()
    for seed in range(ORDERS):
        seen[await _answer(scene, seed, monkeypatch)] += 1
        if seen["201 withdrawn first"]:
            break
    assert seen["201 withdrawn first"] > 0, seen


async def _words(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """The institution says words about the client while the consent to feedback is withdrawn."""
    referral_id = await sent(scene, consent={"direction": "to"})
    consent_id = await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from",
        given_at=just_now(),
    )  # fmt: skip
    body = {"kind": "message", "text": "Termin am Montag"}
    return await _in_order(
        scene, seed, monkeypatch, lambda: scene.partner.post(theirs(referral_id), body), consent_id
    )


async def test_no_word_is_taken_after_the_feedback_was_withdrawn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = Counter([await _words(scene, seed, monkeypatch) for seed in range(80)])
    assert "201 withdrawn first" not in seen, seen
    assert min(seen["201 said first"], seen["409 withdrawn first"]) > 0, seen


async def test_words_without_the_lock_are_taken_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def let_go(ctx: Context, referral_id: UUID) -> bool:
        driver = await ctx.db.driver()
        trial = driver.transaction()  # what is locked in it is let go with its rollback
        await trial.start()
        agreed = await feedback_agreed(ctx, referral_id)
        await trial.rollback()
        return agreed

    scene = await a_scene(world)
    monkeypatch.setattr(asking, "feedback_agreed", let_go)
    seen: Counter[str] = Counter()
    for seed in range(80):
        seen[await _words(scene, seed, monkeypatch)] += 1
    assert seen["201 withdrawn first"] > 0, seen


async def _ends(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[tuple[int, ...], str]:
    referral_id = await wide(scene)
    request_id = await asked(scene, referral_id)
    with stops(monkeypatch):
        both = await interleave(
            seed,
            scene.world.admin,
            lambda: scene.manager.post(own(referral_id, request_id, "answer"), TEXT),
            lambda: scene.partner.post(theirs(referral_id, request_id, "withdraw")),
        )
    state = await scene.world.admin.fetchval(
        "SELECT state FROM referral_messages WHERE id = $1", UUID(request_id)
    )
    told = len(await disclosed(scene, referral_id))
    assert told == (1 if state == "answered" else 0)
    return tuple(answer.status_code for answer in both), str(state)


async def test_of_an_answer_and_a_withdrawn_request_one_wins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = {await _ends(scene, seed, monkeypatch) for seed in range(60)}
    assert seen == {((201, 409), "answered"), ((409, 200), "withdrawn")}
