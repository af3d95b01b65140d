"""A file of the recipient against the withdrawal of the feedback, and without what keeps strangers out."""

from collections import Counter
from uuid import UUID

import httpx
import pytest

from app.access.context import Context
from app.access.roles import Role
from app.kit.ids import new_id
from app.referrals.feedback import feedback_agreed
from app.referrals.messages import bringing
from tests.cases.test_row_security import weakened
from tests.consents.arrange import give_consent, withdraw
from tests.referrals.arrange import Scene, a_scene, sent
from tests.referrals.interleaving import interleave, stops
from tests.referrals.test_recipient_files import bring, logged
from tests.world import World


async def _in_order(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """The institution sends a file while the consent to feedback is withdrawn."""
    referral_id = await sent(scene, consent={"direction": "to"})
    consent_id = await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from"
    )
    done: list[str] = []

    async def send_file() -> httpx.Response:
        answer = await bring(scene.partner, referral_id)
        done.append("sent")
        return answer

    async def take_back() -> httpx.Response:
        answer = await scene.manager.post(f"/v1/consents/{consent_id}/withdraw", {"channel": "phone"})
        done.append("withdrawn")
        return answer

    with stops(monkeypatch):
        came, withdrawn = await interleave(seed, scene.world.admin, send_file, take_back)
    assert withdrawn.status_code == 200, withdrawn.text
    assert len(await logged(scene, referral_id)) == (1 if came.status_code == 201 else 0)
    return f"{came.status_code} {done[0]} first"


async def test_no_file_is_taken_after_the_feedback_was_withdrawn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = Counter([await _in_order(scene, seed, monkeypatch) for seed in range(60)])
    assert "201 withdrawn first" not in seen, seen
    assert min(seen["201 sent first"], seen["409 withdrawn first"]) > 0, seen


async def test_file_without_the_lock_is_taken_after_the_withdrawal_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, consent={"direction": "to"})
    consent_id = await give_consent(
        scene.manager, scene.client_id, scene.institution_id, purpose="feedback", direction="from"
    )
    asked: list[bool] = []

    async def let_go(ctx: Context, which: UUID) -> bool:
        trial = (await ctx.db.driver()).transaction()  # what is locked in it is let go with its rollback
        await trial.start()
        asked.append(await feedback_agreed(ctx, which))
        await trial.rollback()
        if len(asked) == 2:  # in the transaction of the file itself
            await withdraw(scene.manager, consent_id)
        return asked[-1]

    monkeypatch.setattr(bringing, "feedback_agreed", let_go)
    assert (await bring(scene.partner, referral_id)).status_code == 201
    assert asked == [True, True]


async def test_thread_that_everybody_may_write_in_takes_a_strangers_file_and_is_noticed(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    stranger = await world.person(Role.PARTNER_USER, institution="sozialamt")
    add = """INSERT INTO referral_messages
        (municipal_area_id, id, referral_id, institution_id, at, side, kind)
    SELECT $1, $2, $3, $4, now(), 'recipient', 'file'"""
    values = (world.area, new_id(), UUID(referral_id), UUID(scene.institution_id))

    async def added() -> bool:
        try:
            async with world.sql(stranger) as db:
                await (await db.driver()).execute(add, *values)
        except Exception:  # noqa: BLE001 - refused by the policy, whatever it is called
            return False
        return True

    assert not await added()
    async with weakened(world, "referral_messages", "addressed_write", "WITH CHECK"):
        assert await added()
    await world.admin.execute("DELETE FROM referral_messages WHERE id = $1", values[1])
