"""Shapes of machines, their credentials and tokens."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.access.scopes import Scope
from app.identity.partner_systems.models import CredentialKind
from app.identity.partner_systems.rules import MOST_REQUESTS, USUAL_REQUESTS
from app.kit.schema import Input, Moment, Name, Read

Scopes = Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
Allowance = Annotated[int, Field(strict=True, ge=1, le=MOST_REQUESTS)]
Coordinate = Annotated[str, Field(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]

_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of a JWK that nobody but its owner may know (RFC 7518, 6)."""


class PartnerSystemCreate(Input):
    """A new machine of an institution; requests a minute are its own limit."""

    institution_id: UUID
    name: Name
    scopes: Scopes
    requests_per_minute: Allowance = USUAL_REQUESTS


class PartnerSystemChange(Input):
    """What changes of a machine; what is left out stays. Its institution never changes."""

    name: Name | None = None
    scopes: Scopes | None = None
    requests_per_minute: Allowance | None = None


class PartnerSystemRead(Read):
    """A machine of an institution; its id is the `client_id` with which it asks for tokens."""

    id: UUID
    institution_id: UUID
    institution_name: str
    name: str
    scopes: list[Scope]
    requests_per_minute: int
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    version: int


class JwkSent(Input):
    """The public half of a key on the curve P-256 (RFC 7517); a private one is refused."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate
    alg: Literal["ES256"] = "ES256"
    use: Literal["sig"] = "sig"

    @model_validator(mode="before")
    @classmethod
    def _is_public(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and _PRIVATE & sent.keys():
            raise PydanticCustomError(
                "private_key",
                "This is a private key and known to others now: send the public half of a new one",
            )
        return sent


class KeyRegister(Input):
    """A key of the machine, and until when it is good: a year, at most two."""

    jwk: JwkSent
    expires_at: Moment | None = None


class SecretCreate(Input):
    """A secret for a machine that cannot sign, and until when it is good: 90 days, at most 180."""

    expires_at: Moment | None = None


class PartnerSecret(Read):
    """A new secret. Shown this once; only a hash of it is kept."""

    id: UUID
    client_id: UUID
    client_secret: str
    expires_at: datetime


class PartnerCredentialRead(Read):
    """A key or secret without what it proves; `kid` is the thumbprint of a key (RFC 7638)."""

    id: UUID
    kind: CredentialKind
    kid: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    """When it last got a token."""


class TokenRead(Read):
    """An access token of a machine (RFC 6749, 5.1); `expires_in` in seconds."""

    access_token: str
    token_type: Literal["Bearer", "DPoP"]
    expires_in: int
    scope: str
