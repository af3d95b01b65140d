"""Before a key or secret ends, administrators and the people of its institution are told: twice, not more."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.access.context import SystemContext
from app.access.roles import Role
from app.identity.partner_systems.rules import USUAL_KEY_LIFE
from app.kit.clock import utc_now
from app.kit.database import Database, System
from app.kit.events import Wiring
from app.notifications.of_machines import tell_of_ending
from app.upkeep import JOBS
from app.worker import run_once
from tests.identity.partner_systems.arrange import Machine, a_machine, new_key, register
from tests.world import Person, World

DAY = timedelta(days=1)
FIRST, SECOND = "credential_ends", "credential_ends_soon"


async def end_of(world: World, credential_id: str) -> datetime:
    """Return when a credential ends."""
    row = "SELECT expires_at FROM partner_credentials WHERE id = $1"
    end: datetime = await world.admin.fetchval(row, UUID(credential_id))
    return end


async def told(
    world: World, worker: Database, machine: Machine, days_before: float, *readers: Person
) -> list[list[str]]:
    """Let the worker look so many days before the end; return what each reader (the admin) has been told."""
    end = await end_of(world, machine.credential_id)
    async with worker.transaction(System(world.area, "test")) as db:
        await tell_of_ending(SystemContext(db, world.area, end - days_before * DAY, Wiring()))
    found = []
    for reader in readers or (machine.admin,):
        inbox = (await reader.get("/v1/me/notifications")).json()["items"]
        mine = [each for each in inbox if each["object_type"] == "partner_system"]
        assert {each["object_id"] for each in mine} <= {machine.id}
        found.append([each["kind"] for each in reversed(mine)])
    return found


async def test_both_sides_are_told_in_each_span_once(world: World, worker_database: Database) -> None:
    machine = await a_machine(world)
    partner = await world.person(Role.PARTNER_USER)
    expected = {31: [], 30: [FIRST], 20: [FIRST], 7: [FIRST, SECOND], 1: [FIRST, SECOND], -1: [FIRST, SECOND]}
    for days, kinds in expected.items():
        for _ in range(2):
            found = await told(world, worker_database, machine, days, machine.admin, partner)
            assert found == [kinds, kinds], days


async def test_where_the_worker_stood_still_only_the_near_end_is_told(
    world: World, worker_database: Database
) -> None:
    machine = await a_machine(world)
    assert await told(world, worker_database, machine, 5) == [[SECOND]]


async def test_nobody_else_is_told(world: World, worker_database: Database) -> None:
    machine = await a_machine(world)
    others = [
        await world.person(Role.PARTNER_USER, institution="sozialamt"),
        await world.person(Role.AUTHORITY_OFFICER),
        await world.case_manager(),
        await world.person(Role.COORDINATOR),
        await (await world.neighbour()).person(Role.ADMIN),
    ]
    assert await told(world, worker_database, machine, 20, machine.admin, *others) == [[FIRST], *[[]] * 5]


async def test_other_area_s_machines_are_not_looked_at(world: World, worker_database: Database) -> None:
    machine = await a_machine(world)
    end = await end_of(world, machine.credential_id)
    neighbour = await world.neighbour()
    admin = await neighbour.person(Role.ADMIN)
    async with worker_database.transaction(System(neighbour.area, "test")) as db:
        await tell_of_ending(SystemContext(db, neighbour.area, end - 20 * DAY, Wiring()))
    assert (await admin.get("/v1/me/notifications")).json()["items"] == []


@pytest.mark.parametrize("what", ["credential", "machine", "institution"])
async def test_what_opens_nothing_any_more_is_not_told_of(
    world: World, worker_database: Database, what: str
) -> None:
    machine = await a_machine(world)
    if what == "institution":
        await world.admin.execute(
            "UPDATE institutions SET is_active = false WHERE id = $1", await world.institution("jobcenter")
        )
    else:
        path = machine.path if what == "machine" else f"{machine.path}/credentials/{machine.credential_id}"
        assert (await machine.admin.delete(path)).status_code == 204
    assert await told(world, worker_database, machine, 20) == [[]]


async def _prolonged(world: World, credential_id: str, days: int, *, used: bool) -> None:
    await world.admin.execute(
        """UPDATE partner_credentials SET expires_at = expires_at + $2::interval,
            last_used_at = CASE WHEN $3 THEN now() END WHERE id = $1""",
        UUID(credential_id), days * DAY, used,
    )  # fmt: skip


async def test_key_that_was_exchanged_is_not_told_of_and_one_that_was_only_registered_beside_it_is(
    world: World, worker_database: Database
) -> None:
    machine = await a_machine(world)
    newer = await register(machine, new_key())
    await _prolonged(world, newer, 60, used=True)
    assert await told(world, worker_database, machine, 20) == [[]]
    await _prolonged(world, newer, 0, used=False)
    assert await told(world, worker_database, machine, 20) == [[FIRST]]


async def test_newer_key_that_is_not_used_any_more_replaces_nothing(
    world: World, worker_database: Database
) -> None:
    machine = await a_machine(world)
    newer = await register(machine, new_key())
    await _prolonged(world, newer, 60, used=True)
    again = "UPDATE partner_credentials SET last_used_at = now() + interval '1 day' WHERE id = $1"
    await world.admin.execute(again, UUID(machine.credential_id))
    assert await told(world, worker_database, machine, 20) == [[FIRST]]


async def test_secret_that_was_made_for_a_short_time_is_told_of_once(
    world: World, worker_database: Database
) -> None:
    machine = await a_machine(world)
    await machine.admin.delete(f"{machine.path}/credentials/{machine.credential_id}")
    body = {"expires_at": (utc_now() + 20 * DAY).isoformat()}
    made = await machine.admin.post(f"{machine.path}/secrets", body)
    machine.credential_id = made.json()["id"]
    assert await told(world, worker_database, machine, 19) == [[]]
    assert await told(world, worker_database, machine, 6) == [[SECOND]]


async def test_worker_looks_by_itself(world: World, worker_database: Database) -> None:
    machine = await a_machine(world)
    (job,) = (job for job in JOBS if job.name == "tell_of_ending_credentials")
    later = utc_now() + USUAL_KEY_LIFE - 6 * DAY
    await run_once(worker_database, Wiring(), lambda: later, [job], [world.area])
    inbox = (await machine.admin.get("/v1/me/notifications")).json()["items"]
    assert [each["kind"] for each in inbox] == [SECOND]
