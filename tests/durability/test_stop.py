"""How the processes end: a signal lets running requests finish; what cannot start says why in a sentence."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app.kit.roles import with_role
from app.settings import Settings
from tests.cases.arrange import a_case
from tests.database import PASSWORD
from tests.durability.databases import own_database
from tests.durability.processes import Kim, accepts, environment_of, eventually, free_port
from tests.hurry import NO_HURRY
from tests.world import Person, World

CONTACT = {"contact_type": "phone", "happened_at": "2026-03-02T09:00:00Z"}
_WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"

Changed = Callable[[dict[str, str]], dict[str, str]]


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """Where the API of a test listens, with its health beside it."""
    ports = {"port": free_port(), "ops_port": free_port(), "pool_size": 2}
    return environment_of(settings.model_copy(update=ports))


def at(environment: dict[str, str], person: Person) -> httpx.AsyncClient:
    """Return a client that speaks for somebody to the process."""
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{environment['KIM_PORT']}", headers=person.http.headers, timeout=NO_HURRY
    )


@asynccontextmanager
async def a_request_that_waits(
    world: World, client: httpx.AsyncClient, case: str
) -> AsyncIterator[asyncio.Task[httpx.Response]]:
    """Send a contact that cannot be written before the administrator lets go of the case, at the end."""
    async with world.admin.transaction():
        await world.admin.execute("SELECT FROM cases WHERE id = $1::uuid FOR UPDATE", case)
        request = asyncio.create_task(client.post(f"/v1/cases/{case}/contacts", json=CONTACT))
        await eventually(lambda: world.admin.fetchval(_WAITING), "the request waits for the case")
        yield request


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_signal_lets_the_running_request_finish_and_the_process_ends_well(
    world: World, environment: dict[str, str], tmp_path: Path, sign: signal.Signals
) -> None:
    manager = await world.case_manager()
    case = await a_case(world, manager)
    async with Kim("serve", environment, tmp_path / "log") as api, at(environment, manager) as client:
        await api.serves()
        async with a_request_that_waits(world, client, case) as request:
            api.tell(sign)
            await eventually(lambda: refuses(environment), "nobody new is let in")
            assert not request.done()
            assert api.lives
        answer = await request
        assert answer.status_code == 201
        assert await api.ended() == 0
    found = await world.admin.fetchval("SELECT id FROM contacts WHERE case_id = $1::uuid", case)
    assert str(found) == answer.json()["id"]
    assert "Traceback" not in api.said()


async def refuses(environment: dict[str, str]) -> bool:
    """Say whether neither the API nor its health takes connections."""
    return not any([await accepts(int(environment[name])) for name in ("KIM_PORT", "KIM_OPS_PORT")])


async def test_killed_process_is_what_a_graceful_end_is_compared_with(
    world: World, environment: dict[str, str], tmp_path: Path
) -> None:
    manager = await world.case_manager()
    case = await a_case(world, manager)
    async with Kim("serve", environment, tmp_path / "log") as api, at(environment, manager) as client:
        await api.serves()
        async with a_request_that_waits(world, client, case) as request:
            api.tell(signal.SIGKILL)
            with pytest.raises(httpx.TransportError):
                await request
        assert await api.ended() == -signal.SIGKILL


async def test_signal_ends_open_streams_in_order(
    world: World, environment: dict[str, str], tmp_path: Path
) -> None:
    manager = await world.case_manager()
    patient = {"KIM_EVENT_HEARTBEAT_SECONDS": "60", "KIM_EVENT_STREAM_SECONDS": "600"}
    async with (
        Kim("serve", environment | patient, tmp_path / "log") as api,
        at(environment, manager) as client,
    ):
        await api.serves()
        async with client.stream("GET", "/v1/events") as stream:
            parts = stream.aiter_text()
            assert "event: begin" in await anext(parts)
            api.tell(signal.SIGTERM)
            assert "event: end" in "".join([part async for part in parts])
        assert await api.ended() == 0
    assert "Traceback" not in api.said()


@pytest.mark.parametrize("command", ["serve", "worker"])
async def test_idle_process_ends_well_when_told(
    environment: dict[str, str], tmp_path: Path, command: str
) -> None:
    async with Kim(command, environment, tmp_path / "log") as process:

        async def begun() -> bool:
            return not process.lives or any(
                word in process.said() for word in ("worker_started", "Uvicorn running")
            )

        await eventually(begun, "the process works")
        process.tell(signal.SIGTERM)
        assert await process.ended() == 0
    assert "Traceback" not in process.said()


def _with(name: str, value: str) -> Changed:
    return lambda environment: {**environment, name: value}


def _without(name: str) -> Changed:
    return lambda environment: {key: value for key, value in environment.items() if key != name}


def _as(name: str, other: str) -> Changed:
    return lambda environment: {**environment, name: environment[other]}


AWAY = "postgresql://kim_app:a-secret@127.0.0.1:1/kim"
REFUSALS: dict[str, tuple[str, Changed, str]] = {
    "database away": (
        "serve",
        _with("KIM_DATABASE_URL", AWAY),
        "_URL: the database cannot be used",
    ),
    "worker's database away": (
        "worker",
        _with("KIM_WORKER_DATABASE_URL", AWAY),
        "URL: the database cannot be",
    ),
    "no database": ("serve", _without("KIM_DATABASE_URL"), "KIM_DATABASE_URL: is not set"),
    "no key": ("serve", _without("KIM_SIGNING_KEY_FILE"), "KIM_SIGNING_KEY_FILE: is not set"),
    "worker without the statistics": (
        "worker",
        _without("KIM_REPORTING_DATABASE_URL"),
        "kim worker needs KIM_WORKER_DATABASE_URL and KIM_REPORTING_DATABASE_URL",
    ),
    "worker without a database": (
        "worker",
        _without("KIM_WORKER_DATABASE_URL"),
        "kim worker needs KIM_WORKER_DATABASE_URL",
    ),
    "no address": (
        "serve",
        _with("KIM_DATABASE_URL", "mysql://kim_app:a-secret@host/kim"),
        "KIM_DATABASE_URL: it must be like postgresql://",
    ),
    "wrong number": (
        "serve",
        _with("KIM_PORT", "a-secret"),
        "KIM_PORT: must be a whole number from 1 to 65535",
    ),
    "reporting's database away": (
        "worker",
        _with("KIM_REPORTING_DATABASE_URL", AWAY),
        "REPORTING_DATABASE_URL: the database cannot be",
    ),
    "address of the worker for the API": (
        "serve",
        _as("KIM_DATABASE_URL", "KIM_WORKER_DATABASE_URL"),
        "this is the address of another role",
    ),
    "address of the API for the worker": (
        "worker",
        _as("KIM_WORKER_DATABASE_URL", "KIM_DATABASE_URL"),
        "this is the address of another role",
    ),
    "address of the worker for reporting": (
        "worker",
        _as("KIM_REPORTING_DATABASE_URL", "KIM_WORKER_DATABASE_URL"),
        "address of another role",
    ),
    "field keys are gone": (
        "worker",
        _with("KIM_FIELD_KEYS_FILE", "/nowhere/keys"),
        "_FILE, /nowhere/keys: No such file",
    ),
    "field keys are none": ("serve", _with("KIM_FIELD_KEYS_FILE", "/dev/null"), "/dev/null: It is no JSON"),
    "no public address": ("serve", _with("KIM_PUBLIC_URL", "a-secret"), "KIM_PUBLIC_URL: it must be what"),
    "no proxy": (
        "serve",
        _with("KIM_FORWARDED_ALLOW_IPS", "a-secret"),
        "KIM_FORWARDED_ALLOW_IPS: each",
    ),
    "key is gone": ("serve", _with("KIM_SIGNING_KEY_FILE", "/nowhere/key.pem"), "The signing key cannot"),
    "key is none": ("serve", _with("KIM_SIGNING_KEY_FILE", "/dev/null"), "The signing key cannot be used"),
}


async def refusal(command: str, environment: dict[str, str], log: Path, status: int = 1) -> str:
    """Start a process that must end by itself with this status, and return what it says."""
    async with Kim(command, environment, log) as process:
        assert await process.ended() == status
    assert "Traceback" not in process.said()
    assert "a-secret" not in process.said()
    return process.said()


@pytest.mark.parametrize(("command", "changed", "told"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_process_that_cannot_start_says_why_in_a_sentence(
    environment: dict[str, str], tmp_path: Path, command: str, changed: Changed, told: str
) -> None:
    status = 2 if told.startswith("KIM_") else 1
    assert told in await refusal(command, changed(environment), tmp_path / "log", status)


async def test_server_refuses_a_role_that_could_pass_by_the_policies(
    environment: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    said = await refusal("serve", {**environment, "KIM_DATABASE_URL": database_url}, tmp_path / "log")
    assert (
        "KIM_DATABASE_URL: the database would not keep people's data apart: the role is or may become" in said
    )


async def test_server_refuses_a_database_without_a_schema(
    environment: dict[str, str], admin_url: str, tmp_path: Path
) -> None:
    async with own_database(admin_url, "empty", with_schema=False) as url:
        address = with_role(url, "kim_app", PASSWORD)
        said = await refusal("serve", {**environment, "KIM_DATABASE_URL": address}, tmp_path / "log")
    assert "KIM_DATABASE_URL: the database has no schema yet: run `kim db upgrade` first." in said


async def test_taken_port_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", int(environment["KIM_PORT"]))):
        said = await refusal("serve", environment, tmp_path / "log")
    assert said.strip().endswith("is in use: choose another with KIM_PORT.")
