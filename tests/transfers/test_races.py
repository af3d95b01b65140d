"""Acts that meet, in many orders on two connections; and what is lost without the locks."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from app.access.roles import Role
from app.consents import gate
from tests.cases.test_row_security import weakened
from tests.consents.arrange import just_now
from tests.referrals.interleaving import interleave, stops
from tests.transfers.arrange import (
    Scene,
    a_scene,
    accepted,
    agree,
    copies,
    draft,
    draft_body,
    offer,
    offered,
    state_of,
)
from tests.world import World

ORDERS = 150
WITHDRAWN = {"channel": "phone"}


@asynccontextmanager
async def without_holding(world: World) -> AsyncIterator[None]:
    """Plant the fault: the receiver's steps hold neither consent nor transfer."""
    definition = await world.admin.fetchval("SELECT pg_get_functiondef('hold_transfer'::regproc)")
    careless = definition.replace("FOR SHARE", "").replace("FOR UPDATE", "")
    assert careless != definition
    await world.admin.execute(careless)
    try:
        yield
    finally:
        await world.admin.execute(definition)


async def _free(scene: Scene, transfer_id: str) -> None:
    """Let the case be transferred again."""
    await scene.wesel.admin.execute(
        """UPDATE case_transfers SET state = 'withdrawn', ended_at = now()
        WHERE id = $1 AND ended_at IS NULL""",
        UUID(transfer_id),
    )


async def _offering(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Offer and take the consent back in one order and return what came of it."""
    consent_id = await agree(scene, given_at=just_now())
    transfer_id = await draft(scene)
    with stops(monkeypatch):
        offering, withdrawing = await interleave(
            seed,
            scene.wesel.admin,
            lambda: scene.manager.post(f"{scene.path}/{transfer_id}/offer"),
            lambda: scene.manager.post(f"/v1/consents/{consent_id}/withdraw", WITHDRAWN),
        )
    assert withdrawing.status_code == 200, withdrawing.text
    here, there = await state_of(scene, transfer_id)
    await _free(scene, transfer_id)
    return f"{offering.status_code} {here} {there}"


@pytest.mark.slow
async def test_offering_and_withdrawal_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = Counter([await _offering(scene, seed, monkeypatch) for seed in range(ORDERS)])
    assert set(seen) == {"200 revoked revoked", "409 drafted None"}, seen
    assert min(seen.values()) > ORDERS // 20, seen  # both orders were really tried


async def test_offering_without_the_lock_is_lost_and_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    monkeypatch.setattr(gate, "locking", lambda statement: statement)
    seen = Counter([await _offering(scene, seed, monkeypatch) for seed in range(60)])
    assert set(seen) - {"200 revoked revoked", "409 drafted None"}, seen


async def _accepting(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Accept and take the consent back in one order and return what came of it."""
    consent_id = await agree(scene, given_at=just_now())
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    body = {"case_manager_id": str(scene.colleague.user_id)}
    with stops(monkeypatch):
        accepting, withdrawing = await interleave(
            seed,
            scene.wesel.admin,
            lambda: scene.lead.post(f"/v1/transfers/{transfer_id}/accept", body),
            lambda: scene.manager.post(f"/v1/consents/{consent_id}/withdraw", WITHDRAWN),
        )
    here, there = await state_of(scene, transfer_id)
    left = await copies(scene, transfer_id)
    await _free(scene, transfer_id)
    return f"{accepting.status_code} {withdrawing.status_code} {here} {there} {left}"


BOTH_ORDERS = {"200 200 revoked revoked 0", "409 200 revoked revoked 0"}


async def test_acceptance_and_withdrawal_come_one_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    seen = Counter([await _accepting(scene, seed, monkeypatch) for seed in range(60)])
    assert set(seen) == BOTH_ORDERS, seen


async def test_acceptance_without_the_locks_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await a_scene(world)
    async with without_holding(world):
        seen = Counter([await _accepting(scene, seed, monkeypatch) for seed in range(60)])
    assert set(seen) - BOTH_ORDERS, seen


async def _two_leads(scene: Scene, other: object, seed: int, monkeypatch: pytest.MonkeyPatch) -> object:
    await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    path = f"/v1/transfers/{transfer_id}"
    body = {"case_manager_id": str(scene.colleague.user_id)}
    with stops(monkeypatch):
        both = await interleave(
            seed,
            scene.wesel.admin,
            lambda: scene.lead.post(f"{path}/accept", body),
            lambda: other.post(f"{path}/decline", {"reason": "no_capacity"}),  # type: ignore[attr-defined]
        )
    state = await state_of(scene, transfer_id)
    left = await copies(scene, transfer_id)
    await _free(scene, transfer_id)
    return tuple(answer.status_code for answer in both), state, left


async def test_of_two_team_leads_at_once_each_sees_what_the_other_did(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    other = await scene.hagen.person(Role.TEAM_LEAD, unit="KI Hagen")
    seen = {await _two_leads(scene, other, seed, monkeypatch) for seed in range(40)}
    # What was accepted can still be declined; what was declined cannot be accepted.
    assert seen == {
        ((200, 200), ("declined", "declined"), 0),
        ((409, 200), ("declined", "declined"), 0),
    }


async def test_of_two_receipts_at_once_one_makes_a_case(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    path = f"/v1/transfers/{transfer_id}/receive"
    with stops(monkeypatch):
        both = await interleave(
            7,
            world.admin,
            lambda: scene.colleague.post(path, {"confirm_new": True}),
            lambda: scene.colleague.post(path, {"confirm_new": True}),
        )
    assert sorted(answer.status_code for answer in both) == [200, 409]
    count = "SELECT count(*) FROM cases WHERE municipal_area_id = $1"
    assert await world.admin.fetchval(count, scene.hagen.area) == 1


async def _receiving(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch) -> object:
    transfer_id = await accepted(scene)
    with stops(monkeypatch):
        receiving, withdrawing = await interleave(
            seed,
            scene.wesel.admin,
            lambda: scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {"confirm_new": True}),
            lambda: scene.manager.post(f"{scene.path}/{transfer_id}/withdraw", {"reason": "other"}),
        )
    state = await state_of(scene, transfer_id)
    return receiving.status_code, withdrawing.status_code, state


@pytest.mark.parametrize("seed", range(12))
async def test_receipt_and_the_senders_withdrawal_do_not_both_win(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    assert await _receiving(await a_scene(world), seed, monkeypatch) in {
        (200, 409, ("received", "received")),
        (409, 200, ("withdrawn", "withdrawn")),
    }


async def test_of_two_drafts_at_once_one_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await a_scene(world)
    with stops(monkeypatch):
        both = await interleave(
            3,
            world.admin,
            lambda: scene.manager.post(scene.path, draft_body(scene)),
            lambda: scene.manager.post(scene.path, draft_body(scene)),
        )
    assert sorted(answer.status_code for answer in both) == [201, 409]


@pytest.mark.parametrize(("table", "policy"), [("transfer_offers", "unit"), ("received_packages", "named")])
async def test_weakened_policy_is_noticed(world: World, table: str, policy: str) -> None:
    scene = await a_scene(world)
    transfer_id = await (offered(scene) if table == "transfer_offers" else accepted(scene))
    stranger = {
        "transfer_offers": await scene.hagen.person(Role.TEAM_LEAD, unit="Caritas Hagen"),
        "received_packages": await scene.hagen.case_manager("Caritas Hagen"),
    }[table]
    path = f"/v1/transfers/{transfer_id}" + ("" if table == "transfer_offers" else "/package")
    assert (await stranger.get(path)).status_code == 404
    async with weakened(world, table, policy, "USING"):
        assert (await stranger.get(path)).status_code == 200


async def test_no_policy_looks_into_another_area(world: World) -> None:
    """Even with every policy of the tables open, the tenant's stands before them."""
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    far = await world.person(Role.TEAM_LEAD)
    async with (
        weakened(world, "transfer_offers", "unit", "USING"),
        weakened(world, "received_packages", "named", "USING"),
    ):
        assert (await far.get(f"/v1/transfers/{transfer_id}")).status_code == 404
        assert (await scene.manager.get(f"/v1/transfers/{transfer_id}/package")).status_code == 404
    async with weakened(world, "transfer_offers", "tenant", "USING"):
        async with weakened(world, "transfer_offers", "unit", "USING"):
            assert (await far.get(f"/v1/transfers/{transfer_id}")).status_code == 200
