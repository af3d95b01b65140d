"""What every test stands on: a real PostgreSQL, the application as the application role, people."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from app.kit.clock import utc_now
from app.kit.database import Database
from app.kit.roles import with_role
from app.kit.sealing import new_field_keys
from app.main import create_app
from app.settings import Settings, driver_url
from tests import database
from tests.world import World


class Clock:
    """The time of the application under test; moves only when a test moves it."""

    def __init__(self) -> None:
        self.fixed: datetime | None = None

    def __call__(self) -> datetime:
        return self.fixed or utc_now()

    def set(self, *parts: int) -> None:
        """Stop the clock at a moment (UTC)."""
        self.fixed = datetime(*parts, tzinfo=UTC)


@pytest.fixture(scope="session")
def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server, as administrator: a given one, or an embedded one for this run."""
    given = os.environ.get("KIM_TEST_ADMIN_URL")
    if given:
        yield given
        return
    from app.kit.embedded import EmbeddedServer

    binaries = os.environ.get("KIM_TEST_POSTGRES_BINARIES")
    home = Path("var/test-postgres-given" if binaries else "var/test-postgres").absolute()
    server = EmbeddedServer(home, Path(binaries) if binaries else None, durable=False)
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
def clock() -> Clock:
    """The application's clock."""
    return Clock()


@pytest.fixture(scope="session")
async def app(settings: Settings, clock: Clock) -> AsyncIterator[FastAPI]:
    """The application under test, connected as the application role."""
    application = create_app(settings, clock=clock)
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
