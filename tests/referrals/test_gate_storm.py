"""Ten thousand sendings against withdrawals, as many at once as there are connections: the lock holds.

Unlike the races in `test_races`, which try chosen orders one access at a time, here PostgreSQL decides.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import pytest

from app.access.context import Context
from app.access.guard import SessionOpening
from app.access.permissions import Permission
from app.consents import gate
from app.consents.schemas import ConsentWithdraw
from app.consents.withdrawing import withdraw_consent
from app.kit.clock import utc_now
from app.kit.errors import Incomplete
from app.kit.versions import Expected
from app.referrals.actions.send import send_referral
from tests.consents.arrange import give_consent
from tests.referrals.arrange import Scene, a_scene, draft
from tests.share import share_of
from tests.world import World

AT_ONCE = 24  # sendings about a withdrawal
CONNECTIONS = 8  # so many of them are under way
SENDINGS = 10_000
ROUNDS_WITH_A_CLIENT = 8

_CLONE = """WITH made AS (SELECT public.new_id() AS id FROM generate_series(1, $2)),
requests AS (INSERT INTO referral_requests (municipal_area_id, id, institution_id, unit_id, client_pseudonym,
        channel, urgency, state)
    SELECT q.municipal_area_id, made.id, q.institution_id, q.unit_id, q.client_pseudonym, q.channel,
        q.urgency, q.state FROM referral_requests q, made WHERE q.id = $1),
referrals AS (INSERT INTO referrals (municipal_area_id, id, case_id, client_id, legal_basis, data_categories,
        concern_text, created_by)
    SELECT r.municipal_area_id, made.id, r.case_id, r.client_id, r.legal_basis, r.data_categories,
        r.concern_text, r.created_by FROM referrals r, made WHERE r.id = $1)
SELECT id FROM made"""
_AFTER = """SELECT count(*) FROM referral_requests q
JOIN referrals r ON r.municipal_area_id = q.municipal_area_id AND r.id = q.id
JOIN consents c ON c.municipal_area_id = r.municipal_area_id AND c.id = r.consent_id
    AND c.withdrawn_at IS NOT NULL
LEFT JOIN referral_packages p ON p.municipal_area_id = q.municipal_area_id AND p.id = q.id
WHERE q.municipal_area_id = $1 AND (q.state <> 'revoked' OR p.withheld_at IS NULL)"""


async def _in_transaction(
    scene: Scene, permission: Permission, act: Callable[..., Awaitable[UUID]], identity: UUID
) -> None:
    """Do what the router does, in a transaction like that of a request, without the rest of HTTP."""
    opening = SessionOpening(scene.manager.session_id, scene.manager.roles, "test")
    gate_of_app = scene.world.app.state.gate
    async with gate_of_app.database.transaction(opening) as db:
        assert opening.actor is not None
        ctx = Context(db, opening.actor, permission, utc_now(), gate_of_app.wiring)
        await act(ctx, identity, expected=Expected(None))


async def _round(scene: Scene, seed: int, seen: Counter[int]) -> None:
    """Withdraw one consent among so many sendings that need it, at any place of their queue."""
    institution_id = str(await scene.world.institution("jobcenter", f"Jobcenter {seed}"))
    consent_id = await give_consent(scene.manager, scene.client_id, institution_id)
    first = UUID(await draft(scene, institution_id=institution_id))
    drafts = [first, *(row["id"] for row in await scene.world.admin.fetch(_CLONE, first, AT_ONCE - 1))]
    answers: list[int] = []

    async def send(referral_id: UUID) -> None:
        try:
            await _in_transaction(scene, Permission.REFERRAL_SEND, send_referral, referral_id)
        except Incomplete as refused:
            answers.append(refused.status)
        else:
            answers.append(200)

    async def withdraw() -> None:
        act = partial(withdraw_consent, body=ConsentWithdraw(channel="phone"))
        await _in_transaction(scene, Permission.CONSENT_WITHDRAW, act, UUID(consent_id))

    # Whoever starts first is first in the queue, so its place decides, not the machine.
    room = asyncio.Semaphore(CONNECTIONS)

    async def in_turn(act: Callable[[], Awaitable[None]]) -> None:
        async with room:
            await act()

    in_order: list[Callable[[], Awaitable[None]]] = [partial(send, each) for each in drafts]
    in_order.insert(random.Random(seed).randrange(AT_ONCE), withdraw)
    async with asyncio.TaskGroup() as together:
        for each in in_order:
            together.create_task(in_turn(each))
    seen.update(answers)


async def _storm(world: World, rounds: int) -> tuple[Counter[int], int]:
    """Return what the sendings answered, and how many lie open after their consent was withdrawn."""
    seen: Counter[int] = Counter()
    for seed in range(rounds):
        if seed % ROUNDS_WITH_A_CLIENT == 0:
            scene = await a_scene(world)
        await _round(scene, seed, seen)
    return seen, int(await world.admin.fetchval(_AFTER, world.area))


@pytest.mark.slow
async def test_nothing_is_sent_after_a_withdrawal_in_ten_thousand_tries(world: World) -> None:
    tries = share_of(SENDINGS, dear=True)
    seen, left_open = await _storm(world, -(-tries // AT_ONCE))
    assert left_open == 0
    assert set(seen) == {200, 409}, seen
    assert seen.total() >= tries
    assert min(seen.values()) > tries // 20, seen  # both came first often enough


async def test_without_the_lock_the_same_is_left_open_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "locking", lambda statement: statement)
    left_open = 0
    for _ in range(20):
        left_open += (await _storm(world, ROUNDS_WITH_A_CLIENT))[1]
        if left_open:
            break
    assert left_open > 0
