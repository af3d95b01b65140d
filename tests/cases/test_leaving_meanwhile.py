"""Who is made the lead of a case while they leave the unit is not made it, or the team leads are told."""

from collections import Counter
from functools import partial
from uuid import UUID

import pytest

from app.access.roles import Role
from tests.cases.arrange import a_case, team_lead
from tests.referrals.interleaving import interleave, stops
from tests.world import World

ORDERS = 10
GIVE = "give_case(uuid, uuid, uuid)"
HELD = "AND u.disabled_at IS NULL FOR SHARE"

_SOURCE = "SELECT pg_get_functiondef($1::text::regprocedure)"
_TOLD = "SELECT EXISTS (SELECT FROM notifications WHERE object_id = $1 AND kind = 'case_without_lead')"
_MEMBERSHIP = "SELECT id FROM memberships WHERE user_id = $1"


async def _in_many_orders(
    world: World, monkeypatch: pytest.MonkeyPatch, how: str = "ended"
) -> Counter[tuple[int, int, bool]]:
    """Make somebody the lead while they leave, in many orders; return both answers, and who was told."""
    lead, admin, manager = await team_lead(world), await world.person(Role.ADMIN), await world.case_manager()
    seen: Counter[tuple[int, int, bool]] = Counter()
    for seed in range(ORDERS):
        leaver, case_id = await world.case_manager(), await a_case(world, manager)
        membership = await world.admin.fetchval(_MEMBERSHIP, leaver.user_id)
        user = f"/v1/users/{leaver.user_id}"
        leave = {
            "ended": partial(admin.delete, f"{user}/memberships/{membership}"),
            "disabled": partial(admin.patch, user, {"is_disabled": True}, if_match='"1"'),
        }[how]
        assign = {"user_id": str(leaver.user_id), "kind": "lead"}
        with stops(monkeypatch):
            given, left = await interleave(
                seed, world.admin, partial(lead.post, f"/v1/cases/{case_id}/assign", assign), leave
            )
        told = await world.admin.fetchval(_TOLD, UUID(str(case_id)))
        seen[given.status_code, left.status_code // 100, told] += 1
    return seen


@pytest.mark.parametrize("how", ["ended", "disabled"])
async def test_nobody_leads_a_case_that_they_have_left_unnoticed(
    world: World, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    assert set(await _in_many_orders(world, monkeypatch, how)) == {(201, 2, True), (422, 2, False)}


async def test_without_the_lock_they_do_and_it_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await world.admin.fetchval(_SOURCE, GIVE)
    assert HELD in source
    try:
        await world.admin.execute(source.replace(HELD, HELD.removesuffix(" FOR SHARE")))
        assert (201, 2, False) in await _in_many_orders(world, monkeypatch)
    finally:
        await world.admin.execute(source)
