"""Who is disabled while they sign in has no session, also not once they may come back."""

from collections import Counter
from functools import partial

import pytest

from app.access.roles import Role
from tests.identity.arrange import give_password, sign_in, somewhere
from tests.referrals.interleaving import interleave, stops
from tests.world import World

ORDERS = 8
START = "start_session(uuid, uuid, text, bytea, int, text)"
HELD = "u.disabled_at IS NULL FOR SHARE OF u"

_SOURCE = "SELECT pg_get_functiondef($1::text::regprocedure)"
_LIVING = "SELECT count(*) FROM sessions WHERE account_id = $1 AND id <> $2 AND ended_at IS NULL"


async def _signed_in(world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Sign in and be disabled in one order; return the answer and how many sessions live on."""
    owner, admin = await world.case_manager(), await world.person(Role.ADMIN)
    email = await give_password(world, owner)
    disable = partial(admin.patch, f"/v1/users/{owner.user_id}", {"is_disabled": True}, if_match='"1"')
    async with somewhere(world) as http:
        with stops(monkeypatch):
            signed_in, disabled = await interleave(seed, world.admin, partial(sign_in, http, email), disable)
    assert disabled.status_code == 200, disabled.text
    return signed_in.status_code, await world.admin.fetchval(_LIVING, owner.account_id, owner.session_id)


async def _in_many_orders(world: World, monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[int, int]]:
    return Counter([await _signed_in(world, seed, monkeypatch) for seed in range(ORDERS)])


@pytest.mark.asvs("7.4.2")
async def test_disabling_ends_a_session_that_is_just_being_started(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(await _in_many_orders(world, monkeypatch)) == {(201, 0), (401, 0)}


async def test_without_the_lock_a_session_outlives_it_and_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await world.admin.fetchval(_SOURCE, START)
    assert HELD in source
    try:
        await world.admin.execute(source.replace(HELD, HELD.removesuffix(" FOR SHARE OF u")))
        assert (201, 1) in await _in_many_orders(world, monkeypatch)
    finally:
        await world.admin.execute(source)
