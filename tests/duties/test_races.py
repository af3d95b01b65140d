"""Approval, withdrawal, sending and expiry in many orders on two connections: one of them wins."""

from typing import Any

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.referrals.duties import deciding
from app.referrals.duties.models import Duty
from tests.duties.arrange import (
    Office,
    an_office,
    approve,
    approved,
    read,
    request,
    requested,
    send,
    withdraw,
)
from tests.referrals.arrange import draft
from tests.referrals.interleaving import interleave, stops
from tests.world import World

ORDERS = 40


async def _anew(office: Office) -> None:
    """Give the office another draft; what stood before is done with, so that nothing counts as bulk."""
    await office.world.admin.execute(
        "UPDATE duties SET requested_at = requested_at - interval '2 days' WHERE municipal_area_id = $1",
        office.world.area,
    )
    office.referral_id = await draft(office.scene, legal_basis="aufenthg_87", concern_code="notification")


async def _race(office: Office, seed: int, monkeypatch: pytest.MonkeyPatch, *acts: Any) -> tuple[int, ...]:
    with stops(monkeypatch):
        both = await interleave(seed, office.world.admin, *acts)
    return tuple(answer.status_code for answer in both)


async def test_approval_meets_withdrawal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    office, seen = await an_office(world), set()
    for seed in range(ORDERS):
        await _anew(office)
        duty = await requested(office)
        codes = await _race(office, seed, monkeypatch, lambda d=duty: approve(office.lead, d),
                            lambda d=duty: withdraw(office.manager, d))  # fmt: skip
        seen.add((codes, (await read(office.manager, duty))["state"]))
    assert seen == {((200, 200), "withdrawn"), ((409, 200), "withdrawn")}


async def test_sending_meets_withdrawal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    office, seen = await an_office(world), set()
    for seed in range(ORDERS):
        await _anew(office)
        duty = await approved(office)
        codes = await _race(office, seed, monkeypatch, lambda: send(office),
                            lambda d=duty: withdraw(office.manager, d))  # fmt: skip
        seen.add((codes, (await read(office.manager, duty))["state"]))
    assert seen == {((200, 409), "sent"), ((409, 200), "withdrawn")}


async def test_of_two_who_approve_at_once_one_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    office = await an_office(world)
    other, seen = await world.person(Role.TEAM_LEAD), set()
    for seed in range(ORDERS):
        await _anew(office)
        duty = await requested(office)
        codes = await _race(office, seed, monkeypatch, lambda d=duty: approve(office.lead, d),
                            lambda d=duty: approve(other, d))  # fmt: skip
        seen.add(codes)
    assert seen == {(200, 409), (409, 200)}


async def test_draft_is_asked_for_once_by_two_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    office = await an_office(world)
    for seed in range(10):
        await _anew(office)
        codes = await _race(office, seed, monkeypatch, lambda: request(office), lambda: request(office))
        assert sorted(codes) == [201, 409]


async def test_sending_without_the_lock_meets_a_withdrawal_and_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unlocked(ctx: Any, referral_id: Any) -> Duty | None:
        found: Duty | None = await ctx.db.scalar(
            select(Duty).where(Duty.referral_id == referral_id, Duty.state == "approved")
        )
        return found

    monkeypatch.setattr("app.referrals.duties.gate.approved_for", unlocked)
    office, seen = await an_office(world), set()
    for seed in range(ORDERS):
        await _anew(office)
        duty = await approved(office)
        codes = await _race(office, seed, monkeypatch, lambda: send(office),
                            lambda d=duty: withdraw(office.manager, d))  # fmt: skip
        seen.add(codes)
    # The database holds: the way of a duty does not lead from withdrawn to sent.
    assert (200, 200) not in seen
    assert any(code not in (200, 409) for code, _ in seen)
    assert deciding.approved_for is not unlocked


async def test_two_at_once_are_not_one_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    office, other = await an_office(world), await an_office(world)
    for seed in range(10):
        await _anew(office)
        await _anew(other)
        await requested(await an_office(world))
        await requested(await an_office(world))
        codes = await _race(office, seed, monkeypatch, lambda: request(office), lambda: request(other))
        assert sorted(codes) == [201, 409]
