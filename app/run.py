"""The long-running processes: the API with its operations port, and the worker."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from app.kit import logging
from app.kit.lock_check import refuse_unsafe
from app.kit.ops import ops_app
from app.kit.server import serve_all, server
from app.main import create_app, serve_app
from app.settings import Settings

log = structlog.get_logger(__name__)


async def serve_api(settings: Settings) -> None:
    """Serve until told to stop; refuses to start on a database that could look past its policies."""
    logging.configure(settings.log_level)
    app = create_app(settings)
    database = app.state.gate.database
    await refuse_unsafe(database)
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
        await serve_all(*servers)
    finally:
        await database.close()


async def run_worker(settings: Settings) -> None:
    """Work until told to stop."""
    from app.worker import work

    logging.configure(settings.log_level)
    await work(settings)


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run a process to its end, on the faster loop where there is one."""
    try:
        from uvloop import run as run_loop
    except ImportError:
        run_loop = asyncio.run
    run_loop(main)
