"""Who leaves an institution while they make or resume a webhook leaves none behind that nobody manages."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from tests.referrals.arrange import Scene, a_scene
from tests.referrals.interleaving import interleave, stops
from tests.webhooks.arrange import body, made
from tests.world import World

ORDERS = 8

_STATES = "SELECT array_agg(state) FROM webhooks WHERE institution_id = $1"
_MEMBERSHIP = "SELECT id FROM memberships WHERE user_id = $1"
_MOVE = "UPDATE memberships SET institution_id = $1 WHERE user_id = $2"


async def _alone(scene: Scene, seed: int) -> Scene:
    """Return the scene with an institution of which there is one person."""
    world = scene.world
    institution = await world.institution("jobcenter", f"Jobcenter {seed}")
    partner = await world.person(Role.PARTNER_USER)
    await world.admin.execute(_MOVE, institution, partner.user_id)
    return replace(scene, partner=partner, institution_id=str(institution))


async def _race(scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch, act: Any) -> tuple[int, int, Any]:
    world, gone = scene.world, scene.partner
    admin = await world.person(Role.ADMIN)
    membership = await world.admin.fetchval(_MEMBERSHIP, gone.user_id)
    leave = partial(admin.delete, f"/v1/users/{gone.user_id}/memberships/{membership}")
    with stops(monkeypatch):
        acted, left = await interleave(seed, world.admin, act, leave)
    return (
        acted.status_code,
        left.status_code,
        await world.admin.fetchval(_STATES, UUID(scene.institution_id)),
    )


async def _making(world: World, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, Any]]:
    scene, seen = await a_scene(world), []
    for seed in range(ORDERS):
        alone = await _alone(scene, seed)
        make = partial(alone.partner.post, "/v1/partner/webhooks", body(alone))
        seen.append(await _race(alone, seed, monkeypatch, make))
    return seen


async def test_webhook_that_is_made_meanwhile_ends_or_is_not_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await _making(world, monkeypatch)
    assert (404, 204, None) in seen
    assert all(each in ((404, 204, None), (201, 204, ["ended"])) for each in seen), seen


async def test_webhook_that_is_resumed_meanwhile_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await a_scene(world)
    for seed in range(ORDERS):
        alone = await _alone(scene, seed)
        webhook = await made(alone)
        paused = await alone.partner.post(f"{webhook.path}/pause", if_match='"1"')
        assert paused.status_code == 200, paused.text
        resume = partial(alone.partner.post, f"{webhook.path}/resume", if_match=paused.headers["etag"])
        seen = await _race(alone, seed, monkeypatch, resume)
        assert seen[1:] == (204, ["ended"]), seen


async def test_without_the_trigger_one_stays_and_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.admin.execute("ALTER TABLE webhooks DISABLE TRIGGER is_managed")
    try:
        assert (201, 204, ["active"]) in await _making(world, monkeypatch)
    finally:
        await world.admin.execute("ALTER TABLE webhooks ENABLE TRIGGER is_managed")
