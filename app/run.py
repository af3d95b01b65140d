"""The long-running processes: the API with its operations port, and the worker."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI
from pydantic import SecretStr

from app.documents.shelf import store_of
from app.identity.tokens import UnusableKey
from app.kit import logging
from app.kit.clock import utc_now
from app.kit.database import UNREACHABLE, Database
from app.kit.events import Wiring
from app.kit.lock_check import UnsafeDatabase, refuse_unsafe
from app.kit.ops import ops_app
from app.kit.server import serve_all, server
from app.main import create_app, serve_app
from app.protection import Rules
from app.reporting.handlers import Desk
from app.settings import Settings, WorkerSettings, driver_url
from app.upkeep import jobs
from app.wiring import wire
from app.worker import run_until_stopped

log = structlog.get_logger(__name__)


async def serve_api(settings: Settings) -> None:
    """Serve until told to stop; refuses to start on a database that could look past its policies."""
    logging.configure(settings.log_level)
    for port, name in ((settings.port, "KIM_PORT"), (settings.ops_port, "KIM_OPS_PORT")):
        if port and (sentence := taken(settings.host, port, name)):
            raise SystemExit(sentence)
    app = _assembled(settings)
    database = app.state.gate.database
    await _refuse_to_start_on(database)
    servers = [
        server(
            serve_app(app),
            host=settings.host,
            port=settings.port,
            forwarded_allow_ips=settings.forwarded_allow_ips,
        )
    ]
    if settings.ops_port:
        servers.append(
            server(ops_app(database, app.state.metrics), host=settings.host, port=settings.ops_port)
        )
    log.info("serving", port=settings.port)
    try:
        await serve_all(*servers, on_stop=app.state.hub.end_all)
    finally:
        await app.state.hub.close()
        await database.close()


def _assembled(settings: Settings) -> FastAPI:
    try:
        return create_app(settings)
    except (OSError, UnusableKey) as error:
        raise SystemExit(f"The signing key cannot be used: {error}") from None


async def _refuse_to_start_on(database: Database) -> None:
    """End the process with a sentence when the database is away or not as the second lock needs it."""
    try:
        await refuse_unsafe(database)
    except UnsafeDatabase as error:
        raise SystemExit(f"The database would not keep people's data apart: {error}") from None
    except asyncpg.UndefinedFunctionError:
        raise SystemExit("The database has no schema yet: run `kim db upgrade` first.") from None
    except UNREACHABLE as error:
        raise SystemExit(f"The database cannot be used ({type(error).__name__}): {error}") from None


@asynccontextmanager
async def worker_parts(settings: WorkerSettings) -> AsyncIterator[tuple[Database, Wiring]]:
    """Open the pools of the worker and of reporting, and wire the handlers to them."""
    if settings.worker_database_url is None or settings.reporting_database_url is None:
        raise SystemExit("kim worker needs KIM_WORKER_DATABASE_URL and KIM_REPORTING_DATABASE_URL")
    database = _pool(settings.worker_database_url, settings, "kim worker")
    reporting = _pool(settings.reporting_database_url, settings, "kim reporting")
    rules = Rules(k=settings.statistics_k, k_sensitive=settings.statistics_k_sensitive)
    try:
        store = store_of(settings)
        yield database, wire(Desk(reporting, rules), retention_years=settings.retention_years, store=store)
    finally:
        await reporting.close()
        await database.close()


def _pool(url: SecretStr, settings: WorkerSettings, name: str) -> Database:
    return Database.connect(
        driver_url(url.get_secret_value()),
        pool_size=4,
        statement_caches=settings.statement_caches,
        statement_timeout_ms=120_000,
        application_name=name,
    )


async def run_worker(settings: WorkerSettings) -> None:
    """Work until told to stop."""
    logging.configure(settings.log_level)
    async with worker_parts(settings) as (database, wiring):
        await _refuse_to_start_on(database)
        due = jobs(
            inquiry_months=settings.inquiry_months,
            store=store_of(settings),
            school_weeks=settings.weeks_waiting_for_school,
        )
        await run_until_stopped(database, wiring, utc_now, due)


def taken(host: str, port: int, name: str) -> str | None:
    """Return a sentence when nobody can listen there, with the setting that chooses the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            return f"Port {port} on {host} {why}: choose another with {name}."
    return None


def run(main: Coroutine[Any, Any, None], *, until_stdin_closes: bool = False) -> None:
    """Run a process to its end, on the faster loop where there is one."""
    factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    with contextlib.suppress(ImportError):
        from uvloop import new_event_loop as factory
    with asyncio.Runner(loop_factory=factory) as runner:
        if until_stdin_closes:
            threading.Thread(target=_end_with_stdin, daemon=True).start()
        runner.run(main)


def _end_with_stdin() -> None:
    """End this process when the pipe on standard input closes: who held its other end is dead.

    A thread of its own, because whoever starts us may die while the loop does not run yet.
    """
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
