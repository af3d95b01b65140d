"""create_app(): the only place where the parts meet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp

from app import __version__
from app.access.guard import Gate
from app.api import ROUTERS
from app.contract import describe
from app.documentation.pages import serve_documentation
from app.documents.router import UPLOADS
from app.documents.shelf import shelf_of
from app.identity.tokens import InvalidToken, KeyRing, VerifiedTokens, load_key, load_public_key, verify
from app.kit import problems
from app.kit.clock import Clock, utc_now
from app.kit.cors import open_to
from app.kit.database import Database
from app.kit.errors import NotSignedIn
from app.kit.http import BodyLimits, LargeBodies, Outermost
from app.kit.metrics import Metrics
from app.kit.sealing import FieldKeys, load_field_keys
from app.settings import Settings, driver_url
from app.wiring import wire
from app.work.live.hub import Hub

log = structlog.get_logger(__name__)


def key_ring(settings: Settings) -> KeyRing:
    """Read the signing key and the older public keys."""
    older = [load_public_key(path.read_text()) for path in settings.previous_key_files]
    return KeyRing(load_key(settings.signing_key_file.read_text()), older)


def field_keys(settings: Settings) -> FieldKeys | None:
    """Read the keys of sealed fields, where the operator gave some."""
    return load_field_keys(settings.field_keys_file.read_text()) if settings.field_keys_file else None


def database_of(settings: Settings) -> Database:
    """Return the pool of the application role."""
    return Database.connect(
        driver_url(settings.database_url.get_secret_value()),
        pool_size=settings.pool_size,
        statement_caches=settings.statement_caches,
    )


class Authenticator:
    """From a bearer token to a session id; any fault is 401 and a security event."""

    def __init__(self, ring: KeyRing, address: str, metrics: Metrics) -> None:
        self._ring = ring
        self._address = address
        self._metrics = metrics
        self._verified = VerifiedTokens()

    def __call__(self, token: str, now: datetime) -> UUID:
        claims = self._verified.lookup(token, now)
        if claims is None:
            try:
                claims = verify(self._ring, token, issuer=self._address, audience=self._address, now=now)
            except InvalidToken as error:
                self._metrics.security_events.labels("token_refused").inc()
                log.warning("token_refused", reason=error.reason)
                raise NotSignedIn("The token is not valid.", code="token_invalid") from None
            self._verified.remember(token, claims, now)
        return claims.session_id


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
    )
    app.state.settings = settings
    app.state.hub = Hub(pool, at_most=settings.event_streams, listens=settings.statement_caches)
    app.state.key_ring = ring
    app.state.field_keys = field_keys(settings)
    app.state.shelf = shelf_of(settings, app.state.field_keys)
    app.state.metrics = metrics
    problems.install(app)
    for router in ROUTERS:
        app.router.routes.extend(router.routes)
    describe(app)
    serve_documentation(app)
    return app


def serve_app(app: FastAPI) -> ASGIApp:
    """Return the application inside its outermost layer, as a server runs it."""
    settings: Settings = app.state.settings
    metrics: Metrics = app.state.metrics
    outermost = Outermost(
        app,
        body_limit=settings.body_limit_bytes,
        receive_seconds=settings.receive_seconds,
        large=LargeBodies("POST", UPLOADS, BodyLimits(settings.upload_limit_bytes, settings.upload_seconds)),
        observe=metrics.observe,
    )
    return open_to(settings.cors_origins, outermost) if settings.cors_origins else outermost
