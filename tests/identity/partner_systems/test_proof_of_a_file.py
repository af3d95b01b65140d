"""A file comes with one proof and counts as one request, though its sender is asked twice."""

from typing import Any

from tests.conftest import Clock
from tests.documents.files import TEXT
from tests.identity.partner_systems.arrange import a_machine, new_key, proof
from tests.identity.partner_systems.test_proofs import bound, is_refused_proof, showing
from tests.referrals.arrange import a_scene, sent
from tests.referrals.test_recipient_files import files
from tests.world import World, fresh_key


async def _left(world: World) -> int:
    left: int = await world.admin.fetchval(
        "SELECT requests_left FROM partner_allowances WHERE municipal_area_id = $1", world.area
    )
    return left


async def test_file_comes_with_one_proof_and_counts_once(world: World, http: Any, clock: Clock) -> None:
    clock.stop()
    scene, machine, key = await a_scene(world), await a_machine(world), new_key()
    path = files(await sent(scene))
    access = await bound(http, machine, key)
    feed = "/v1/partner/referrals"
    assert (await http.get(feed, headers=showing(access, proof(key, "GET", feed, access)))).status_code == 200
    before = await _left(world)
    shown = dict(showing(access, proof(key, "POST", path, access)))
    headers = {"Content-Type": "application/octet-stream", **fresh_key("POST", path), **shown}
    answer = await http.post(path, content=TEXT, headers=headers)
    assert answer.status_code == 201, answer.text
    assert await _left(world) == before - 1
    assert is_refused_proof(await http.post(path, content=TEXT, headers=headers))
