"""What every test stands on: a real PostgreSQL, the application as the application role, people."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import asyncpg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.process import loading, loop_factory
from app.kit.roles import with_role
from app.kit.sealing import new_field_keys
from app.main import create_app
from app.reporting.pictures.drawing import Drawing
from app.settings import Settings, driver_url
from app.webhooks.addresses import Addresses
from tests import database
from tests.hurry import NO_HURRY
from tests.share import thinned
from tests.world import World


class Named(Protocol):
    """What names a test."""

    nodeid: str
    name: str


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a second run, on another PostgreSQL, leave out what would do the same again."""
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="only tests that run on the PostgreSQL that is given",
    )


class AsServed(asyncio.DefaultEventLoopPolicy):
    """Tests run on the loop that a server runs on, which is also the cheaper one."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return _NEW_LOOP()


_NEW_LOOP = loop_factory()


def pytest_configure() -> None:
    """Let every loop of a run be one as served, and what is not installed be looked for once.

    httpx asks before each request whether it runs on trio, by importing `sniffio`.
    """
    asyncio.set_event_loop_policy(AsServed())
    if find_spec("sniffio") is None:
        sys.modules["sniffio"] = None  # type: ignore[assignment]  # how the import system says: there is none


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect as a server loads: looking for garbage in what stays was a twelfth of a run."""
    with loading():
        return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what asks no database, or brings its own whichever is given, when told so; thin long rows."""
    kept = items
    if config.getoption("--only-with-database"):
        kept = [item for item in kept if "programs" in getattr(item, "fixturenames", ())]
    kept = thinned(kept, lambda item: item.nodeid.partition("[")[0], own_name)
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def own_name(item: Named) -> str:
    """Return what tells a test from all others: tests made of the contract share one node id."""
    return f"{item.nodeid} {item.name}"


async def public_number(_host: str, _port: int) -> list[str]:
    """Know every name as one of a public network: no test asks the name servers of where it runs."""
    return ["93.184.215.14"]


class Clock:
    """The time of the application under test; moves only when a test moves it."""

    def __init__(self) -> None:
        self.fixed: datetime | None = None

    def __call__(self) -> datetime:
        return self.fixed or utc_now()

    def set(self, *parts: int) -> None:
        """Stop the clock at a moment (UTC)."""
        self.fixed = datetime(*parts, tzinfo=UTC)

    def stop(self) -> None:
        """Stop the clock now: what waits for seconds waits on a slow machine too."""
        self.fixed = utc_now()


@pytest.fixture(scope="session")
def programs() -> Path | None:
    """Where the PostgreSQL lies that the tests are told to run on; None leaves the choice."""
    given = os.environ.get("KIM_TEST_POSTGRES_BINARIES")
    return Path(given) if given else None


@pytest.fixture(scope="session")
def admin_url(programs: Path | None) -> Iterator[str]:
    """The address of a server, as administrator: a given one, or an embedded one for this run.

    Runs side by side have one each (`KIM_TEST_PART`): what a transaction of one leaves open is seen by all
    databases of a server, and whoever catches up is told again what came since.
    """
    given = os.environ.get("KIM_TEST_ADMIN_URL")
    if given:
        yield given
        return
    from app.kit.embedded import EmbeddedServer

    name = "test-postgres-given" if programs else "test-postgres"
    home = Path("var", name + os.environ.get("KIM_TEST_PART", "")).absolute()
    server = EmbeddedServer(home, programs, durable=False)
    server.start()
    try:
        yield server.superuser_dsn("postgres")
    finally:
        server.stop()


@pytest.fixture(scope="session")
async def database_url(admin_url: str) -> AsyncIterator[str]:
    """The address of this run's database, as administrator."""
    template = await database.make_template(admin_url)
    url = await database.clone(admin_url, template)
    yield url
    await database.drop(admin_url, url)


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh signing key in a file."""
    path = tmp_path_factory.mktemp("keys") / "signing.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@pytest.fixture(scope="session")
def field_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fresh keys of sealed fields in a file."""
    path = tmp_path_factory.mktemp("keys") / "field-keys.json"
    path.write_text(new_field_keys())
    return path


@pytest.fixture(scope="session")
def documents_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the application under test keeps documents."""
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="session")
def settings(database_url: str, signing_key: Path, field_keys: Path, documents_folder: Path) -> Settings:
    """Settings of the application under test."""
    return Settings(
        database_url=with_role(database_url, "kim_app", database.PASSWORD),
        worker_database_url=with_role(database_url, "kim_worker", database.PASSWORD),
        reporting_database_url=with_role(database_url, "kim_reporting", database.PASSWORD),
        signing_key_file=signing_key,
        field_keys_file=field_keys,
        documents_folder=documents_folder,
        public_url="http://kim.test",
        pool_size=8,
        event_stream_seconds=0.05,
    )


@pytest.fixture(scope="session")
async def reporting_database(settings: Settings) -> AsyncIterator[Database]:
    """The pool of the reporting role."""
    assert settings.reporting_database_url is not None
    pool = Database.connect(driver_url(settings.reporting_database_url.get_secret_value()), pool_size=2)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
def clock() -> Clock:
    """The application's clock."""
    return Clock()


@pytest.fixture(scope="session")
async def app(settings: Settings, clock: Clock) -> AsyncIterator[FastAPI]:
    """The application under test, connected as the application role."""
    application = create_app(settings, clock=clock)
    application.state.webhook_addresses = Addresses(resolve=public_number)
    application.state.drawing = Drawing(wait_seconds=NO_HURRY)
    yield application
    await application.state.hub.close()
    await application.state.gate.database.close()


@pytest.fixture(scope="session")
async def worker_database(settings: Settings) -> AsyncIterator[Database]:
    """The pool of the worker role."""
    assert settings.worker_database_url is not None
    pool = Database.connect(driver_url(settings.worker_database_url.get_secret_value()), pool_size=4)
    yield pool
    await pool.close()


@pytest.fixture(scope="session")
async def admin(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the administrator, to arrange and to look behind the policies."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture(autouse=True)
def _running_clock(clock: Clock) -> Iterator[None]:
    yield
    clock.fixed = None


@pytest.fixture
async def world(app: FastAPI, admin: asyncpg.Connection) -> AsyncIterator[World]:
    """A fresh municipal area with nobody in it; ask it for people."""
    async with World(app, admin) as fresh:
        yield fresh
