"""create_app(): the only place where the parts meet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from app import __version__
from app.access.guard import Gate
from app.access.turns import Turns, share_of_pool
from app.api import ROUTERS
from app.contract import creating, describe
from app.documentation.pages import serve_documentation
from app.documents.router import UPLOADS
from app.documents.shelf import shelf_of
from app.identity.authenticator import Authenticator
from app.identity.router import OPEN_TO_ALL
from app.identity.tokens import KeyRing, load_key, load_public_key
from app.imports.receiving import reading_room
from app.imports.router import SHEETS
from app.imports.rules import MOST_BYTES
from app.kit import problems
from app.kit.clock import Clock, utc_now
from app.kit.cors import open_to
from app.kit.database import Database
from app.kit.http import BodyLimits, OtherLimits, Outermost
from app.kit.locations import Locations
from app.kit.metrics import Metrics
from app.kit.route_index import index
from app.referrals.messages.router import UPLOADS as PARTNER_FILES
from app.referrals.messages.rules import MOST_FILE_BYTES
from app.reporting.pictures.drawing import Drawing
from app.settings import Settings, driver_url, field_keys_of
from app.webhooks.addresses import Addresses
from app.wiring import wire
from app.work.live.hub import Hub

LETTERS_AT_ONCE, COMPARED_AT_ONCE = 2, 1
"""Typesetting takes a processor each; comparing texts holds the interpreter, so two would only disturb."""
SMALL_BODY_BYTES = 16 * 1024
"""Whoever is not signed in has nothing to send that is longer, and is read before anybody knows who it is."""


def key_ring(settings: Settings) -> KeyRing:
    """Read the signing key, the older public keys, and those that verify receipts only."""
    older, retired = (
        [load_public_key(path.read_text()) for path in files]
        for files in (settings.previous_key_files, settings.retired_key_files)
    )
    return KeyRing(load_key(settings.signing_key_file.read_text()), older, retired)


def database_of(settings: Settings) -> Database:
    """Return the pool of the application role."""
    return Database.connect(
        driver_url(settings.database_url.get_secret_value()),
        pool_size=settings.pool_size,
        statement_caches=settings.statement_caches,
    )


def create_app(settings: Settings, *, clock: Clock = utc_now, database: Database | None = None) -> FastAPI:
    """Return the application with everything in its place."""
    ring = key_ring(settings)
    pool = database or database_of(settings)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await pool.close()

    app = FastAPI(
        title="KIM",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.gate = Gate(
        pool,
        Authenticator(ring, settings.public_url, metrics),
        wire(retention_years=settings.retention_years),
        clock,
        Turns(
            at_once=share_of_pool(settings.requests_at_once, settings.pool_size),
            waiting=settings.requests_waiting,
            metrics=metrics,
        ),
    )
    app.state.settings = settings
    app.state.hub = Hub(pool, at_most=settings.event_streams, listens=settings.statement_caches)
    app.state.key_ring = ring
    app.state.field_keys = field_keys_of(settings)
    app.state.webhook_addresses = Addresses(frozenset(settings.webhook_origins))
    app.state.shelf = shelf_of(settings, app.state.field_keys)
    app.state.sheet_room = reading_room()
    app.state.drawing = Drawing()
    app.state.letter_places = asyncio.Semaphore(LETTERS_AT_ONCE)
    app.state.comparing_places = asyncio.Semaphore(COMPARED_AT_ONCE)
    app.state.map_file = settings.map_file
    app.state.metrics = metrics
    problems.install(app)
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    app.add_middleware(Locations, creating=creating(app))
    describe(app)
    serve_documentation(app)
    index(app.router)
    return app


def serve_app(app: FastAPI) -> ASGIApp:
    """Return the application inside its outermost layer, as a server runs it."""
    settings: Settings = app.state.settings
    metrics: Metrics = app.state.metrics
    outermost = Outermost(
        app,
        body_limit=settings.body_limit_bytes,
        receive_seconds=settings.receive_seconds,
        other=(
            OtherLimits("POST", OPEN_TO_ALL, BodyLimits(SMALL_BODY_BYTES, settings.receive_seconds)),
            OtherLimits("POST", UPLOADS, BodyLimits(settings.upload_limit_bytes, settings.upload_seconds)),
            OtherLimits("POST", PARTNER_FILES, BodyLimits(MOST_FILE_BYTES, settings.upload_seconds)),
            OtherLimits("POST", SHEETS, BodyLimits(MOST_BYTES, settings.upload_seconds)),
        ),
        observe=metrics.observe,
    )
    return open_to(settings.cors_origins, outermost) if settings.cors_origins else outermost
