"""Inviting and handing out against the withdrawal of the consent they rest on, in many orders."""

from collections import Counter
from uuid import UUID

import pytest

from app.consents import gate
from tests.conferences.arrange import Table, a_table
from tests.consents.arrange import give_consent, just_now
from tests.referrals.interleaving import interleave, stops
from tests.world import World

ORDERS = 100
_LEFT = """SELECT count(*) FROM conference_participants p JOIN consents c ON c.id = p.consent_id
WHERE p.conference_id = $1 AND p.removed_at IS NULL AND c.withdrawn_at IS NOT NULL"""


async def _race(table: Table, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Invite and withdraw in one order and return what came of it."""
    scene = table.scene
    institution = str(await scene.world.institution("jobcenter", f"Jobcenter {seed}"))
    purpose = "case_conference"
    consent_id = await give_consent(scene.manager, scene.client_id, institution, purpose=purpose)
    row = await table.planned_today()
    with stops(monkeypatch):
        inviting, withdrawing = await interleave(
            seed,
            scene.world.admin,
            lambda: table.invite(row, institution_id=institution),
            lambda: scene.manager.post(f"/v1/consents/{consent_id}/withdraw", {"channel": "phone"}),
        )
    assert withdrawing.status_code == 200, withdrawing.text
    left = await scene.world.admin.fetchval(_LEFT, UUID(row["id"]))
    return f"{inviting.status_code}{' still there' if left else ''}"


@pytest.mark.slow
async def test_withdrawal_and_invitation_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = await a_table(world)
    seen = Counter([await _race(table, seed, monkeypatch) for seed in range(ORDERS)])
    assert set(seen) == {"200", "409"}, seen


async def test_race_without_the_lock_is_lost_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = await a_table(world)
    monkeypatch.setattr(gate, "locking", lambda statement: statement)
    seen = Counter([await _race(table, seed, monkeypatch) for seed in range(60)])
    assert seen["200 still there"] > 0, seen


async def test_hand_out_and_withdrawal_never_wait_for_each_other_in_a_circle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = await a_table(world)
    seen: Counter[tuple[int, int]] = Counter()
    for seed in range(30):
        consent_id = await table.agreed(given_at=just_now())
        row = await table.planned_today()
        outside = await table.invited(row)
        await table.step(row, "hold", attended=[outside], record="Ergebnis")
        with stops(monkeypatch):
            given, withdrawn = await interleave(
                seed,
                world.admin,
                lambda row=row, outside=outside: table.hand_out(row, outside),
                lambda consent_id=consent_id: table.scene.manager.post(
                    f"/v1/consents/{consent_id}/withdraw", {"channel": "phone"}
                ),
            )
        seen[given.status_code, withdrawn.status_code] += 1
    assert set(seen) == {(200, 200), (409, 200)}, seen
