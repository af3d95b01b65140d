"""Cursors of catching up that were made up: their digest is no secret, so what is in them is not trusted."""

import base64
import hashlib
import json
from typing import Any

import pytest

from tests.work.test_sync import refused, with_a_case
from tests.world import World

EPOCH = "the present one"
FORGED = (
    [EPOCH, [[5, 10**25, 0]], None],
    [EPOCH, [[5, 10**18, 0]], None],
    [EPOCH, [[5, 1e308, 0]], None],
    [EPOCH, [[5, -1, 0]], None],
    [EPOCH, [[10**25, 0, 0]], None],
    [EPOCH, [[0, 0, 0]], None],
    [EPOCH, [[-1, 0, 0]], None],
    [EPOCH, [["5", 0, 0]], None],
    [EPOCH, [[1.5, 0, 0]], None],
    [EPOCH, [[True, 0, 0]], None],
    [EPOCH, [[5, 0]], None],
    [EPOCH, [[5, 0, -1]], None],
    [EPOCH, [[5, 0, 2**63]], None],
    [EPOCH, [[5, 0, 9, 9]], None],
    [EPOCH, [[5, 0, 9, -1]], None],
    [EPOCH, [[5, 0, 9, 1, 0]], None],
    [EPOCH, [[5, 0, 9, "1"]], None],
    [EPOCH, [[5, 0, 99, *[1] * 33]], None],
    [EPOCH, [[1, 0, 0], [2**64, 0, 0]], [0, "0" * 32, "0" * 32]],
    [EPOCH, [[1, 0, 0], [1, 0, 0]], [1, "0" * 32, 5]],
    [EPOCH, [[1, 0, 0], [1, 0, 0]], [1, 5, "0" * 32]],
    [EPOCH, [[1, 0, 0], [1, 0, 0]], [1, "0" * 32, None]],
    [EPOCH, [[1, 0, 0], [1, 0, 0]], [2**40, "0" * 32, "0" * 32]],
    [EPOCH, [[1, 0, 0], [1, 0, 0]], ["1", "0" * 32, "0" * 32]],
    [EPOCH, [], None],
    [EPOCH, None, None],
    {"0": 1},
)
"""Cursors that nobody was handed out, with a digest as their owner can make it: it is no secret."""


def made_up(world: World, user_id: object, parts: Any) -> str:
    """Return a cursor with these contents and the digest that their owner can compute."""
    body = json.dumps(parts).encode()
    digest = hashlib.sha256(f"{world.area} {user_id} ".encode() + body).digest()[:12]
    return base64.urlsafe_b64encode(digest + body).rstrip(b"=").decode()


@pytest.mark.parametrize("parts", FORGED, ids=range(len(FORGED)))
async def test_made_up_cursor_says_to_begin_anew(world: World, parts: Any) -> None:
    *_, phone = await with_a_case(world)
    if isinstance(parts, list):
        epoch = await world.admin.fetchval("SELECT sync_epoch()")
        parts = [epoch if each == EPOCH else each for each in parts]
    cursor = made_up(world, phone.person.user_id, parts)
    assert await refused(phone.person, cursor) == (410, "sync_anew")


async def test_cursor_that_is_made_like_ours_is_read(world: World) -> None:
    *_, phone = await with_a_case(world)
    parts = [await world.admin.fetchval("SELECT sync_epoch()"), [[1, 0, 0]], None]
    cursor = made_up(world, phone.person.user_id, parts)
    assert (await phone.person.get("/v1/sync", since=cursor)).status_code == 200
