"""What the worker does when the receiving unit does not move on."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.access.context import SystemContext
from app.kit.clock import local_date
from app.kit.database import Database, System
from app.kit.events import Wiring
from app.transfers.handlers import expire_due, remind_to_settle
from app.upkeep import jobs
from tests.cases.arrange import journal
from tests.transfers.arrange import Scene, a_scene, accepted, copies, offered, received, state_of, told
from tests.world import World


async def _expire(pool: Database, world: World, *, days: float) -> int:
    async with pool.transaction(System(world.area)) as db:
        moment = datetime.now(UTC) + timedelta(days=days)
        return await expire_due(SystemContext(db, world.area, moment, Wiring()))


async def test_an_offer_that_nobody_answers_expires_on_both_sides(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    transfer_id = await offered(scene)
    assert await _expire(worker_database, world, days=13.9) == 0
    assert await _expire(worker_database, scene.hagen, days=15) == 0
    assert await _expire(worker_database, world, days=14.1) == 1
    assert await _expire(worker_database, world, days=14.2) == 0
    assert await state_of(scene, transfer_id) == ("expired", "expired")
    assert "transfer_ended" in await told(scene.hagen, scene.lead)
    assert "transfer_answered" in await told(world, scene.manager)
    assert len(await journal(world, "transfer.expire")) == 1


async def test_what_was_accepted_and_not_received_expires_and_the_copy_goes(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted(scene)
    assert await _expire(worker_database, world, days=27.9) == 0
    assert await _expire(worker_database, world, days=28.1) == 1
    assert await state_of(scene, transfer_id) == ("expired", "expired")
    assert await copies(scene, transfer_id) == 0
    assert (await scene.colleague.get(f"/v1/transfers/{transfer_id}/package")).status_code == 404


async def _consent_ends(scene: Scene, days: int) -> None:
    await scene.wesel.admin.execute(
        "UPDATE consents SET given_on = least(given_on, $2), valid_until = $2 WHERE client_id = $1",
        UUID(scene.client_id),
        local_date(datetime.now(UTC)) + timedelta(days=days),
    )


@pytest.mark.parametrize("came_to", [offered, accepted])
async def test_what_the_consent_carries_no_longer_expires_whatever_the_deadline(
    world: World, worker_database: Database, came_to: Callable[[Scene], Awaitable[str]]
) -> None:
    scene = await a_scene(world)
    transfer_id = await came_to(scene)
    await _consent_ends(scene, days=3)
    assert await _expire(worker_database, world, days=2.9) == 0
    assert await _expire(worker_database, world, days=4.1) == 1
    assert await state_of(scene, transfer_id) == ("expired", "expired")
    assert await copies(scene, transfer_id) == 0
    assert "transfer_ended" in await told(scene.hagen, scene.lead)


async def test_what_was_received_does_not_expire(world: World, worker_database: Database) -> None:
    scene = await a_scene(world)
    transfer_id = await received(scene)
    assert await _expire(worker_database, world, days=400) == 0
    assert await state_of(scene, transfer_id) == ("received", "received")


async def _remind(pool: Database, world: World, *, days: float) -> int:
    async with pool.transaction(System(world.area)) as db:
        moment = datetime.now(UTC) + timedelta(days=days)
        return await remind_to_settle(SystemContext(db, world.area, moment, Wiring()), 14)


async def test_a_team_is_reminded_once_of_what_a_receipt_left_open(
    world: World, worker_database: Database
) -> None:
    scene = await a_scene(world)
    await received(scene)
    assert await _remind(worker_database, world, days=13.9) == 0
    assert await _remind(worker_database, scene.hagen, days=15) == 0
    assert await _remind(worker_database, world, days=14.1) == 1
    assert await _remind(worker_database, world, days=40) == 0
    assert (await told(world, scene.manager)).count("transfer_unsettled") == 1
    assert "transfer_unsettled" not in await told(scene.hagen, scene.lead)
    assert len(await journal(world, "transfer.remind")) == 1


@pytest.mark.parametrize("what", ["settled", "reopened", "only kept", "withdrawn"])
async def test_nobody_is_reminded_where_there_is_nothing_to_settle(
    world: World, worker_database: Database, what: str
) -> None:
    scene = await a_scene(world)
    transfer_id = await (accepted if what == "withdrawn" else received)(scene)
    path = f"{scene.path}/{transfer_id}"
    if what == "only kept":
        await world.admin.execute(
            "UPDATE clients SET processing_restricted_at = now() WHERE id = $1", UUID(scene.client_id)
        )
    else:
        act, body = {
            "settled": (f"{path}/settle", {}),
            "reopened": (f"/v1/cases/{scene.case_id}/reopen", {"reason": "Kam zurück"}),
            "withdrawn": (f"{path}/withdraw", {"reason": "other"}),
        }[what]
        answer = await scene.manager.post(act, body)
        assert answer.status_code == 200, answer.text
    assert await _remind(worker_database, world, days=30) == 0


@pytest.mark.parametrize("name", ["expire_transfers", "remind_to_settle"])
def test_the_worker_knows_the_job(name: str) -> None:
    assert name in {job.name for job in jobs()}
