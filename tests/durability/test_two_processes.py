"""Two of each process on one database: both serve, what is sent twice or is due happens once."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from app.kit.roles import with_role
from app.main import create_app
from app.settings import Settings
from tests.cases.arrange import a_case
from tests.database import PASSWORD
from tests.durability.databases import own_database
from tests.durability.processes import Kim, environment_of, eventually, free_port
from tests.hurry import NO_HURRY
from tests.referrals.arrange import a_scene, sent
from tests.world import Person, World

ROUNDS = 20
OVERDUE = 4
CONTACT = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z"}

_BOTH_WAIT = """SELECT count(DISTINCT pid) = 2 FROM pg_locks
WHERE relation = 'referral_requests'::regclass AND NOT granted"""
_SETTLED = """SELECT NOT EXISTS (SELECT FROM outbox WHERE done_at IS NULL)
AND (SELECT count(*) FROM referral_requests WHERE state = 'expired') = $1"""
_TRACES = {
    "expiries": """SELECT referral_id::text FROM referral_events
        WHERE municipal_area_id = $1 AND to_state = 'expired'""",
    "journal": """SELECT object_id::text FROM audit_journal
        WHERE municipal_area_id = $1 AND action = 'referral.expire'""",
    "notifications": """SELECT user_id || ' ' || object_id FROM notifications
        WHERE municipal_area_id = $1 AND kind = 'referral_expired'""",
}


@pytest.fixture
async def both(settings: Settings, tmp_path: Path) -> AsyncIterator[tuple[str, str]]:
    """The addresses of two API processes on one database."""
    async with AsyncExitStack() as stack:
        addresses = []
        for number in range(2):
            port = free_port()
            own = settings.model_copy(update={"port": port, "ops_port": 0, "pool_size": 2})
            api = Kim("serve", environment_of(own), tmp_path / f"api-{number}")
            await stack.enter_async_context(api)
            addresses.append((api, f"http://127.0.0.1:{port}"))
        for api, _ in addresses:
            await api.serves()
        yield addresses[0][1], addresses[1][1]


@pytest.fixture
async def clients(
    world: World, both: tuple[str, str]
) -> AsyncIterator[tuple[Person, httpx.AsyncClient, httpx.AsyncClient]]:
    """Somebody who speaks to both."""
    manager = await world.case_manager()
    async with (
        httpx.AsyncClient(base_url=both[0], headers=manager.http.headers, timeout=NO_HURRY) as first,
        httpx.AsyncClient(base_url=both[1], headers=manager.http.headers, timeout=NO_HURRY) as second,
    ):
        yield manager, first, second


Clients = tuple[Person, httpx.AsyncClient, httpx.AsyncClient]


async def test_what_one_process_has_written_the_other_shows(world: World, clients: Clients) -> None:
    manager, first, second = clients
    path = f"/v1/cases/{await a_case(world, manager)}/contacts"
    for writer, reader in ((first, second), (second, first)):
        made = await writer.post(path, json=CONTACT)
        assert made.status_code == 201
        assert (await reader.get(f"{path}/{made.json()['id']}")).json() == made.json()


async def test_key_sent_to_both_at_once_makes_one_effect(world: World, clients: Clients) -> None:
    manager, first, second = clients
    case = await a_case(world, manager)
    path, made = f"/v1/cases/{case}/contacts", set()
    for _ in range(ROUNDS):
        key = {"Idempotency-Key": str(uuid4())}
        answers = await asyncio.gather(
            first.post(path, json=CONTACT, headers=key), second.post(path, json=CONTACT, headers=key)
        )
        refused = [answer.json()["code"] for answer in answers if answer.status_code == 409]
        ids = {answer.json()["id"] for answer in answers if answer.status_code == 201}
        assert refused in ([], ["still_running"])
        assert len(ids) == 1
        made |= ids
    assert {str(each) for each in await contacts(world, case)} == made
    assert len(made) == ROUNDS


async def test_without_a_key_both_make_one_each(world: World, clients: Clients) -> None:
    manager, first, second = clients
    case = await a_case(world, manager)
    path = f"/v1/cases/{case}/contacts"
    await asyncio.gather(first.post(path, json=CONTACT), second.post(path, json=CONTACT))
    assert len(await contacts(world, case)) == 2


async def contacts(world: World, case: str) -> list[UUID]:
    """Return the ids of the contacts of a case."""
    rows = await world.admin.fetch("SELECT id FROM contacts WHERE case_id = $1::uuid", case)
    return [row["id"] for row in rows]


async def traces(world: World) -> dict[str, list[str]]:
    """Return what an expiry leaves, each with whom or what it is about."""
    return {
        name: sorted(row[0] for row in await world.admin.fetch(query, world.area))
        for name, query in _TRACES.items()
    }


async def overdue(world: World) -> list[str]:
    """Return referrals whose deadline has passed, oldest first."""
    made = [await sent(await a_scene(world)) for _ in range(OVERDUE)]
    await world.admin.execute("UPDATE referral_requests SET deadline_at = now() - interval '1 minute'")
    await world.admin.execute(
        "DELETE FROM municipal_areas WHERE id NOT IN (SELECT municipal_area_id FROM users)"
    )
    return sorted(made)


async def test_two_workers_at_once_do_what_is_due_once(
    admin_url: str, settings: Settings, tmp_path: Path
) -> None:
    async with own_database(admin_url, "workers", with_schema=True) as url, AsyncExitStack() as stack:
        roles = ("database_url", "worker_database_url", "reporting_database_url")
        addresses = [with_role(url, f"kim_{name}", PASSWORD) for name in ("app", "worker", "reporting")]
        own = Settings(**{**settings.model_dump(), **dict(zip(roles, addresses, strict=True))})
        app = create_app(own)
        stack.push_async_callback(app.state.gate.database.close)
        admin = await asyncpg.connect(url)
        stack.push_async_callback(admin.close)
        world = await stack.enter_async_context(World(app, admin))
        await (await world.neighbour()).case_manager()
        due = await overdue(world)
        workers = [
            await stack.enter_async_context(Kim("worker", environment_of(own), tmp_path / f"worker-{number}"))
            for number in range(2)
        ]
        async with admin.transaction():
            await admin.execute("LOCK TABLE referral_requests")
            await eventually(lambda: admin.fetchval(_BOTH_WAIT), "both workers are at the referrals")
        await eventually(lambda: admin.fetchval(_SETTLED, len(due)), "all have expired and all is delivered")
        left = await traces(world)
        assert left["expiries"] == left["journal"] == due
        assert {each.split()[1] for each in left["notifications"]} == set(due)
        assert len(left["notifications"]) == len(set(left["notifications"]))
        for worker in workers:
            worker.tell(signal.SIGTERM)
            assert await worker.ended() == 0
