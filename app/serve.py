"""The API as a process, with its operations port."""

import structlog
from fastapi import FastAPI

from app.identity.tokens import UnusableKey
from app.kit import logging
from app.kit.lock_check import refuse_to_start_on
from app.kit.ops import ops_app
from app.kit.process import loading, taken
from app.kit.server import serve_all, server
from app.main import create_app, serve_app
from app.settings import Settings, field_keys_of

log = structlog.get_logger(__name__)


async def serve_api(settings: Settings) -> None:
    """Serve until told to stop; refuses to start on a database that could look past its policies."""
    logging.configure(settings.log_level)
    for port, name in ((settings.port, "KIM_PORT"), (settings.ops_port, "KIM_OPS_PORT")):
        if port and (sentence := taken(settings.host, port, name)):
            raise SystemExit(sentence)
    with loading():
        app = _assembled(settings)
    database = app.state.gate.database
    await refuse_to_start_on(database, "KIM_DATABASE_URL")
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
    field_keys_of(settings)  # a fault of theirs is told as theirs
    try:
        return create_app(settings)
    except (OSError, UnusableKey) as error:
        raise SystemExit(f"The signing key cannot be used: {error}") from None
