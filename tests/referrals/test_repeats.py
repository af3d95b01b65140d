"""A partner's POST carries a key, always: what was not answered is sent again, and nothing is done twice."""

import asyncio
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.contract import operations
from tests.referrals.arrange import Scene, a_scene, agreed, draft, put_in_state, send, sent
from tests.referrals.test_transitions import BODIES, RECIPIENT, take
from tests.world import World

KEY = "as-it-was-sent-first"
PREFIX = "/v1/partner/"
UUID_IN_PATH = re.compile(r"\{\w+(:uuid)?\}")


def partner_posts(app: FastAPI) -> list[tuple[str, str]]:
    """Return name and path of everything that a partner posts."""
    return [
        (route.name, path)
        for method, path, route, _ in operations(app)
        if method == "POST" and path.startswith(PREFIX)
    ]


def requiring(contract: dict[str, Any]) -> set[str]:
    """Return the operations whose contract requires a key."""
    return {
        operation["operationId"]
        for path in contract["paths"].values()
        for operation in path.values()
        if any(
            each["name"].lower() == "idempotency-key" and each.get("required")
            for each in operation.get("parameters", ())
        )
    }


async def test_every_post_of_a_partner_requires_a_key_and_says_so(world: World, app: FastAPI) -> None:
    partner = await world.person(Role.PARTNER_USER)
    posts = partner_posts(app)
    assert len(posts) > 10
    assert {name for name, _ in posts} <= requiring(app.openapi())
    for _, path in posts:
        answer = await partner.http.post(UUID_IN_PATH.sub(str(uuid4()), path))
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing"), path


async def test_who_may_not_post_is_not_told_of_the_key(world: World, app: FastAPI) -> None:
    manager = await world.case_manager()
    for _, path in partner_posts(app):
        answer = await manager.http.post(UUID_IN_PATH.sub(str(uuid4()), path))
        assert answer.status_code == 403, path
        async with world.http() as nobody:
            assert (await nobody.post(UUID_IN_PATH.sub(str(uuid4()), path))).status_code == 401


async def _taken(world: World, referral_id: str) -> int:
    found: int = await world.admin.fetchval(
        "SELECT count(*) FROM referral_events WHERE referral_id = $1 AND side = 'recipient'",
        UUID(referral_id),
    )
    return found


async def _begin(scene: Scene, referral_id: str, name: str) -> str:
    """Bring a referral to where the step can be taken and return its path."""
    start = next(state for state in RECIPIENT[name] if state != "draft")
    await put_in_state(scene.world, referral_id, start)
    return f"/v1/partner/referrals/{referral_id}"


@pytest.mark.parametrize("name", RECIPIENT)
async def test_step_that_is_sent_again_is_taken_once_and_answered_again(world: World, name: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"{await _begin(scene, referral_id, name)}/{name}"
    first = await scene.partner.post(path, BODIES.get(name), Idempotency_Key=KEY)
    again = await scene.partner.post(path, BODIES.get(name), Idempotency_Key=KEY)
    assert (first.status_code, again.status_code) == (200, 200), again.text
    assert await _taken(world, referral_id) == 1
    assert first.json() | {"receipt": ""} == again.json() | {"receipt": ""}
    assert first.json()["receipt"].split(".")[1] == again.json()["receipt"].split(".")[1]


@pytest.mark.parametrize("name", ["accept", "fetched"])
async def test_step_that_is_sent_twice_at_once_is_taken_once(world: World, name: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}/{name}"
    both = await asyncio.gather(*(scene.partner.post(path, Idempotency_Key=KEY) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) in ([200, 200], [200, 409])
    assert await _taken(world, referral_id) == 1


async def test_key_is_for_one_request_only(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    one, other = [await draft(scene) for _ in range(2)]
    for each in (one, other):
        await send(scene, each)
    path = f"/v1/partner/referrals/{one}"
    assert (await scene.partner.post(f"{path}/accept", Idempotency_Key=KEY)).status_code == 200
    for again in (f"{path}/start", f"/v1/partner/referrals/{other}/accept"):
        answer = await scene.partner.post(again, Idempotency_Key=KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert await _taken(world, one) == 1


async def test_repetition_shows_today_and_not_then(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}/accept"
    first = await scene.partner.post(path, Idempotency_Key=KEY)
    assert "package" in first.json()
    await scene.manager.post(f"/v1/referrals/{referral_id}/cancel", {"reason": "solved_otherwise"})
    again = await scene.partner.post(path, Idempotency_Key=KEY)
    assert (again.status_code, again.json()["state"], "package" in again.json()) == (200, "cancelled", False)
    await world.admin.execute(
        "UPDATE memberships SET institution_id = $2 WHERE user_id = $1",
        scene.partner.user_id, await world.institution("sozialamt"),
    )  # fmt: skip
    assert (await scene.partner.post(path, Idempotency_Key=KEY)).status_code == 404


async def test_refused_step_keeps_no_key(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}"
    assert (await scene.partner.post(f"{path}/start", Idempotency_Key=KEY)).status_code == 409
    await take(scene.partner, path, "accept")
    assert (await scene.partner.post(f"{path}/start", Idempotency_Key=KEY)).status_code == 200
