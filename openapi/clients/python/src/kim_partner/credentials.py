"""Who asks: a machine that signs (private_key_jwt), a machine with a secret, or a person with a password."""

import time
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote_plus
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

TOKENS = "/v1/oauth/token"
SESSIONS = "/v1/sessions"
_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What is posted to get a token."""

    path: str
    form: dict[str, str] | None = None
    json: dict[str, Any] | None = field(default=None, repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)


class Credential(Protocol):
    """Whatever can ask for a token."""

    def ask(self, issuer: str, scopes: tuple[str, ...]) -> TokenRequest:
        """Return a fresh request, for the server that calls itself `issuer`."""
        ...


@dataclass(frozen=True, slots=True)
class KeyCredential:
    """A machine with a private key on P-256; only signatures leave."""

    client_id: str
    private_key: str = field(repr=False)
    """As PEM."""
    kid: str | None = None
    """As the registration named it; without one, the thumbprint (RFC 7638), which is the same."""

    def ask(self, issuer: str, scopes: tuple[str, ...]) -> TokenRequest:
        """Return a request with a new assertion (RFC 7523), good once and for a minute."""
        key = ECKey.import_key(self.private_key)
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": issuer,
            "jti": str(uuid4()),
            "exp": int(time.time()) + _ASSERTION_SECONDS,
        }
        header = {"alg": "ES256", "kid": self.kid or key.thumbprint()}
        form = {**_form(scopes), "client_assertion_type": _JWT_BEARER}
        return TokenRequest(TOKENS, {**form, "client_assertion": jwt.encode(header, claims, key)})


@dataclass(frozen=True, slots=True)
class SecretCredential:
    """A machine with a secret, where an institution cannot sign."""

    client_id: str
    client_secret: str = field(repr=False)

    def ask(self, issuer: str, scopes: tuple[str, ...]) -> TokenRequest:
        """Return a request with the secret in the Authorization header."""
        del issuer
        # Encoded as in a form first (RFC 6749, 2.3.1).
        return TokenRequest(
            TOKENS, _form(scopes), basic=(quote_plus(self.client_id), quote_plus(self.client_secret))
        )


@dataclass(frozen=True, slots=True)
class PersonCredential:
    """A person of the institution: webhooks are given by people, not by machines."""

    email: str
    password: str = field(repr=False)
    area: str | None = None
    """Needed by who works in several areas."""

    def ask(self, issuer: str, scopes: tuple[str, ...]) -> TokenRequest:
        """Return a sign-in."""
        del issuer, scopes
        body = {"email": self.email, "password": self.password}
        return TokenRequest(SESSIONS, json=body if self.area is None else {**body, "area": self.area})


def _form(scopes: tuple[str, ...]) -> dict[str, str]:
    asked = {"scope": " ".join(scopes)} if scopes else {}
    return {"grant_type": "client_credentials", **asked}
