"""What a demonstration stands on: the embedded server, roles with secrets of their own, its keys."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.kit.embedded import EmbeddedServer
from app.kit.migrating import upgrade
from app.kit.roles import LOGIN_ROLES, bootstrap
from app.kit.sealing import new_field_keys
from app.settings import Settings

DATABASE = "kim"


@dataclass(frozen=True)
class Installation:
    """A prepared home: the server runs, the schema is the newest."""

    home: Path
    server: EmbeddedServer

    def url(self, role: str) -> str:
        """Return the database address of a role."""
        return self.server.dsn(role, self.server.secrets.password(role), DATABASE)

    @property
    def admin_url(self) -> str:
        """The address of the database's administrator, for loading data past the policies."""
        return self.server.superuser_dsn(DATABASE)

    def settings(self, *, port: int, ops_port: int = 0) -> Settings:
        """Return settings as an operator would have set them."""
        return Settings(
            database_url=self.url("kim_app"),
            worker_database_url=self.url("kim_worker"),
            reporting_database_url=self.url("kim_reporting"),
            signing_key_file=self.home / "signing-key.pem",
            field_keys_file=self.home / "field-keys.json",
            documents_folder=self.home / "documents",
            port=port,
            ops_port=ops_port,
            public_url=f"http://127.0.0.1:{port}",
        )


def prepare(home: Path, *, durable: bool = True, settings: dict[str, str] | None = None) -> Installation:
    """Start the server below `home` and bring roles, schema and keys to the newest state.

    Raises `EmbeddedServerError` with a sentence that says what is missing.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = EmbeddedServer(home / "postgres", durable=durable, settings=settings)
    server.start()
    try:
        passwords = server.secrets.passwords(LOGIN_ROLES)
        asyncio.run(bootstrap(server.superuser_dsn("postgres"), DATABASE, passwords))
        installation = Installation(home, server)
        upgrade(installation.url("kim_migrate"))
        _ensure(home / "signing-key.pem", _signing_key)
        _ensure(home / "field-keys.json", lambda: new_field_keys().encode())
    except BaseException:
        server.stop()
        raise
    return installation


def _ensure(path: Path, content: Callable[[], bytes]) -> None:
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content())


def _signing_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
