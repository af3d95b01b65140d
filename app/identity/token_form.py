"""The one form of an access token: compact, ES256, `at+jwt`, exactly eight claims, ten minutes at most.
A machine's carries its scopes besides, and the key that it is bound to where it asked for that (RFC 9449).

What stands in front of jose and what is asked of the claims behind it; no signature is checked here.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

LONGEST_LIFETIME = timedelta(minutes=10)
LONGEST_TOKEN = 4096  # characters
LONGEST_HEADER = 512  # characters, encoded

ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the media type of RFC 9068, no secret
CLAIM_NAMES = frozenset({"aud", "exp", "iat", "iss", "jti", "nbf", "sid", "sub"})
MACHINE_CLAIMS = frozenset({"client_id", "scope"})
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P256_BYTES = 32


class InvalidToken(Exception):
    """The token proves nothing; `reason` is a word for the security event, never a part of the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"invalid token: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class OfMachine:
    """What a token says of a machine: its scopes, and the thumbprint of the key it is bound to."""

    scopes: frozenset[str]
    jkt: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says; the session of a machine is the credential it got the token with."""

    subject: UUID
    session_id: UUID
    token_id: UUID
    valid_from: datetime
    expires_at: datetime
    machine: OfMachine | None = None


def key_named_in(token: str) -> str:
    """Return the `kid` of a token that has the one form; whether it is genuine is not known yet.

    Raises InvalidToken, or whatever Python's own parsers raise for what is not even text of that kind.
    """
    header, signature = opened(token, longest_header=LONGEST_HEADER)
    kid = header.get("kid")
    if not isinstance(kid, str) or header != {"alg": ALGORITHM, "kid": kid, "typ": TOKEN_TYPE}:
        raise InvalidToken("header")
    if len(signature) != 2 * P256_BYTES or signature != low_s(signature):
        raise InvalidToken("signature")
    return kid


def opened(token: str, *, longest_header: int) -> tuple[dict[str, Any], bytes]:
    """Return header and signature of what has the form, three canonical segments; neither is judged."""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise InvalidToken("malformed")
    header_segment, claims_segment, signature_segment = token.split(".")
    if len(header_segment) > longest_header:
        raise InvalidToken("header")
    header = json_object(decode(header_segment))
    decode(claims_segment)
    return header, decode(signature_segment)


def accepted_claims(claims: dict[str, Any], *, issuer: str, audience: str, now: float) -> Claims:
    """Return the claims of a genuine token when every one is there, ours and valid now (Unix seconds)."""
    further = claims.keys() - CLAIM_NAMES
    if claims.keys() - further != CLAIM_NAMES or claims["iss"] != issuer or claims["aud"] != audience:
        raise InvalidToken("claims")
    issued_at, valid_from, expires_at = claims["iat"], claims["nbf"], claims["exp"]
    if not all(type(number) is int for number in (issued_at, valid_from, expires_at)):
        raise InvalidToken("claims")
    longest = issued_at + int(LONGEST_LIFETIME.total_seconds())
    if not issued_at <= valid_from <= now < expires_at <= longest:
        raise InvalidToken("time")
    return Claims(
        subject=_uuid(claims["sub"]),
        session_id=_uuid(claims["sid"]),
        token_id=_uuid(claims["jti"]),
        valid_from=datetime.fromtimestamp(valid_from, UTC),
        expires_at=datetime.fromtimestamp(expires_at, UTC),
        machine=_of_machine(claims) if further else None,
    )


def _of_machine(claims: dict[str, Any]) -> OfMachine:
    names = claims.keys() - CLAIM_NAMES
    if names - {"cnf"} != MACHINE_CLAIMS or claims["client_id"] != claims["sub"]:
        raise InvalidToken("claims")
    if not isinstance(claims["scope"], str):
        raise InvalidToken("claims")
    return OfMachine(
        frozenset(claims["scope"].split(" ")), _thumbprint(claims["cnf"]) if "cnf" in names else None
    )


def _thumbprint(bound_to: Any) -> str:
    if not isinstance(bound_to, dict) or bound_to.keys() != {"jkt"}:
        raise InvalidToken("claims")
    if not isinstance(bound_to["jkt"], str) or not bound_to["jkt"]:
        raise InvalidToken("claims")
    return bound_to["jkt"]


def json_object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object in UTF-8 in which no name, at any depth, stands twice."""
    value = json.loads(raw.decode("utf-8"), object_pairs_hook=_without_duplicates)
    if not isinstance(value, dict):
        raise InvalidToken("malformed")
    return value


def low_s(signature: bytes) -> bytes:
    """Return the accepted one of two signatures: where (r, s) of ECDSA verifies, (r, -s) does as well."""
    s = int.from_bytes(signature[P256_BYTES:], "big")
    return signature[:P256_BYTES] + min(s, P256_ORDER - s).to_bytes(P256_BYTES, "big")


def encode(raw: bytes) -> str:
    """Encode as base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(segment: str) -> bytes:
    """Decode base64url in canonical form only: no padding, no foreign characters, trailing bits zero."""
    raw = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    if encode(raw) != segment:
        raise InvalidToken("malformed")
    return raw


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidToken("malformed")
    return members


def _uuid(text: str) -> UUID:
    value = UUID(text)
    if str(value) != text:
        raise InvalidToken("claims")
    return value
