"""What signing somebody in needs of the application beside the database: keys, lifetimes, the alarm bell."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import Depends, Request

from app.identity.tokens import KeyRing, OfMachine, issue
from app.kit.metrics import Metrics
from app.settings import Settings

log = structlog.get_logger(__name__)

REFRESH_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignInOffice:
    """Issues tokens and reports what looks like an attack."""

    settings: Settings
    key_ring: KeyRing
    metrics: Metrics

    @property
    def access_lifetime(self) -> timedelta:
        return timedelta(minutes=self.settings.access_token_minutes)

    def access_token(
        self, subject: UUID, session_id: UUID, now: datetime, machine: OfMachine | None = None
    ) -> str:
        """Return a signed token for a session just started or renewed, or for a machine's credential."""
        return issue(
            self.key_ring,
            subject=subject,
            session_id=session_id,
            issuer=self.settings.public_url,
            audience=self.settings.public_url,
            now=now,
            lifetime=self.access_lifetime,
            machine=machine,
        )

    def alarm(self, kind: str) -> None:
        """Count a security event and write it to the log; `kind` is a word, never a value that was sent."""
        self.metrics.security_events.labels(kind).inc()
        log.warning("security_event", kind=kind)


def new_refresh_token() -> str:
    """Return a random refresh token of 256 bits."""
    return secrets.token_urlsafe(REFRESH_TOKEN_BYTES)


def refresh_digest(token: str) -> bytes:
    """Return what is stored of a refresh token; it is random, so a plain digest keeps it secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def _office(request: Request) -> SignInOffice:
    state = request.app.state
    return SignInOffice(state.settings, state.key_ring, state.metrics)


Office = Annotated[SignInOffice, Depends(_office)]
