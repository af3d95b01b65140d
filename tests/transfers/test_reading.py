"""The package in the hands of who was named: read while it may be used, and not a moment longer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.kit.clock import end_of, local_date
from tests.consents.arrange import withdraw
from tests.transfers.arrange import Scene, a_scene, accept, accepted, agree, draft, offer, receive, received
from tests.world import World

HIDDEN = "UPDATE clients SET is_restricted = true WHERE id = $1"
ONLY_KEPT = "UPDATE clients SET processing_restricted_at = now() WHERE id = $1"
RAN_OUT = "UPDATE consents SET given_on = '2025-01-01', valid_until = '2025-12-31' WHERE client_id = $1"


async def _read(scene: Scene, transfer_id: str) -> tuple[int, str | None]:
    answer = await scene.colleague.get(f"/v1/transfers/{transfer_id}/package")
    return answer.status_code, answer.json().get("code")


@pytest.mark.parametrize(
    ("change", "code"),
    [(HIDDEN, "transfer_on_hold"), (ONLY_KEPT, "transfer_on_hold"), (RAN_OUT, "consent_missing")],
)
async def test_what_may_not_be_used_is_not_read_either(world: World, change: str, code: str) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    assert await _read(scene, transfer_id) == (200, None)
    await world.admin.execute(change, UUID(scene.client_id))
    assert await _read(scene, transfer_id) == (409, code)


@pytest.mark.parametrize("change", [HIDDEN, ONLY_KEPT, RAN_OUT])
async def test_what_was_received_is_read_with_its_case(world: World, change: str) -> None:
    scene = await a_scene(world)
    transfer_id = await received(scene)
    await world.admin.execute(change, UUID(scene.client_id))
    assert await _read(scene, transfer_id) == (200, None)


async def test_after_a_withdrawal_it_is_gone(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agree(scene)
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    await withdraw(scene.manager, consent_id)
    assert (await _read(scene, transfer_id))[0] == 404


async def _in_the_database(scene: Scene, transfer_id: str) -> bool:
    async with scene.hagen.sql(scene.colleague) as db:
        counted = "SELECT count(*) FROM received_packages WHERE id = $1"
        return bool(await (await db.driver()).fetchval(counted, UUID(transfer_id)))


async def test_database_shows_it_until_the_consent_ends(world: World) -> None:
    scene = await a_scene(world)
    last = local_date(datetime.now(UTC)) + timedelta(days=5)
    await agree(scene, valid_until=str(last))
    transfer_id = await draft(scene)
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    until = "SELECT readable_until FROM received_packages WHERE id = $1"
    assert await world.admin.fetchval(until, UUID(transfer_id)) == end_of(last)
    assert await _in_the_database(scene, transfer_id)
    ended = "UPDATE received_packages SET readable_until = now() WHERE id = $1"
    await world.admin.execute(ended, UUID(transfer_id))
    assert not await _in_the_database(scene, transfer_id)
    assert (await _read(scene, transfer_id))[0] == 404


async def test_case_that_was_made_of_it_shows_it_for_good(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    await receive(scene, transfer_id)
    ended = "UPDATE received_packages SET readable_until = now() WHERE id = $1"
    await world.admin.execute(ended, UUID(transfer_id))
    assert await _in_the_database(scene, transfer_id)
