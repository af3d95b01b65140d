"""A process that serves while something is measured."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from pydantic import SecretStr

from app.identity.tokens import issue
from app.kit.clock import utc_now
from app.main import key_ring
from app.settings import Settings


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[int]:
    """Run a command until the end of the block, which begins once the port answers; yield its process id."""
    with _started(command, environment) as process:
        while not _answers(port):
            if process.poll() is not None:
                raise SystemExit(f"{command[2]} ended by itself")
        yield process.pid


@contextmanager
def started(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    """Run a command that answers nobody until the end of the block; yield its process id."""
    with _started(command, environment) as process:
        yield process.pid
        if process.poll() is not None:
            raise SystemExit(f"{command[2]} ended by itself")


@contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def environment_of(settings: Settings) -> dict[str, str]:
    """Return what a served application is told of its settings."""
    return {
        **{f"KIM_{name.upper()}": url.get_secret_value() for name, url in _databases(settings).items()},
        "KIM_SIGNING_KEY_FILE": str(settings.signing_key_file),
        "KIM_PORT": str(settings.port),
        "KIM_OPS_PORT": "0",
        "KIM_PUBLIC_URL": settings.public_url,
        "KIM_LOG_LEVEL": "WARNING",
    }


def _databases(settings: Settings) -> dict[str, SecretStr]:
    names = ("database_url", "worker_database_url", "reporting_database_url")
    return {name: url for name in names if (url := getattr(settings, name)) is not None}


def token_of(settings: Settings, account: UUID, session: UUID) -> str:
    """Return a token of somebody who is measured; it lives ten minutes."""
    return issue(
        key_ring(settings),
        subject=account,
        session_id=session,
        issuer=settings.public_url,
        audience=settings.public_url,
        now=utc_now(),
        lifetime=timedelta(minutes=10),
    )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
